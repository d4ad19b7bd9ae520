import type { Config } from '../config.ts'
import { openEmbeddedDatabase } from './embedded.ts'
import { migrate } from './migrate.ts'

export interface OpenDatabase {
  readonly url: string
  readonly embedded: boolean
  close(): Promise<void>
}

/** The operator's own server where DATABASE_URL names one, else the embedded one in the data directory. Not yet migrated. */
export async function reachDatabase(config: Config, onEvent: (message: string) => void = () => {}): Promise<OpenDatabase> {
  if (config.databaseUrl !== undefined) return { url: config.databaseUrl, embedded: false, close: async () => {} }
  const embedded = await openEmbeddedDatabase({ directory: config.dataDirectory, onEvent })
  return { url: embedded.url, embedded: true, close: () => embedded.close() }
}

/** The same, brought to the newest migration. */
export async function openDatabase(config: Config, onEvent: (message: string) => void = () => {}): Promise<OpenDatabase> {
  const database = await reachDatabase(config, onEvent)
  try {
    const applied = await migrate(database.url)
    if (applied.length > 0) onEvent(`Applied ${applied.length} migrations, the newest is ${applied.at(-1)}`)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
