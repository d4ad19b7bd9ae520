import type { Queryable } from '../db/pool.ts'

/** The amount that a book has paid for orders that have not ended: some of it may be refunded. */
export interface Held {
  readonly units: bigint
  /** More orders are under way than were read. */
  readonly isMore: boolean
}

const MOST_ORDERS = 2000
// The open orders, newest first; subscriptions themselves cost nothing.
const HELD = `
  select coalesce(sum(o.kept), 0)::bigint as units, count(*) > $2 as "isMore" from (
    select o.charge - o.refunded as kept from orders o
    where o.book_id = $1 and not o.ended order by o.placed_at desc limit $2 + 1
  ) o`

export async function readHeld(db: Queryable, bookId: number): Promise<Held> {
  return (await db.query<Held>({ name: 'held', text: HELD, values: [bookId, MOST_ORDERS] })).rows[0]!
}
