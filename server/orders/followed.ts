import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import { edgeOf, type ListPage } from './list.ts'

/** The common columns of drip-feeds and subscriptions in a customer's list. */
interface Followed {
  readonly id: bigint
  readonly serviceId: number
  readonly status: OrderStatus
  readonly ended: boolean
  readonly cancelAsked: boolean
  readonly link: string
  readonly placedAt: Date
}

export interface ListedDripFeed extends Followed {
  readonly quantity: bigint
  readonly remains: bigint
  readonly runs: number
  readonly runsDone: number
  readonly runQuantity: bigint
  readonly intervalMinutes: number
  /** Null: at once. It has a meaning only while another run is to start. */
  readonly nextRunAt: Date | null
  readonly runsStarted: number
}

// Running and ended orders are one step each into followed_orders_of_a_book. The kind is a literal, because a partial index is only used for values
// that are known when the statement is planned.
const pageOf = (kind: 'drip-feed' | 'subscription') => `
  select o.* from unnest($2::boolean[]) as w(ended) cross join lateral (
    select * from orders o where o.book_id = $1 and o.kind = '${kind}' and o.ended = w.ended and (o.placed_at, o.id) < ($3, $4)
    order by o.placed_at desc, o.id desc limit $5
  ) o order by o.placed_at desc, o.id desc limit $5`
const COMMON = `o.id, o.service_id as "serviceId", o.status, o.ended, o.cancel_asked_at is not null as "cancelAsked", o.link,
  o.placed_at as "placedAt"`

const DRIP_FEEDS = `
  select ${COMMON}, o.quantity, o.remains, d.runs, d.runs_started as "runsStarted", d.run_quantity as "runQuantity",
    d.interval_minutes as "intervalMinutes", d.next_run_at as "nextRunAt",
    (select count(*)::int from child_orders k join orders c on c.id = k.order_id where k.parent_id = o.id and c.ended) as "runsDone"
  from (${pageOf('drip-feed')}) o join drip_feeds d on d.order_id = o.id
  order by o.placed_at desc, o.id desc`

/** A book's drip-feeds, newest first: running ones, ended ones, or both. */
export function listDripFeeds(db: Queryable, bookId: number, ended: readonly boolean[], page: ListPage): Promise<ListedDripFeed[]> {
  return list(db, 'list drip-feeds', DRIP_FEEDS, bookId, ended, page)
}

export interface ListedSubscription extends Followed {
  readonly username: string
  readonly min: bigint
  readonly max: bigint
  /** Includes the posts that existed before it was ordered; null: until it is cancelled or expires. */
  readonly posts: number | null
  readonly delayMinutes: number
  /** yyyy-mm-dd. */
  readonly expiry: string | null
  readonly served: number
  /** The number of posts that were found and not charged yet. */
  readonly waiting: number
}

const SUBSCRIPTIONS = `
  select ${COMMON}, s.username, s.min, s.max, s.posts + s.old_posts as posts, s.delay_minutes as "delayMinutes", s.expiry::text, p.served, p.waiting
  from (${pageOf('subscription')}) o join subscriptions s on s.order_id = o.id
  cross join lateral (
    select count(order_id)::int as served, count(*) filter (where order_id is null and refused is null)::int as waiting
    from subscription_posts where subscription_id = o.id
  ) p
  order by o.placed_at desc, o.id desc`

/** A book's subscriptions, newest first: running ones, ended ones, or both. */
export function listSubscriptions(db: Queryable, bookId: number, ended: readonly boolean[], page: ListPage): Promise<ListedSubscription[]> {
  return list(db, 'list subscriptions', SUBSCRIPTIONS, bookId, ended, page)
}

async function list<Row extends Followed>(
  db: Queryable,
  name: string,
  text: string,
  bookId: number,
  ended: readonly boolean[],
  { before, most }: ListPage,
): Promise<Row[]> {
  const values = [bookId, ended, ...(await edgeOf(db, bookId, null, before)), most]
  return (await db.query<Row>({ name, text, values })).rows
}
