import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'

// No further than is told apart: ended orders by a step for each status, open ones by looking through them (docs/decisions/0014).
const TALLY = `
  select w.status, (
    select count(*)::int from (
      (select from orders o where o.book_id = $1 and o.ended and o.outcome = w.status limit $3)
      union all
      (select from orders o where o.book_id = $1 and not o.ended and o.status = w.status limit $3)
    ) o
  ) as count
  from unnest($2::order_status[]) as w(status)`

/** How many orders of a book have each of these statuses; `most` stands for that many or more. */
export async function tallyOrders(
  db: Queryable,
  bookId: number,
  statuses: readonly OrderStatus[],
  most: number,
): Promise<ReadonlyMap<OrderStatus, number>> {
  const values = [bookId, statuses, most]
  const { rows } = await db.query<{ status: OrderStatus; count: number }>({ name: 'tally orders', text: TALLY, values })
  return new Map(rows.map(({ status, count }) => [status, count]))
}
