import { readConfig } from '../server/config.ts'
import { openDatabase } from '../server/db/database.ts'
import { type Database, openPool } from '../server/db/pool.ts'

/** Runs a command on the database, whether or not a server is using it: joins the embedded server that runs, or starts one for the duration of
 * the command. */
export async function withDatabase<T>(work: (db: Database, url: string) => Promise<T>): Promise<T> {
  const database = await openDatabase(readConfig())
  const db = openPool(database.url, { size: 3, name: 'docket cli' })
  try {
    return await work(db, database.url)
  } finally {
    await db.end()
    await database.close()
  }
}
