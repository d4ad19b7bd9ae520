import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'

/** An order as a list of a customer's own shows it. Money in units of 10⁻⁵. */
export interface ListedOrder {
  readonly id: bigint
  readonly serviceId: number
  readonly kind: string
  readonly status: OrderStatus
  readonly link: string
  readonly quantity: bigint
  /** What was kept of its charge. */
  readonly kept: bigint
  readonly remains: bigint
  readonly placedAt: Date
}

/** A page of a list: orders before this one, or from the newest. */
export interface ListPage {
  readonly before: bigint | null
  readonly most: number
}

const COLUMNS = `o.id, o.service_id as "serviceId", o.kind, o.status, o.link, o.quantity, o.charge - o.refunded as kept, o.remains,
  o.placed_at as "placedAt"`
const NEWEST = 9_223_372_036_854_775_807n

// A step into orders_of_a_book for each status, then the newest of what they found: however many orders the book has
// (docs/decisions/0012).
const LIST = `
  select ${COLUMNS} from unnest($2::order_status[]) as w(status)
  cross join lateral (
    select * from orders o where o.book_id = $1 and o.status = w.status and o.id < $3 order by o.id desc limit $4
  ) o
  order by o.id desc limit $4`

/** A book's orders of these statuses, newest first. */
export async function listOrders(db: Queryable, bookId: number, statuses: readonly OrderStatus[], page: ListPage): Promise<ListedOrder[]> {
  const values = [bookId, statuses, page.before ?? NEWEST, page.most]
  return (await db.query<ListedOrder>({ name: 'list orders', text: LIST, values })).rows
}

// Ended ones by their index; open ones are looked through, newest first.
const FIND = `
  select ${COLUMNS} from (
    select * from orders where id = $2 and book_id = $1 and id < $4
    union
    (select * from orders o where o.book_id = $1 and md5(o.link) = md5($3) and o.link = $3 and o.ended and o.id < $4 order by o.id desc limit $5)
    union
    (select * from orders o where o.book_id = $1 and o.status = any('{Pending,Processing,In progress,Active,Paused}') and o.link = $3 and o.id < $4
     order by o.id desc limit $5)
  ) o
  where o.status = any($6::order_status[])
  order by o.id desc limit $5`

/** A book's orders by number or by their very link, newest first. */
export async function findOrders(
  db: Queryable,
  bookId: number,
  text: string,
  statuses: readonly OrderStatus[],
  page: ListPage,
): Promise<ListedOrder[]> {
  const id = /^\d{1,18}$/.test(text) ? text : null
  const values = [bookId, id, text, page.before ?? NEWEST, page.most, statuses]
  return (await db.query<ListedOrder>({ name: 'find orders', text: FIND, values })).rows
}
