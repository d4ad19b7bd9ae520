import type { Database } from '../../server/db/pool.ts'

/** The names of all tables, ready to paste into SQL. */
export async function everyTable(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  )
  return rows.map((row) => row.name)
}

const COUNTED_BY_THE_NODE: ReadonlySet<string> = new Set(['key_calls', 'api_minutes', 'api_hours'])

/** The tables that change only because somebody asked for it: all but the counts of calls, which a node writes a while after the calls. */
export async function tablesOfChanges(db: Database): Promise<string[]> {
  return (await everyTable(db)).filter((table) => !COUNTED_BY_THE_NODE.has(table))
}

/** How many rows each table has, without the counts of calls. */
export async function rowCounts(db: Database): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await tablesOfChanges(db)) {
    const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from ${table}`)
    counts[table] = rows[0]!.count
  }
  return counts
}
