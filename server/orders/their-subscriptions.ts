import type { OrderStatus } from '../../contract/statuses.ts'
import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { refuse } from '../refusal.ts'

/** Subscriptions whose supplier watches for new posts: it makes the child orders, and we store them as our orders. */

// Only bindings of that type, and subscriptions that have no fed post yet.
const waiting = (supplier: string) => `
  from service_suppliers b
  join orders o on o.supplier_id = b.supplier_id and o.service_id = b.service_id and not o.sent and not o.ended and o.kind = 'subscription'
  where b.supplier_id = ${supplier} and b.their_type = 'Subscriptions' and b.gone_at is null
    and not exists (select from subscription_posts p where p.subscription_id = o.id)`
/** SQL condition: a subscription waits for the supplier of this expression. */
export const SUBSCRIPTION_WAITS = (supplier: string) => `exists (select ${waiting(supplier)})`

const LOCK_WAITING = `select o.id ${waiting('$1')} order by o.id limit $2 for no key update of o skip locked`
// A post that was fed before we got the lock is visible here.
const CLAIM = `
  update orders o set sent = true
  where o.id = any($1::bigint[]) and not o.sent and not o.ended
    and not exists (select from subscription_posts p where p.subscription_id = o.id)
  returning o.id`

/** Marks subscriptions as sent, inside the caller's transaction, like claimDueOrders() for orders. */
export async function claimDueSubscriptions(tx: Queryable, supplierId: number, most: number): Promise<bigint[]> {
  if (most <= 0) return []
  const { rows: waiting } = await tx.query<{ id: bigint }>({
    name: 'waiting subscriptions',
    text: LOCK_WAITING,
    values: [supplierId, most],
  })
  if (waiting.length === 0) return []
  return (await tx.query<{ id: bigint }>(CLAIM, [waiting.map((row) => row.id)])).rows.map((row) => row.id)
}

/** A child that a supplier listed, as far as we know it. */
export interface KnownChild {
  readonly reference: string
  readonly subscriptionId: bigint
  /** Its quantity is not known yet. */
  readonly isOpen: boolean
}

const KNOWN = `
  select reference, subscription_id as "subscriptionId", quantity is null and refused is null as "isOpen"
  from subscription_posts where supplier_id = $1 and reference = any($2::text[])`

export async function readKnownChildren(db: Queryable, supplierId: number, references: readonly string[]): Promise<KnownChild[]> {
  return (await db.query<KnownChild>({ name: 'known children', text: KNOWN, values: [supplierId, references] })).rows
}

/** The decision on a supplier's child: an order with a quantity, a refusal with its reason, or (both null) a question for staff. */
export interface FoundChild {
  readonly reference: string
  readonly quantity: bigint | null
  readonly refused: string | null
  readonly link: string | null
}

/** A supplier's report about a subscription that it watches. */
export interface TheirNews {
  readonly subscriptionId: bigint
  readonly supplierId: number
  readonly status: OrderStatus | null
  readonly children: readonly FoundChild[]
}

/** The result: `unwanted` are children beyond the ordered posts, or all new ones if the subscription has ended here. */
export interface Noted {
  readonly ended: string | null
  readonly status: string
  readonly suspended: boolean
  readonly unwanted: readonly string[]
}

const SUBSCRIPTION = `
  select o.ended, o.status::text, a.suspended_at is not null as suspended, s.posts + s.old_posts as ordered, p.found, p.last
  from orders o join subscriptions s on s.order_id = o.id join books b on b.id = o.book_id join accounts a on a.id = b.account_id
  cross join lateral (
    select count(*)::int as found, coalesce(max(number), 0) as last from subscription_posts where subscription_id = o.id
  ) p
  where o.id = $1`
const LOCK = 'select from orders where id = $1 for no key update'
const TOLD = `
  update subscriptions set told_at = $3, their_status = case when is_final(their_status) then their_status else coalesce($2, their_status) end
  where order_id = $1`

interface Room {
  ended: boolean
  status: string
  suspended: boolean
  ordered: number | null
  found: number
  last: number
}

/** Records, under the subscription's row lock, its status at the supplier and its new children, each once, whichever call listed it. They are
 * charged in this order. */
