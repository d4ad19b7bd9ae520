import { execFile } from 'node:child_process'
import { chown, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, inject, test } from 'vitest'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { migrate } from '../../server/db/migrate.ts'
import { explainedReach } from '../../server/db/reach.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { freshDatabase } from '../support/docket.ts'
import { freePort } from '../support/free-port.ts'
import { cleanUp, makeDirectory } from '../../packages/embedded-postgres/test/support/users.ts'
import { commandEnvironment, docket } from '../support/server-process.ts'

/** A start that fails: its exit code and the last line that it tells. */
function failedStart(settings: Record<string, string>, command: readonly string[] = ['serve']): Promise<{ code: number; told: string }> {
  return new Promise((resolve) => {
    const env = { ...commandEnvironment(), DOCKET_PORT: '0', ...settings }
    // A limit against hanging: none of these waits for anything.
    execFile(process.execPath, [docket, ...command], { env, timeout: 300_000 }, (error, _, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, told: stderr.trim() }),
    )
  })
}

describe('docket serve without a database that it can use ends with one sentence that names the setting and the way out', () => {
  afterEach(cleanUp)

  test.for([['serve'], ['audit'], ['migrate'], ['backup', 'never-made.docket']])(
    'nothing listens at DATABASE_URL (docket %s)',
    async (command) => {
      const port = await freePort()
      const { code, told } = await failedStart({ DATABASE_URL: `postgres://docket:secret@127.0.0.1:${port}/docket` }, command)

      expect(code).toBe(1)
      expect(told).toBe(
        `docket: The database at 127.0.0.1:${port} (DATABASE_URL) cannot be reached, nothing listens there: start PostgreSQL there or correct DATABASE_URL; without that setting Docket brings a PostgreSQL of its own.`,
      )
    },
  )

  test('the server has no such database', async () => {
    const { code, told } = await failedStart({ DATABASE_URL: withDatabase(inject('serverUrl'), 'nobody_made_it') })

    expect(code).toBe(1)
    expect(told).toMatch(
      /has no database "nobody_made_it", which DATABASE_URL names: make it with createdb nobody_made_it, or correct DATABASE_URL\.$/,
    )
  })

  test('the database is set to read-only', async () => {
    const url = await freshDatabase()
    await onServer(inject('serverUrl'), `alter database "${new URL(url).pathname.slice(1)}" set default_transaction_read_only = on`)
    const { code, told } = await failedStart({ DATABASE_URL: url })

    expect(code).toBe(1)
    expect(told).toMatch(/^docket: The database of DATABASE_URL is set to read-only/)
  })

  test.skipIf(process.platform === 'win32')('DATABASE_URL names a standby', async () => {
    const directory = await makeDirectory()
    const primary = await openEmbeddedDatabase({ directory })
    await migrate(primary.url)
    await primary.close()
    const { uid, gid } = await stat(join(directory, 'cluster'))
    const signal = join(directory, 'cluster', 'standby.signal')
    await writeFile(signal, '')
    await chown(signal, uid, gid)
    const standby = await openEmbeddedDatabase({ directory })

    const { code, told } = await failedStart({ DATABASE_URL: standby.url })
    await standby.close()
    expect(code).toBe(1)
    expect(told).toBe(
      'docket: DATABASE_URL names a standby, which can be read but not written: set it to the primary. (docket audit and docket backup may run on a standby.)',
    )
  })

  test.skipIf(process.platform !== 'linux')('DOCKET_DATA is where nobody can make a directory', async () => {
    const { code, told } = await failedStart({ DOCKET_DATA: '/proc/docket/data' })

    expect(code).toBe(1)
    expect(told).toMatch(
      /^docket: The database directory \/proc\/docket\/data cannot be used: .*choose another data directory \(ENOENT\)\.$/,
    )
  })
})

describe('a failed connection to DATABASE_URL', () => {
  const failed = (code: string, message: string) => Object.assign(new Error(message), { code, severity: 'FATAL' })
  test.for([
    [
      '28P01',
      'password authentication failed for user "docket"',
      /does not let the user "docket" of DATABASE_URL in .*correct user and password/,
    ],
    ['42501', 'permission denied for schema public', /may not make Docket's tables .*make it the owner of the database/],
    ['53300', 'sorry, too many clients already', /has no connection to spare .*raise its max_connections/],
    ['57P03', 'the database system is starting up', /is starting or stopping/],
    ['25006', 'cannot execute LISTEN during recovery', /names a standby/],
  ] as const)('%s is told in a sentence, without the password', ([code, message, sentence]) => {
    const told = explainedReach(failed(code, message), 'postgres://docket:geheim@db.internal/docket') as Error
    expect(told.message).toMatch(sentence)
    expect(told.message).not.toContain('geheim')
  })
})
