import type { Config } from '../config.ts'
import { readDatabaseAddress } from '../database-address.ts'
import { openEmbeddedDatabase } from './embedded.ts'
import { migrate } from './migrate.ts'
import type { Queryable } from './pool.ts'
import { explainedReach, READ_ONLY, READS_ONLY, STANDBY } from './reach.ts'

export interface OpenDatabase {
  readonly url: string
  readonly embedded: boolean
  close(): Promise<void>
}

export type OnEvent = (message: string, level?: 'info' | 'warn') => void

/** Connects to the operator's own server where DATABASE_URL names one, else to the embedded one in the data directory. Does not migrate. */
export async function reachDatabase(config: Config, onEvent: OnEvent = () => {}): Promise<OpenDatabase> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, embedded: false, close: async () => {} }
  const embedded = await openEmbeddedDatabase({ directory: config.dataDirectory, onEvent })
  return { url: embedded.url, embedded: true, close: () => embedded.close() }
}

/** The same, migrated to the newest migration and routines. */
export async function openDatabase(config: Config, onEvent: OnEvent = () => {}): Promise<OpenDatabase> {
  const database = await reachDatabase(config, onEvent)
  try {
    const { migrations, routines } = await explainingReach(database, () => migrate(database.url))
    if (migrations.length > 0) onEvent(`Applied ${migrations.length} migrations, the newest is ${migrations.at(-1)}`)
    if (routines.length > 0) onEvent(`Applied ${routines.length} routines`)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}

/** Does the first work on a database. When the operator's own server cannot be used for it, throws an error whose sentence names the setting. */
export async function explainingReach<T>(database: OpenDatabase, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw database.embedded ? error : explainedReach(error, database.url)
  }
}

const MAY_WRITE = "select pg_is_in_recovery() as standby, current_setting('transaction_read_only') = 'on' as \"readOnly\""

/** A server process writes all the time: without this check it would fail later, with an error that does not name the cause. */
export async function refuseReadOnly(db: Queryable, databaseUrl: string): Promise<void> {
  const { hosts, wanted } = readDatabaseAddress(databaseUrl)
  if (wanted !== 'read-write' && wanted !== 'primary' && (hosts.length > 1 || wanted !== 'any')) throw new Error(READS_ONLY)
  const { rows } = await db.query<{ standby: boolean; readOnly: boolean }>(MAY_WRITE)
  if (rows[0]!.standby) throw new Error(STANDBY)
  if (rows[0]!.readOnly) throw new Error(READ_ONLY)
}
