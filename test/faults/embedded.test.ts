import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { ask, cleanUp, makeDirectory } from '../../packages/embedded-postgres/test/support/users.ts'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'

// How a server is started, shared and brought back is tested in packages/embedded-postgres/test; here is what Docket asks of it.
describe("Docket's own PostgreSQL", () => {
  afterEach(cleanUp)

  test('is set up for orders that are on the disk when they are answered', async () => {
    const database = await openEmbeddedDatabase({ directory: await makeDirectory() })
    const [settings] = await ask<Record<string, string>>(
      database.url,
      `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages, current_setting('synchronous_commit') as commit,
              current_setting('shared_buffers') as buffers, current_setting('max_connections') as connections, current_setting('jit') as jit,
              current_setting('max_wal_size') as log, current_setting('random_page_cost') as cost, current_setting('timezone') as zone`,
    )
    expect(settings).toEqual({
      fsync: 'on',
      pages: 'on',
      commit: 'on',
      buffers: '256MB',
      connections: '300',
      jit: 'off',
      log: '2GB',
      cost: '1.1',
      zone: 'UTC',
    })
    await database.close()
  })

  test('bears the names by which directories of earlier versions are known', async () => {
    const directory = await makeDirectory()
    const database = await openEmbeddedDatabase({ directory })
    expect(
      await ask(database.url, `select current_database() as database, current_user as role, current_setting('cluster_name') as cluster`),
    ).toEqual([{ database: 'docket', role: 'docket', cluster: 'docket' }])
    expect(await readdir(join(directory, 'cluster'))).toEqual(expect.arrayContaining(['docket.conf', 'docket.password']))
    await database.close()
  })

  test('tells in sentences of Docket what keeps it away', async () => {
    const directory = await makeDirectory()
    await (await openEmbeddedDatabase({ directory })).close()
    await writeFile(join(directory, 'cluster', 'PG_VERSION'), '15\n')
    await expect(openEmbeddedDatabase({ directory })).rejects.toThrow(
      `The database in ${join(directory, 'cluster')} was made by PostgreSQL 15, and this Docket brings PostgreSQL 18: make a backup with the Docket that made it, move the directory away, and restore the backup here.`,
    )

    await writeFile(join(directory, 'PG_VERSION'), '18\n')
    await expect(openEmbeddedDatabase({ directory })).rejects.toThrow(
      `${directory} is itself a PostgreSQL cluster, not one of Docket's: choose another data directory, or run that server yourself and set DATABASE_URL to it.`,
    )
  })
})
