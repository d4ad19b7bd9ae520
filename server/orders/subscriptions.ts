import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { ADD_EVENT } from './events.ts'

interface Subscription {
  id: bigint
  status: string
  /** True when its supplier watches for posts itself. */
  sent: boolean
  min: bigint
  max: bigint
  posts: number | null
  oldPosts: number
  delayMinutes: number
  found: number
}

const SUBSCRIPTION = `
  select o.id, o.status::text, o.sent, s.min, s.max, s.posts, s.old_posts as "oldPosts", s.delay_minutes as "delayMinutes",
    (select count(*)::int from subscription_posts p where p.subscription_id = o.id) as found
  from orders o join subscriptions s on s.order_id = o.id where o.id = $1 for no key update of o`
const ADD_POST = `
  insert into subscription_posts (subscription_id, post, number, quantity, due_at) values ($1, $2, $3, $4, $5)
  on conflict (subscription_id, post) do nothing`

export interface Found {
  /** The number of posts that were new to the subscription and will be served. */
  readonly taken: number
  /** The number of posts that it knew already, or has no room for. */
  readonly passedOver: number
}

/** Adds posts that a watcher, a supplier or staff found to a subscription; a repeated post counts once. Each is served after the subscription's
 * delay, with a quantity between its min and max. Throws a Refusal when there is no such open subscription. */
export function feedPosts(db: Database | Transaction, subscriptionId: bigint, posts: readonly string[], now: Date): Promise<Found> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<Subscription>(SUBSCRIPTION, [subscriptionId])
    const subscription = rows[0]
    if (!subscription) throw refuse('no_subscription', subscriptionId)
    if (!['Active', 'Paused'].includes(subscription.status)) {
      throw refuse('subscription_ended', subscriptionId, subscription.status)
    }
    if (subscription.sent) {
      throw refuse('watched_by_supplier', subscriptionId)
    }
    const room = subscription.posts === null ? Infinity : subscription.posts + subscription.oldPosts - subscription.found
    const dueAt = new Date(now.getTime() + subscription.delayMinutes * 60_000)
    let taken = 0
    for (const post of posts) {
      if (taken >= room) break
      const values = [subscriptionId, post, subscription.found + taken + 1, between(subscription.min, subscription.max), dueAt]
      const { rowCount } = await tx.query(ADD_POST, values)
      taken += rowCount ?? 0
    }
    return { taken, passedOver: posts.length - taken }
  })
}

function between(min: bigint, max: bigint): bigint {
  return min + BigInt(Math.floor(Math.random() * Number(max - min + 1n)))
}

/** A post whose order is due, with the data to price and place it. */
export interface DuePost {
  readonly subscriptionId: bigint
  readonly post: string
  readonly number: number
  readonly quantity: bigint
  readonly link: string
  /** For a child order that a supplier has made already: that supplier. */
  readonly theirs: number | null
  readonly bookId: number
  readonly accountId: number
  readonly serviceId: number
  readonly test: boolean
}

// A subscription's posts are served in their order, one at a time, so that a low balance stops at the first post that it cannot pay.
const DUE_POSTS = `
  select distinct on (p.subscription_id) p.subscription_id as "subscriptionId", p.post, p.number, p.quantity, coalesce(p.link, case when p.reference is null then p.post else o.link end) as link,
    p.supplier_id as theirs, o.book_id as "bookId",
    b.account_id as "accountId", o.service_id as "serviceId", b.play as test
  from subscription_posts p join orders o on o.id = p.subscription_id join books b on b.id = o.book_id
  join accounts a on a.id = b.account_id and a.suspended_at is null
  where p.order_id is null and p.refused is null and p.quantity is not null and p.due_at <= $1 and o.status = 'Active'
  order by p.subscription_id, p.number limit 200`

export async function readDuePosts(db: Queryable, now: Date): Promise<DuePost[]> {
  return (await db.query<DuePost>({ name: 'due posts', text: DUE_POSTS, values: [now] })).rows
}

const NOTE_CHILD = `
  with child as (insert into child_orders (order_id, parent_id, number) values ($3, $1, $4) on conflict (order_id) do nothing),
    -- Placed by a version that did not write it down, before a crash.
    order_of_it as (update orders set parent_id = $1, origin = 'post' where id = $3 and origin is null)
  update subscription_posts set order_id = $3 where subscription_id = $1 and post = $2`

/** Records that the post's order was placed. A repeated call changes nothing. */
export async function noteChild(db: Queryable, due: DuePost, orderId: bigint): Promise<void> {
  await db.query(NOTE_CHILD, [due.subscriptionId, due.post, orderId, due.number])
}

