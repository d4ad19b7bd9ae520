import { setGuardsAside } from '@docket/embedded-postgres/guards'
import type { Queryable, Transaction } from './pool.ts'

/** One kind of rows as lines of JSON, by a table. */
export interface LineTable {
  readonly table: string
  readonly columns: readonly LineColumn[]
}

export interface LineColumn {
  readonly name: string
  /** As PostgreSQL calls it. */
  readonly type: string
}

const COLUMNS = `
  select c.relname as table, json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname = any($1::text[])
  group by 1`

/** The stored columns of these tables. */
export async function lineTables(db: Queryable, tables: readonly string[]): Promise<LineTable[]> {
  const { rows } = await db.query<LineTable>(COLUMNS, [tables])
  const found = new Map(rows.map((row) => [row.table, row]))
  return tables.map((table) => found.get(table)!)
}

const AT_ONCE = 5000

/** The rows of a table as lines, in pieces, within the caller's snapshot. Whole and exact numbers are texts, because JSON knows neither. */
export async function* readAsLines(tx: Queryable, { table, columns }: LineTable): AsyncGenerator<readonly string[]> {
  const values = columns
    .map(({ name, type }) => `t.${quoted(name)}${EXACT.has(type) || type.startsWith('numeric') ? '::text' : ''}`)
    .join(', ')
  const order = columns.slice(0, 2).map(({ name }) => `t.${quoted(name)}`).join(', ') // prettier-ignore
  await tx.query(`declare lines cursor for select row_to_json(r)::text as line from (select ${values} from ${table} t order by ${order}) r`)
  for (;;) {
    const { rows } = await tx.query<{ line: string }>(`fetch ${AT_ONCE} from lines`)
    if (rows.length === 0) break
    yield rows.map(({ line }) => line)
  }
  await tx.query('close lines')
}

const EXACT: ReadonlySet<string> = new Set(['bigint'])

/** Opens the tables for rows of another database, which are as they should be: no trigger counts or forbids them again. Answers what closes them. */
export async function openForLines(tx: Transaction, tables: readonly LineTable[]): Promise<() => Promise<void>> {
  await tx.query(`lock table ${tables.map(({ table }) => table).join(', ')} in access exclusive mode`)
  const close = await setGuardsAside(tx)
  for (const { table } of tables) await tx.query(`delete from ${table}`)
  return async () => {
    await close()
    for (const { table } of tables) {
      const { rows } = await tx.query<{ sequence: string | null }>(SEQUENCE, [table])
      if (rows[0]?.sequence) await tx.query(`select setval($1::regclass, greatest((select max(id) from ${table}), 1))`, [rows[0].sequence])
    }
  }
}

const SEQUENCE = `
  select pg_get_serial_sequence(c.relname, 'id') as sequence from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'id'
  where c.relname = $1 and c.relnamespace = 'public'::regnamespace`

/** Writes some lines into their table. `filled`: columns that the lines have not, as SQL over the row `t`. */
export async function writeLines(
  tx: Queryable,
  { table, columns }: LineTable,
  lines: readonly string[],
  filled: Readonly<Record<string, string>>,
): Promise<void> {
  const names = columns.map(({ name }) => name)
  const values = names.map((name) => filled[name] ?? `t.${quoted(name)}`)
  await tx.query(
    `insert into ${table} (${names.map(quoted).join(', ')}) overriding system value
     select ${values.join(', ')} from json_populate_recordset(null::${table}, $1::json) as t`,
    [`[${lines.join(',')}]`],
  )
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
