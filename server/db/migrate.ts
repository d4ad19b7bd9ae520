import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { RunnerOption } from 'node-pg-migrate'
import type pg from 'pg'
import { DatabaseClient } from './client.ts'
import { isConflict } from './pool.ts'
import { applyRoutines, knownRoutines, type RoutineSet, routinesStand } from './routines.ts'

const directory = fileURLToPath(new URL('./migrations', import.meta.url))

const CONNECT_WITHIN_MS = 10_000
const MOST_ATTEMPTS = 5

type Client = Pick<pg.ClientBase, 'query'>

/** The names, in the order in which they were applied. */
export interface Applied {
  readonly migrations: readonly string[]
  /** Functions, views and triggers that were made again or dropped: `function place_orders`. */
  readonly routines: readonly string[]
}

/** Applies the missing numbered .sql files, forward only, and then the routines whose files have changed, all in one transaction under an
 * advisory lock, so two nodes may start at once. With `upTo`, stops after the migration of that name and does not apply routines. */
export async function migrate(connectionString: string, upTo?: string, routines: RoutineSet = knownRoutines()): Promise<Applied> {
  const client = new DatabaseClient({ connectionString, application_name: 'docket migrate', connectionTimeoutMillis: CONNECT_WITHIN_MS })
  await client.connect()
  try {
    if (upTo !== undefined) return { migrations: await runUpTo(client, upTo), routines: [] }
    if (await isNewest(client, routines)) return { migrations: [], routines: [] }
    return await runAll(client, routines)
  } finally {
    await client.end()
  }
}

/** Most starts find nothing to apply, and then need not load the code that applies it. */
async function isNewest(client: Client, routines: RoutineSet): Promise<boolean> {
  const { rows } = await client.query<{ exists: boolean }>("select to_regclass('migrations') is not null as exists")
  if (!rows[0]!.exists) return false
  const applied = await client.query<{ name: string }>('select name from migrations')
  const names = applied.rows.map(({ name }) => name).toSorted()
  return names.join() === (await knownNames()).join() && (await routinesStand(client, routines))
}

async function runAll(client: Client, routines: RoutineSet): Promise<Applied> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await inOneTransaction(client, routines)
    } catch (error) {
      // A node of the previous version still runs, and the two may wait for each other's locks.
      if (!isConflict(error) || attempt === MOST_ATTEMPTS) throw error
    }
  }
}

async function inOneTransaction(client: Client, routines: RoutineSet): Promise<Applied> {
  const { PG_MIGRATE_LOCK_ID } = await import('node-pg-migrate')
  await client.query('begin')
  try {
    // This is node-pg-migrate's own lock, which versions of Docket without routines take too. It ends with the transaction, because one of a session
    // would stay behind on a pooler's connection.
    await client.query(`select pg_advisory_xact_lock(${PG_MIGRATE_LOCK_ID})`)
    const migrations = await run(withoutTransactions(client), { noLock: true })
    const applied = { migrations, routines: await applyRoutines(client, routines) }
    await client.query('commit')
    return applied
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** A client for node-pg-migrate that skips its `begin` and `commit`, because its own transaction would end before the routines are applied. */
function withoutTransactions(client: Client): Client {
  const query = (statement: string, values?: unknown[]) =>
    /^(BEGIN|COMMIT|ROLLBACK)$/.test(statement) ? Promise.resolve() : client.query(statement, values)
  return { query } as Client
}

async function runUpTo(client: Client, upTo: string): Promise<string[]> {
  const applied: string[] = []
  for (const name of await namesUpTo(upTo)) applied.push(...(await run(client, { file: name })))
  return applied
}

async function run(client: Client, which: Pick<RunnerOption, 'file' | 'noLock'>): Promise<string[]> {
  const { runner } = await import('node-pg-migrate')
  const applied = await runner({
    dbClient: client as pg.Client,
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
