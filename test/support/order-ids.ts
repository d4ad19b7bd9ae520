import type { Queryable } from '../../server/db/pool.ts'

/** For tests that store orders by hand: the counter of order ids goes on above them. */
export async function countOrderIds(db: Queryable): Promise<void> {
  await db.query('update order_ids set next = greatest(next, (select max(id) + 1 from orders))')
}
