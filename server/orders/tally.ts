import { finalStatuses, type OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'

// Three short statements at the same time instead of one (docs/decisions/0014): one look through the open orders for all their statuses,
// ended ones by their index alone. A tally with a step per status looked through the open orders once per status.
const OPEN = `
  select status, count(*)::int as count from (select status from orders where book_id = $1 and not ended limit $2) o group by status`
const ENDED = `
  select w.status, (select count(*)::int from (select from orders o where o.book_id = $1 and o.ended and o.outcome = w.status limit $2) o) as count
  from unnest($3::order_status[]) as w(status)`
const RUNS = `
  select status, -count(*)::int as count from (
    select o.status from orders d join child_orders c on c.parent_id = d.id join orders o on o.id = c.order_id
    where d.book_id = $1 and d.kind = 'drip-feed' limit $2
  ) o group by status`

interface Row {
  readonly status: OrderStatus
  readonly count: number
}

/** How many orders of a book have each status, runs of drip-feeds left out. `most` is where counting stops: that many or more. */
export async function tallyOrders(db: Queryable, bookId: number, most: number): Promise<ReadonlyMap<OrderStatus, number>> {
  const ask = async (name: string, text: string, ...more: unknown[]) =>
    (await db.query<Row>({ name, text, values: [bookId, most, ...more] })).rows
  const found = await Promise.all([
    ask('tally open orders', OPEN),
    ask('tally ended orders', ENDED, finalStatuses),
    ask('tally runs', RUNS),
  ])
  const tally = new Map<OrderStatus, number>()
  for (const { status, count } of found.flat()) tally.set(status, (tally.get(status) ?? 0) + count)
  return tally
}