const REFUSE_POST = 'update subscription_posts set refused = $3 where subscription_id = $1 and post = $2'

export async function refusePost(db: Queryable, due: DuePost, words: string): Promise<void> {
  await db.query(REFUSE_POST, [due.subscriptionId, due.post, words])
}

const EVENT = ADD_EVENT.within({
  book: 'm.book_id',
  order: 'm.id',
  refill: 'null',
  at: '$3',
  by: '$5',
  status: '$2::text',
  start_count: 'null',
  remains: 'null',
  words: '$4',
})
const MOVE = `
  with moved as (
    update orders o set status = $2::order_status, ended = is_final($2::order_status), ended_at = case when is_final($2::order_status) then $3::timestamptz end
    where o.id = any($1::bigint[]) and o.kind = 'subscription' and not o.ended and o.status <> $2::order_status
    returning o.id, o.book_id
  )
  select ${EVENT} from moved m order by m.book_id, m.id`

/** Changes the status of subscriptions; no money moves, because each child order has its own charge. */
export async function moveSubscriptions(
  db: Queryable,
  ids: readonly bigint[],
  to: 'Active' | 'Paused' | 'Completed' | 'Expired' | 'Canceled',
  words: string,
  now: Date,
  by: 'docket' | 'supplier' = 'docket',
): Promise<void> {
  if (ids.length > 0) await db.query(MOVE, [ids, to, now, words, by])
}

// The post was found and neither charged nor refused: it waits for money, or for staff.
const ANY_OPEN = 'exists (select from subscription_posts p where p.subscription_id = o.id and p.order_id is null and p.refused is null)'
// All its posts are found and served.
const SERVED = `
  select o.id from orders o join subscriptions s on s.order_id = o.id
  where o.kind = 'subscription' and not o.ended and s.posts is not null
    and (select count(*) from subscription_posts p where p.subscription_id = o.id and (p.order_id is not null or p.refused is not null)) >= s.posts + s.old_posts
    and not ${ANY_OPEN}`
// A subscription that a supplier watches expires only after the supplier was asked after the last day: the posts of that day are charged first.
const EXPIRED = `
  select o.id from orders o join subscriptions s on s.order_id = o.id
  where o.kind = 'subscription' and not o.ended and s.expiry < ($1::timestamptz at time zone 'utc')::date
    and (not o.sent or ((s.told_at at time zone 'utc')::date > s.expiry and not ${ANY_OPEN}))`
const ENDED_THERE = `
  select o.id, s.their_status as status from orders o join subscriptions s on s.order_id = o.id
  where o.kind = 'subscription' and not o.ended and is_final(s.their_status) and not ${ANY_OPEN}`
// Paused because the balance was too low, and money came in since: the next post tries again.
const REFILLED = `
  select o.id from orders o join subscriptions s on s.order_id = o.id join books b on b.id = o.book_id
  where o.kind = 'subscription' and o.status = 'Paused' and b.lines > coalesce(s.paused_at_line, -1)
    and exists (select from transfers t where t.book_id = b.id and t.line > coalesce(s.paused_at_line, 0) and t.given_to = 'wallet')`
const PAUSED_AT = `
  update subscriptions s set paused_at_line = b.lines from orders o join books b on b.id = o.book_id
  where s.order_id = $1 and o.id = $1`

/** Pauses a subscription whose next order cannot be paid, until money comes in. */
export async function pauseForFunds(db: Queryable, id: bigint, now: Date): Promise<void> {
  await db.query(PAUSED_AT, [id])
  await moveSubscriptions(db, [id], 'Paused', 'balance too low', now)
}

/** Returns the subscriptions that must change status: those that are served, past their last day, refilled with money, or ended by the supplier
 * that watches them. Expired ones, if handed to a supplier, and those ended by it are returned only when every post found is charged or refused. */
export async function readSubscriptionsToMove(
  db: Queryable,
  now: Date,
): Promise<{ served: bigint[]; expired: bigint[]; refilled: bigint[]; endedThere: Record<EndedThere, bigint[]> }> {
  const ids = async (text: string, values: unknown[]) => (await db.query<{ id: bigint }>(text, values)).rows.map((row) => row.id)
  const { rows } = await db.query<{ id: bigint; status: EndedThere }>(ENDED_THERE)
  const by = (status: EndedThere) => rows.filter((row) => row.status === status).map((row) => row.id)
  const endedThere = { Completed: by('Completed'), Expired: by('Expired'), Canceled: by('Canceled') }
  return { served: await ids(SERVED, []), expired: await ids(EXPIRED, [now]), refilled: await ids(REFILLED, []), endedThere }
}

type EndedThere = 'Completed' | 'Expired' | 'Canceled'
