import type pg from 'pg'
import type { Subject } from './subject.ts'

export interface TableShape {
  /** quoted where it must be, ready for a statement: `public.orders` */
  readonly name: string
  /** the stored columns; the values of generated columns are computed anew */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly format: 'binary' | 'text'
}

export interface SequenceValue {
  readonly name: string
  readonly value: string
  readonly called: boolean
}

export async function listTables(client: pg.ClientBase, { leftOut = [] }: Subject): Promise<TableShape[]> {
  const { rows } = await client.query<TableShape>(ordinaryTables, [leftOut])
  return rows
}

export async function listSequences(client: pg.ClientBase): Promise<SequenceValue[]> {
  const { rows } = await client.query<{ name: string }>(sequences)
  const values: SequenceValue[] = []
  for (const { name } of rows) {
    const {
      rows: [state],
    } = await client.query<{ value: string; called: boolean }>(`select last_value::text as value, is_called as called from ${name}`)
    values.push({ name, ...state! })
  }
  return values
}

/** Returns an empty list where the table of migrations is missing: an empty database. */
export async function listMigrations(client: pg.ClientBase, { migrations }: Subject): Promise<string[]> {
  const {
    rows: [table],
  } = await client.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [migrations.table])
  if (!table?.exists) return []
  const { rows } = await client.query<{ name: string }>(migrations.inOrder)
  return rows.map(({ name }) => name)
}

export function columnList(table: TableShape): string {
  return table.columns.map(({ name }) => quoted(name)).join(', ')
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/**
 * Ordinary tables of `public` and their stored columns; not the unlogged ones, which a crash may empty anyway, nor an extension's,
 * nor those that the subject leaves out. Binary COPY names the types inside arrays and records by number, and one of our own types
 * has another number in each database, so such a table is copied as text.
 */
const ordinaryTables = `
  select format('%I.%I', n.nspname, c.relname) as name,
         coalesce(json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
           filter (where a.attname is not null), '[]') as columns,
         case when bool_and(t.oid is null or t.oid < 16384 or t.typtype = 'e' or (t.typtype = 'd' and t.typbasetype < 16384))
              then 'binary' else 'text' end as format
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    left join pg_type t on t.oid = a.atttypid
   where n.nspname = 'public' and c.relkind = 'r' and c.relpersistence = 'p'
     and format('%I.%I', n.nspname, c.relname) <> all ($1::text[])
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   group by c.oid, n.nspname, c.relname
   order by c.relname collate "C"`

const sequences = `
  select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and c.relkind = 'S' and c.relpersistence = 'p'
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
   order by c.relname collate "C"`
