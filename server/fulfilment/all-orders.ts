import type { OrderStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import {
  type AllOrdersFilter,
  type Bounds,
  everyOrder,
  isCommon,
  type OrderSource,
  ordersAt,
  ordersForAPerson,
  ordersFrom,
  ordersOfAccount,
  ordersOfService,
  statusesOf,
  theseOrders,
} from './order-sources.ts'

/** An order in the list of staff. Money in units of 10⁻⁵. */
export interface StaffOrder {
  readonly id: bigint
  readonly bookId: number
  readonly account: number
  readonly email: string
  /** It was placed with test money. */
  readonly test: boolean
  readonly currency: string
  readonly keyId: number
  readonly keyPrefix: string
  readonly service: number
  readonly serviceName: string
  readonly supplier: string | null
  readonly supplierId: number | null
  /** Their id of it; null: nobody has it, or nobody knows. */
  readonly reference: string | null
  /** How its hand-off stands; null: it was not handed over. */
  readonly handOff: string | null
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  readonly origin: 'run' | 'post' | null
  readonly parent: bigint | null
  readonly status: OrderStatus
  readonly link: string
  readonly quantity: bigint
  readonly startCount: bigint
  readonly remains: bigint
  readonly charge: Units
  readonly refunded: Units
  /** What the supplier said it costs, in its currency. */
  readonly cost: string | null
  readonly cancelAsked: boolean
  readonly ended: boolean
  readonly placedAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
}

export interface AllOrdersPage {
  readonly orders: readonly StaffOrder[]
  /** The cursor of the next page; null: there is none. */
  readonly next: bigint | null
  /** Not every order was looked at: only `count` of them, the last one being `to`. Null: these are the next that match. */
  readonly looked: { readonly count: number; readonly to: Date } | null
}

/** Which part of a list is wanted. */
export interface ListedPart {
  /** The `next` of the page before; null: the newest. */
  readonly before: bigint | null
  readonly most: number
  /** Candidates that are looked at, where that is not what the source says. */
  readonly walk?: number
}

/** Orders of all accounts, the newest first. Each list is read from one index that gives its candidates in order; a filter that no index answers is
 * checked on a bounded number of them, and the page says how far it looked. */
export async function listAllOrders(db: Queryable, filter: AllOrdersFilter, page: ListedPart): Promise<AllOrdersPage> {
  const bounds = await boundsOf(db, filter, page.before)
  const chosen = sourceOf(filter, bounds, page.most)
  const source = page.walk === undefined ? chosen : { ...chosen, most: page.walk }
  const first = await pageOf(db, filter, source, page.most)
  const isRare = source.name === 'orders' && filter.service !== null && first.looked !== null && !(await isCommon(db, filter.service))
  return isRare ? pageOf(db, filter, ordersOfService(filter, bounds), page.most) : first
}

async function pageOf(db: Queryable, filter: AllOrdersFilter, source: OrderSource, most: number): Promise<AllOrdersPage> {
  const ids = await candidatesThatMatch(db, filter, source, most + 1)
  const orders = await readStaffOrders(db, ids.slice(0, most))
  if (ids.length > most) return { orders, next: orders.at(-1)!.id, looked: null }
  const reached = await lastCandidate(db, source)
  if (reached === null) return { orders, next: null, looked: null }
  return { orders, next: reached.id, looked: { count: source.most, to: reached.at } }
}

/** The index that gives the fewest candidates. Ids and queues come first, books last but for walking through all. */
function sourceOf(filter: AllOrdersFilter, bounds: Bounds, most: number): OrderSource {
  if (filter.ids !== null) return theseOrders(filter.ids, bounds)
  if (filter.account !== null) {
    const isAnswered = filter.supplier === null && filter.key === null && filter.origin === null && filter.state !== 'attention'
    return ordersOfAccount(filter, bounds, isAnswered ? most + 2 : MOST_OF_AN_ACCOUNT)
  }
  if (filter.state === 'attention') return ordersForAPerson(bounds)
  if (filter.origin !== null && filter.origin !== 'plain') return ordersFrom(filter.origin, bounds)
  if (filter.supplier !== null) return ordersAt(filter.supplier, bounds)
  return everyOrder(bounds)
}

/** Candidates of an account whose further filters are checked one by one. */
const MOST_OF_AN_ACCOUNT = 2000

/** Parameters of one statement, in the order in which they are written. */
function parameters(): { values: unknown[]; value: (given: unknown) => string } {
  const values: unknown[] = []
  return { values, value: (given) => `$${values.push(given)}` }
}

async function candidatesThatMatch(db: Queryable, filter: AllOrdersFilter, source: OrderSource, most: number): Promise<bigint[]> {
  const { values, value } = parameters()
  const conditions = conditionsOf(filter, value)
  // Orders that are walked by their numbers need not be found again.
  const isWalk = source.name === 'orders'
  // The limit stands at the level of the order: only then does the planner know the order outside, and read no more than a page.
  const candidates = `${isWalk ? source.text(value).replace('select id', 'select *') : source.text(value)} limit ${source.most}`
  const found = isWalk ? `(${candidates}) o` : `(${candidates}) c cross join lateral (select * from orders where id = c.id) o`
  const newestFirst = source.order.map((column) => `${isWalk ? 'o' : 'c'}.${column} desc`).join(', ')
  const text = `select o.id from ${found} ${conditions} order by ${newestFirst} limit ${most}`
  return (await db.query<{ id: bigint }>({ text, values })).rows.map((row) => row.id)
}

/** What is checked on each candidate. Conditions that its source answers are true anyway. */
function conditionsOf(filter: AllOrdersFilter, value: (given: unknown) => string): string {
  const { state, service, supplier, account, key, origin, from, to } = filter
  const { open, ended } = statusesOf(state)
  const conditions = [
    ...(state === null ? [] : [`o.status = any(${value([...open, ...ended])}::order_status[])`]),
    ...(state === 'attention' ? [NEEDS_A_PERSON] : []),
    ...(service === null ? [] : [`o.service_id = ${value(service)}`]),
    ...(supplier === null ? [] : [`o.supplier_id = ${value(supplier)}`]),
    ...(account === null ? [] : [`o.book_id in (select id from books where account_id = ${value(account)})`]),
    ...(key === null ? [] : [`o.key_id = ${value(key)}`]),
    ...(origin === null ? [] : [ORIGINS[origin]]),
    ...(from === null ? [] : [`o.placed_at >= ${value(from)}::timestamptz`]),
    ...(to === null ? [] : [`o.placed_at < ${value(to)}::timestamptz`]),
  ]
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
}

// As values of the row, so that the planner looks each up by its key and never joins whole tables.
const has = (rows: string) => `coalesce((select true from ${rows} limit 1), false)`
const NEEDS_A_PERSON = `not o.ended and (${has(`hand_offs h where h.order_id = o.id and h.state in ('unconfirmed', 'attention')`)}
  or ${has(`alerts a where a.order_id = o.id and a.kind = 'partial not believed' and a.closed_at is null`)})`
const isChildIn = (parents: string) => has(`child_orders k join ${parents} p on p.order_id = k.parent_id where k.order_id = o.id`)
const ORIGINS = {
  plain: `o.kind = 'single' and not ${has('child_orders k where k.order_id = o.id')}`,
  'drip-feed': `o.kind = 'drip-feed'`,
  subscription: `o.kind = 'subscription'`,
  run: isChildIn('drip_feeds'),
  post: isChildIn('subscriptions'),
} as const

/** The last candidate that was looked at; null: there were fewer, so nothing was left out. */
async function lastCandidate(db: Queryable, source: OrderSource): Promise<{ id: bigint; at: Date } | null> {
  const { values, value } = parameters()
  const text = `select o.id, o.placed_at as at from (${source.text(value)} offset ${source.most - 1} limit 1) c join orders o on o.id = c.id`
  return (await db.query<{ id: bigint; at: Date }>({ text, values })).rows[0] ?? null
}

/** Node numbers are given in blocks, so orders placed at one time may be this far apart when several nodes sell. */
const OUT_OF_TURN = 8192n

async function boundsOf(db: Queryable, filter: AllOrdersFilter, before: bigint | null): Promise<Bounds> {
  const { rows } = before === null || filter.account === null ? { rows: [] } : await db.query<{ at: string }>(PLACED_AT, [before])
  const needsNumbers = filter.account === null && filter.ids === null
  const at = (moment: Date | null) => (moment === null || !needsNumbers ? null : firstPlacedFrom(db, moment))
  const [lowest, highest] = [await at(filter.from), await at(filter.to)]
  return {
    before,
    beforeAt: rows[0]?.at ?? null,
    lowest: lowest === null ? null : lowest - OUT_OF_TURN,
    highest: highest === null ? null : highest + OUT_OF_TURN,
  }
}

const PLACED_AT = 'select placed_at::text as at from orders where id = $1'
// Numbers rise with time but for the blocks, so the border is found by halving: some twenty steps, each one look into the primary key.
const FIRST_PLACED_FROM = `
  with recursive ends as (select coalesce(min(id), 1) as low, coalesce(max(id), 0) + 1 as high from orders),
  halves as (
    select low, high from ends
    union all
    select case when o.placed_at < $1 then o.id + 1 else h.low end, case when o.placed_at < $1 then h.high else (h.low + h.high) / 2 end
    from halves h cross join lateral (
      select id, placed_at from orders where id >= (h.low + h.high) / 2 order by id limit 1
    ) o where h.low < h.high
  )
  select low as id from halves order by high - low, low desc limit 1`

/** The number from which orders were placed at this moment or later. */
async function firstPlacedFrom(db: Queryable, moment: Date): Promise<bigint> {
  return (await db.query<{ id: bigint }>({ name: 'first placed from', text: FIRST_PLACED_FROM, values: [moment] })).rows[0]!.id
}

const STAFF_ORDERS = `
  select o.id, o.book_id as "bookId", b.account_id as account, a.email, b.play as test, b.currency, o.key_id as "keyId", k.prefix as "keyPrefix", o.service_id as service,
    s.name as "serviceName", p.name as supplier, o.supplier_id as "supplierId", h.reference, h.state as "handOff", h.cost, o.kind,
    case when (select true from drip_feeds d where d.order_id = c.parent_id) then 'run' when c.order_id is not null then 'post' end as origin, c.parent_id as parent, o.status, o.link, o.quantity,
    o.start_count as "startCount", o.remains, o.charge, o.refunded, o.cancel_asked_at is not null as "cancelAsked", o.ended,
    o.placed_at as "placedAt", o.started_at as "startedAt", o.ended_at as "endedAt"
  from unnest($1::bigint[]) with ordinality as t(id, n) join orders o on o.id = t.id join books b on b.id = o.book_id
  join accounts a on a.id = b.account_id join services s on s.id = o.service_id left join api_keys k on k.id = o.key_id
  left join suppliers p on p.id = o.supplier_id left join hand_offs h on h.order_id = o.id
  left join child_orders c on c.order_id = o.id
  order by t.n`

/** These orders in this order; those that do not exist are left out. */
export async function readStaffOrders(db: Queryable, ids: readonly bigint[]): Promise<StaffOrder[]> {
  if (ids.length === 0) return []
  return (await db.query<StaffOrder>({ name: 'orders for staff', text: STAFF_ORDERS, values: [ids] })).rows
}
