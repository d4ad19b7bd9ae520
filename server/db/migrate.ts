import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'

const directory = fileURLToPath(new URL('./migrations', import.meta.url))

/** Applies the numbered .sql files that are still missing, forward only, under an advisory lock: two nodes that start at
 * once are fine. With `upTo`, stops after that migration. Answers the names it applied. */
export async function migrate(connectionString: string, upTo?: string): Promise<string[]> {
  const client = new pg.Client({ connectionString, application_name: 'docket migrate' })
  await client.connect()
  try {
    const applied = await runner({
      dbClient: client,
      dir: directory,
      direction: 'up',
      migrationsTable: 'migrations',
      ...(upTo === undefined ? {} : { file: upTo }),
      singleTransaction: true,
      advisoryLockMode: 'wait',
      noLock: false,
      log: () => {},
    } as Parameters<typeof runner>[0])
    return applied.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}
