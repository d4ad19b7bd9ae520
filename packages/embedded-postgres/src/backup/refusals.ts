import type pg from 'pg'
import { listMigrations, listTables, type TableShape } from './contents.ts'
import type { Head } from './file.ts'
import type { Subject } from './subject.ts'

const mostSeededRows = 100

/**
 * Rows that a migration inserted, such as the one row of settings, have the same transaction as the note of that migration;
 * PostgreSQL keeps each row's transaction in `xmin`. Any other row was written by a user, and so was a setting that was changed.
 * Only a few such rows are accepted: a database that pg_restore filled in one transaction looks the same, and must not be taken for
 * empty.
 */
export async function refuseRows(client: pg.ClientBase, subject: Subject): Promise<void> {
  const migrations = subject.migrations.table
  const migrated = (await listMigrations(client, subject)).length > 0
  for (const { name } of await listTables(client, subject)) {
    if (name === migrations) continue
    const foreign = migrated ? `where xmin::text not in (select xmin::text from ${migrations})` : ''
    const {
      rows: [found],
    } = await client.query<{ holds: boolean }>(
      `select exists (select from ${name} ${foreign}) or exists (select from ${name} offset ${mostSeededRows}) as holds`,
    )
    if (found?.holds) {
      throw new Error(
        `The database is not empty, ${name} holds rows: restore into a new database or an empty data directory. Nothing was changed.`,
      )
    }
  }
}

/** Migrations run forwards only, and one that was skipped would not convert the restored rows. */
export async function refuseNewerSchema(client: pg.ClientBase, subject: Subject, head: Head): Promise<void> {
  const extra = (await listMigrations(client, subject)).find((name, index) => head.migrations[index] !== name)
  if (extra === undefined) return
  throw new Error(
    `The database already has the migration ${extra}, which the backup has not (its last is ${head.migrations.at(-1)}): restore into a new database or an empty data directory. Nothing was changed.`,
  )
}

export async function refuseOtherForm(client: pg.ClientBase, subject: Subject, head: Head): Promise<void> {
  const reached = (await listMigrations(client, subject)).at(-1)
  if (reached !== head.migrations.at(-1)) {
    throw new Error(
      `The backup was made at the migration ${head.migrations.at(-1)}, which this ${subject.title} does not reach (${reached}): update ${subject.title} to the version that made the backup, or a later one.`,
    )
  }
  const tables = await listTables(client, subject)
  for (const { name, columns } of head.tables) {
    const here = tables.find((table) => table.name === name)
    if (form(here?.columns) !== form(columns))
      throw new Error(
        `The table ${name} is not the one of the backup (here: ${form(here?.columns) || 'missing'}; there: ${form(columns)}). No row was changed.`,
      )
  }
}

function form(columns: TableShape['columns'] = []): string {
  const told = columns.map(({ name, type }) => `${name} ${type}`)
  return told.toSorted().join(', ')
}
