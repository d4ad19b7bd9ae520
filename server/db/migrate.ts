import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { RunnerOption } from 'node-pg-migrate'
import pg from 'pg'
import { prepareSession } from './session.ts'

const directory = fileURLToPath(new URL('./migrations', import.meta.url))

const CONNECT_WITHIN_MS = 10_000

/** Applies the numbered .sql files that are still missing, forward only, under an advisory lock: two nodes that start at
 * once are fine. With `upTo`, stops after the migration of that name. Answers the names it applied. */
export async function migrate(connectionString: string, upTo?: string): Promise<string[]> {
  const client = new pg.Client({ connectionString, application_name: 'docket migrate', connectionTimeoutMillis: CONNECT_WITHIN_MS })
  // A server that goes away fails the statement that is under way, and must not become an unhandled error as well.
  client.on('error', () => {})
  await client.connect()
  try {
    await prepareSession(client)
    if (upTo === undefined) return (await isNewest(client)) ? [] : await run(client, {})
    const applied: string[] = []
    for (const name of await namesUpTo(upTo)) applied.push(...(await run(client, { file: name })))
    return applied
  } finally {
    await client.end()
  }
}

/** Most starts find nothing to apply, and need not load what applies it. */
async function isNewest(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>("select to_regclass('migrations') is not null as exists")
  if (!rows[0]!.exists) return false
  const applied = await client.query<{ name: string }>('select name from migrations')
  return (
    applied.rows
      .map(({ name }) => name)
      .toSorted()
      .join() === (await knownNames()).join()
  )
}

async function run(client: pg.Client, which: Pick<RunnerOption, 'file'>): Promise<string[]> {
  const { runner } = await import('node-pg-migrate')
  const applied = await runner({
    dbClient: client,
    dir: directory,
    direction: 'up',
    migrationsTable: 'migrations',
    singleTransaction: true,
    advisoryLockMode: 'wait',
    log: () => {},
    ...which,
  })
  return applied.map((migration) => migration.name)
}

async function namesUpTo(last: string): Promise<string[]> {
  const names = await knownNames()
  if (!names.includes(last)) throw new Error(`This version of Docket does not know the migration ${last}: use a newer one.`)
  return names.slice(0, names.indexOf(last) + 1)
}

async function knownNames(): Promise<string[]> {
  return (await readdir(directory)).map((file) => file.replace(/\.sql$/, '')).toSorted()
}
