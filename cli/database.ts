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

/** For a command that reads much and changes nothing: on the standby of DATABASE_READ_URL, as soon as it has what the primary had when the command
 * began; on the primary, with a word why, where it has not. */
export async function withDatabaseToRead<T>(work: (db: Database) => Promise<T>): Promise<T> {
  const { databaseReadUrl: readUrl } = readConfig()
  return withDatabase(async (db) => {
    if (readUrl === undefined) return work(db)
    const { standbyWith } = await import('../server/db/long-reads.ts')
    const standby = openPool(readUrl, { size: 3, name: 'docket cli' })
    try {
      const why = await standbyWith(db, standby)
      if (why !== undefined) process.stderr.write(`docket: DATABASE_READ_URL is not used, ${why}: read from DATABASE_URL\n`)
      return await work(why === undefined ? standby : db)
    } finally {
      await standby.end()
    }
  })
}
