import type { Database } from '../../server/db/pool.ts'

/** The names of all tables, ready to paste into SQL. */
export async function everyTable(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `select quote_ident(relname) as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
  )
  return rows.map((row) => row.name)
}

/** How many rows each table has. */
export async function rowCounts(db: Database): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const table of await everyTable(db)) {
    const { rows } = await db.query<{ count: number }>(`select count(*)::int as count from ${table}`)
    counts[table] = rows[0]!.count
  }
  return counts
}
