import type { Queryable } from '../db/pool.ts'
import { type BrowsedLine, findLine } from '../ledger/browse.ts'

// The charge stands in the order; each kind of refund has an index by order.
const LINES = `
  select book_id as book, line from orders where id = $1 and line is not null
  union all select book_id, line from transfers where order_id = $1 and cause = 'refund'
  union all select book_id, line from transfers where order_id = $1 and cause not in ('deposit', 'charge', 'refund', 'correction')
  limit 50`

/** What was charged for an order, and what was given back. */
export async function linesOfOrder(db: Queryable, orderId: bigint): Promise<BrowsedLine[]> {
  const { rows } = await db.query<{ book: number; line: bigint }>({ name: 'lines of an order', text: LINES, values: [orderId] })
  const lines = await Promise.all(rows.map(({ book, line }) => findLine(db, book, line)))
  return lines.filter((line) => line !== undefined).toSorted((a, b) => Number(a.line - b.line))
}