export function noteTheirNews(db: Database, news: TheirNews, now: Date): Promise<Noted> {
  return transaction(db, async (tx) => {
    await tx.query(LOCK, [news.subscriptionId])
    const { rows } = await tx.query<Room>(SUBSCRIPTION, [news.subscriptionId])
    const room = rows[0]!
    const { status, suspended } = room
    await tx.query(TOLD, [news.subscriptionId, news.status, now])
    if (room.ended) return { ended: status, status, suspended, unwanted: news.children.map((child) => child.reference) }
    return { ended: null, status, suspended, unwanted: await noteChildren(tx, news, room, now) }
  })
}

const NOTE_CHILD = `
  insert into subscription_posts (subscription_id, post, number, quantity, due_at, supplier_id, reference, link, refused)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (supplier_id, reference) where reference is not null do nothing`
const CLEAR_UP = `
  update subscription_posts set quantity = $4, refused = $5, link = coalesce(link, $6), due_at = $7
  where subscription_id = $1 and supplier_id = $2 and reference = $3 and quantity is null and refused is null`
const NEVER_ORDERED = 'more posts than were ordered'

async function noteChildren(tx: Queryable, news: TheirNews, room: Room, now: Date): Promise<string[]> {
  const { subscriptionId, supplierId } = news
  const unwanted: string[] = []
  let { found, last } = room
  for (const { reference, quantity, refused, link } of news.children) {
    const cleared = await tx.query(CLEAR_UP, [subscriptionId, supplierId, reference, quantity, refused, link, now])
    if (cleared.rowCount !== 0) continue
    const isBeyond = room.ordered !== null && found >= room.ordered
    const values = [subscriptionId, `order ${reference} of supplier ${supplierId}`, last + 1, quantity, now, supplierId, reference, link]
    const { rowCount } = await tx.query(NOTE_CHILD, [...values, isBeyond ? NEVER_ORDERED : refused])
    if (rowCount === 0) continue
    found += 1
    last += 1
    if (isBeyond) unwanted.push(reference)
  }
  return unwanted
}

/** Records a person's decision on a child whose quantity the supplier did not make clear; null: it is not charged. Throws a Refusal when no such
 * child waits. */
export function decideChild(
  db: Database | Transaction,
  subscriptionId: bigint,
  reference: string,
  quantity: bigint | null,
  now: Date,
): Promise<void> {
  return transaction(db, async (tx) => {
    await tx.query(LOCK, [subscriptionId])
    const { rows } = await tx.query<{ supplierId: number; max: bigint }>(UNDECIDED, [subscriptionId, reference])
    const child = rows[0]
    if (!child) throw refuse('unknown_child', subscriptionId, reference)
    if (quantity !== null && (quantity < 1n || quantity > child.max)) throw refuse('above_ordered_of_a_post', child.max)
    const refused = quantity === null ? 'refused by staff' : null
    await tx.query(CLEAR_UP, [subscriptionId, child.supplierId, reference, quantity, refused, null, now])
  })
}

const UNDECIDED = `
  select p.supplier_id as "supplierId", s.max from subscription_posts p join subscriptions s on s.order_id = p.subscription_id
  where p.subscription_id = $1 and p.reference = $2 and p.quantity is null and p.refused is null`

const TERMS = `
  select o.id as "subscriptionId", s.min, s.max, coalesce(m.multiplier, 1)::bigint as multiplier, m.cost_rate as "costRate", c.currency,
    l.exchange_currency as "exchangeCurrency", l.exchange_rate as "exchangeRate"
  from orders o join subscriptions s on s.order_id = o.id cross join catalogue c
  left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = $2
  left join price_lists l on l.supplier_id = $2
  where o.id = any($1::bigint[])`

/** The ordered quantity of each child and its cost at the supplier, from which a missing quantity is calculated. */
export interface ChildTerms {
  readonly subscriptionId: bigint
  readonly min: bigint
  readonly max: bigint
  /** The supplier's quantity per one of ours. */
  readonly multiplier: bigint
  /** Per 1000 of the supplier's units, in our currency. */
  readonly costRate: string | null
  readonly currency: string
  readonly exchangeCurrency: string | null
  /** The value of one unit of the supplier's currency in ours. */
  readonly exchangeRate: string | null
}

export async function readChildTerms(db: Queryable, ids: readonly bigint[], supplierId: number): Promise<ReadonlyMap<bigint, ChildTerms>> {
  const { rows } = await db.query<ChildTerms>({ name: 'child terms', text: TERMS, values: [ids, supplierId] })
  return new Map(rows.map((row) => [row.subscriptionId, row]))
}
