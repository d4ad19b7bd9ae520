import { numberArray, textArray } from '../db/arrays.ts'
import type { Queryable } from '../db/pool.ts'
import type { PricedOrder } from './priced-order.ts'

const ACTIVE_ORDERS = `
  select t.n::int from unnest($2::int[], $3::text[]) with ordinality as t(service, link, n)
  where exists (
    select from orders o
    where o.book_id = $1 and o.service_id = t.service and md5(coalesce(o.active_link, o.link)) = md5(t.link) and o.one_active_link
      and not o.ended offset 0)`

/** The parts of an order that can conflict with another order. */
type Linked = Pick<PricedOrder, 'bookId' | 'serviceId' | 'activeLink'>

/** Returns the places, in the list, of the wanted orders for whose link the book has an unfinished order of the same service. place_orders()
 * checks the same under its lock. */
export async function activeLinksAmong(db: Queryable, bookId: number, orders: readonly Linked[]): Promise<ReadonlySet<number>> {
  const values = [bookId, numberArray(orders.map((order) => order.serviceId)), textArray(orders.map((order) => order.activeLink))]
  const { rows } = await db.query<{ n: number }>({ name: 'active orders', text: ACTIVE_ORDERS, values })
  return new Set(rows.map((row) => row.n - 1))
}

/** Whether the customer has an unfinished order of this service for this link. */
export async function hasActiveOrderFor(db: Queryable, order: Linked): Promise<boolean> {
  return (await activeLinksAmong(db, order.bookId, [order])).size > 0
}
