import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import { columnList, listMigrations, listSequences, listTables, type TableShape } from './backup/contents.ts'
import { contentOf, readBackup, writeBackup, type Head, type TableData, type Tail } from './backup/file.ts'
import { setGuardsAside } from './backup/guards.ts'
import { refuseNewerSchema, refuseOtherForm, refuseRows } from './backup/refusals.ts'
import type { Subject } from './backup/subject.ts'

export interface BackupReport {
  readonly tables: number
  readonly rows: number
  /** size of the file */
  readonly bytes: number
}

export interface BackupProgress {
  readonly table: string
  readonly tablesDone: number
  readonly tables: number
  readonly rows: number
}

export type OnProgress = (progress: BackupProgress) => void

export interface BackupOptions {
  readonly of: Subject
  readonly onProgress?: OnProgress
}

export interface RestoreOptions extends BackupOptions {
  /** brings the schema to the migration of that name, or to the newest when asked for `latest` */
  readonly migrate: (upTo: string) => Promise<void>
}

/** Writes all of schema `public`, as of one moment, to one file; the application continues to run meanwhile. */
export async function backupTo(pool: pg.Pool, file: string, { of, onProgress = () => {} }: BackupOptions): Promise<BackupReport> {
  return withClient(pool, async (client) => {
    const tables = await beginSnapshot(client, of)
    const head: Head = {
      madeAt: new Date().toISOString(),
      madeOn: await serverVersion(client),
      migrations: await listMigrations(client, of),
      tables,
      sequences: await listSequences(client),
    }
    if (head.migrations.length === 0)
      throw new Error(`This database holds no ${of.title}: it has no migrations, so there is nothing to back up.`)
    let rows = 0
    const bytes = await writeBackup(
      file,
      contentOf(
        of,
        head,
        tableData(client, tables, (table, count, index) => {
          rows += count
          onProgress({ table, tablesDone: index + 1, tables: tables.length, rows })
        }),
      ),
    )
    await client.query('commit')
    return { tables: tables.length, rows, bytes }
  })
}

/** Loads a backup into a database that has no rows except those of its migrations, in one transaction: all of it or nothing. */
export async function restoreFrom(pool: pg.Pool, file: string, options: RestoreOptions): Promise<BackupReport> {
  const { of, migrate } = options
  // The file is read once to its end before anything is changed: its checksum is at the end.
  const { head, tail } = await readBackup(of, file, { table: async () => {} })
  await withClient(pool, async (client) => {
    await refuseRows(client, of)
    await refuseNewerSchema(client, of, head)
  })
  await migrate(head.migrations.at(-1)!)
  await withClient(pool, (client) => load(client, file, head, tail, options))
  await migrate('latest')
  await withClient(pool, (client) => client.query('analyze'))
  return { tables: head.tables.length, rows: total(tail.rows), bytes: (await stat(file)).size }
}

/** The tables are locked against schema changes before the snapshot is taken, so that the list of tables matches the data. */
async function beginSnapshot(client: pg.ClientBase, subject: Subject): Promise<TableShape[]> {
  for (let attempt = 1; ; attempt += 1) {
    await client.query('begin')
    await client.query(sessionForCopy)
    const before = await listTables(client, subject)
    await client.query('commit')
    await client.query('begin isolation level repeatable read read only')
    await client.query(sessionForCopy)
    // LOCK does not take the snapshot yet; the first query after it does.
    if (before.length > 0) await client.query(`lock table ${before.map(({ name }) => name).join(', ')} in access share mode`)
    const tables = await listTables(client, subject)
    if (JSON.stringify(tables) === JSON.stringify(before)) return tables
    await client.query('rollback')
    if (attempt === 3) throw new Error('The tables are being changed by a migration: wait for it to end, then make the backup again.')
  }
}

function* tableData(
  client: pg.ClientBase,
  tables: TableShape[],
  onTable: (table: string, rows: number, index: number) => void,
): Generator<TableData> {
  for (const [index, table] of tables.entries()) {
    const stream = client.query(copyTo(`copy ${table.name} (${columnList(table)}) to stdout (format ${table.format})`))
    yield { blocks: stream, count: () => stream.rowCount }
    onTable(table.name, stream.rowCount, index)
  }
}

async function load(client: pg.ClientBase, file: string, head: Head, tail: Tail, { of, onProgress }: BackupOptions): Promise<void> {
  await client.query('begin')
  await client.query(sessionForCopy)
  await refuseOtherForm(client, of, head)
  await client.query(`lock table ${head.tables.map(({ name }) => name).join(', ')} in access exclusive mode`)
  await refuseRows(client, of)
  const putGuardsBack = await setGuardsAside(client)
  for (const { name } of head.tables) if (name !== of.migrations.table) await client.query(`delete from ${name}`)

  let rows = 0
  await readBackup(of, file, {
    head: async (again) => {
      if (JSON.stringify(again) !== JSON.stringify(head)) throw new Error(`The backup ${file} changed while it was read: begin again.`)
    },
    table: async (index, table, blocks) => {
      const count = await (table.name === of.migrations.table ? loadMigrations : loadTable)(client, table, blocks)
      if (count !== tail.rows[index]) throw new Error(`${table.name} took ${count} rows of ${tail.rows[index]}. Nothing was changed.`)
      rows += count
      onProgress?.({ table: table.name, tablesDone: index + 1, tables: head.tables.length, rows })
    },
  })
  await putGuardsBack()
  for (const { name, value, called } of head.sequences)
    await client.query('select setval($1::regclass, $2::bigint, $3)', [name, value, called])
  await client.query('commit')
}

async function loadTable(client: pg.ClientBase, table: TableShape, blocks: AsyncGenerator<Buffer>): Promise<number> {
  const sink = client.query(copyFrom(`copy ${table.name} (${columnList(table)}) from stdin (format ${table.format})`))
  await pipeline(Readable.from(blocks), sink)
  return sink.rowCount
}

/**
 * Runs under a savepoint, so that these rows come from another (sub)transaction than all the others. Otherwise the next restore
 * would take all rows of this one for rows that migrations had inserted, see `refuseRows`.
 */
async function loadMigrations(client: pg.ClientBase, table: TableShape, blocks: AsyncGenerator<Buffer>): Promise<number> {
  await client.query('savepoint migrations')
  await client.query(`delete from ${table.name}`)
  const count = await loadTable(client, table, blocks)
  await client.query('release savepoint migrations')
  return count
}

async function serverVersion(client: pg.ClientBase): Promise<string> {
  const {
    rows: [setting],
  } = await client.query<{ version: string }>(`select current_setting('server_version') as version`)
  return setting?.version ?? ''
}

/** A client that failed is not returned to the pool: it may still be inside a COPY. */
async function withClient<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await work(client)
    client.release()
    return result
  } catch (error) {
    client.release(true)
    throw error
  }
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0)
}

/** A pool's time limits are for an application's short statements; text settings must be the same on both ends. */
const sessionForCopy = `
  set local statement_timeout = 0;
  set local idle_in_transaction_session_timeout = 0;
  set local lock_timeout = '30s';
  set local datestyle = 'ISO, YMD';
  set local intervalstyle = 'iso_8601';
  set local extra_float_digits = 1;
  set local search_path = public, pg_catalog`
