import type { Queryable } from '../db/pool.ts'

const HEADS = `
  select b.id, b.lines || '-' || coalesce(f.changes, 0) as head from books b left join feeds f on f.book_id = b.id
  where b.id = any($1::int[])`

/** The state of each book: the number of its ledger lines and of its feed's changes. If both are equal, nothing has happened. */
export async function headsOf(db: Queryable, bookIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
  const { rows } = await db.query<{ id: number; head: string }>({ name: 'heads of books', text: HEADS, values: [bookIds] })
  return new Map(rows.map((row) => [row.id, row.head]))
}
