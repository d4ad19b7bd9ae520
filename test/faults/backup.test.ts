import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { backupTo, restoreFrom } from '@docket/embedded-postgres/backup'
import { afterAll, expect, inject, test } from 'vitest'
import { cleanUp, makeDirectory } from '../../packages/embedded-postgres/test/support/users.ts'
import { fingerprintOf } from '../../packages/embedded-postgres/test/support/small-shop.ts'
import { docketData as of } from '../../server/db/backup.ts'
import { migrate } from '../../server/db/migrate.ts'
import { openPool } from '../../server/db/pool.ts'
import { onServer, withDatabase } from '../support/database-server.ts'

afterAll(cleanUp)

test('a backup carries the schema as it is today, in a file that each version of Docket reads', async () => {
  const file = join(await makeDirectory(), 'today.backup')
  const [source, target] = await Promise.all([makeDatabase(), makeDatabase()])
  await migrate(source)
  await migrate(target)
  const [from, to] = [openPool(source, { size: 2 }), openPool(target, { size: 2 })]

  await backupTo(from, file, { of })
  await restoreFrom(to, file, { of, migrate: async () => void (await migrate(target)) })

  // Each database has made its functions itself, at another moment: the same ones.
  const { routines: _there, ...there } = await fingerprintOf(source)
  const { routines: _here, ...here } = await fingerprintOf(target)
  expect(here).toEqual(there)
  const routinesOf = async (url: string) => (await onServer(url, 'select name, hash, revision from routines order by name')).rows
  expect(await routinesOf(target)).toEqual(await routinesOf(source))
  expect(gunzipSync(await readFile(file)).toString('latin1')).toMatch(
    /^\{"docketBackup":1,"madeAt":"[^"]+","madeOn":"[^"]+","migrations":\["/,
  )
  await Promise.all([from.end(), to.end()])
})

/** Those that begin with the template's name are dropped when the run ends. */
async function makeDatabase(): Promise<string> {
  const name = `${inject('template')}_${randomBytes(4).toString('hex')}`
  await onServer(inject('serverUrl'), `create database "${name}" template template0 encoding 'UTF8'`)
  return withDatabase(inject('serverUrl'), name)
}
