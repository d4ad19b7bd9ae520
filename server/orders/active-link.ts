import type { Queryable } from '../db/pool.ts'
import type { PricedOrder } from './place.ts'

const ACTIVE_ORDER = `
  select from orders
  where book_id = $1 and service_id = $2 and md5(link) = md5($3) and one_active_link and not ended`

/** Whether the customer has an unfinished order of this service for this link; place_orders() asks the same under its lock. */
export async function hasActiveOrderFor(db: Queryable, order: PricedOrder): Promise<boolean> {
  const { rowCount } = await db.query({ name: 'active order', text: ACTIVE_ORDER, values: [order.bookId, order.serviceId, order.link] })
  return rowCount !== 0
}
