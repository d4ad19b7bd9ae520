import { numberArray } from '../db/arrays.ts'
import { type Coalesced, coalesce } from '../db/coalesce.ts'
import { type Database, type Queryable, textRows } from '../db/pool.ts'

/** An order as `status` shows it; numbers are still the digits that the database sent. */
export interface OrderRow {
  readonly id: string
  readonly bookId: string
  readonly kind: string
  readonly status: string
  /** The charge less refunds, in units of 10⁻⁵. */
  readonly kept: string
  readonly startCount: string
  readonly remains: string
}

export interface OrderAsk {
  readonly ids: readonly string[]
  readonly bookId: number
  readonly keyId: number
}

/** Returns the orders of the caller's own book by id, or null when its key is revoked. Another account's order is answered like one that does not
 * exist. */
export type FewReads = Coalesced<OrderAsk, ReadonlyMap<string, OrderRow> | null>

export type OrderReads = FewReads & {
  /** Discards the remembered orders: the database may have been set back. */
  forget(): void
}

type Texts = string | null

/** The only row of the result: `COLUMNS`, `REFUSED_KEYS`, and further columns of a statement. */
export type Columns = [
  ids: Texts,
  books: Texts,
  kinds: Texts,
  statuses: Texts,
  kept: Texts,
  startCounts: Texts,
  remains: Texts,
  refusedKeys: Texts,
  ...asked: Texts[],
]

// Each column joins the values of all rows into one text: separate rows cost the database and the driver more than finding them.
export const COLUMNS = `
  string_agg(id::text, ','), string_agg(book_id::text, ','), string_agg(kind, ','), string_agg(status::text, ','),
    string_agg((charge - refunded)::text, ','), string_agg(start_count::text, ','), string_agg(remains::text, ',')`
export const REFUSED_KEYS = `(select string_agg(k.id::text, ',') from api_keys k where k.id = any($2::int[]) and k.refused)`
const ORDERS_BY_ID = `select ${COLUMNS}, ${REFUSED_KEYS} from orders where id = any($1::bigint[])`

/** Reads from the database only: one statement for all callers that wait. */
export function openFewReads(db: Database, queueLimit: number): FewReads {
  return coalesce(
    async (asks) => {
      const values = [idArray(asks.flatMap(({ ids }) => ids)), numberArray(asks.map((ask) => ask.keyId))]
      const [columns] = await textRows<Columns>(db, 'orders by id', ORDERS_BY_ID, values)
      const { orders, refusedKeys } = readColumns(columns!)
      const found = new Map(orders.map((row) => [row.id, row]))
      return asks.map((ask) => (refusedKeys.has(String(ask.keyId)) ? null : ownOrders(ask, found)))
    },
    { most: 128, slots: 2, limit: queueLimit },
  )
}

export function idArray(ids: readonly string[]): string {
  return `{${ids.join(',')}}`
}

/** Splits the columns; `changes` is empty unless the statement selects it. */
export function readColumns(columns: Columns): { orders: OrderRow[]; refusedKeys: ReadonlySet<string>; changes: string[] } {
  const [ids, books, kinds, statuses, kept, startCounts, remains, refusedKeys, changes] = columns.map(listed)
  const orders = ids!.map((id, n) => ({
    id,
    bookId: books![n]!,
    kind: kinds![n]!,
    status: statuses![n]!,
    kept: kept![n]!,
    startCount: startCounts![n]!,
    remains: remains![n]!,
  }))
  return { orders, refusedKeys: new Set(refusedKeys), changes: changes ?? [] }
}

function listed(column: string | null | undefined): string[] {
  return column ? column.split(',') : []
}

/** In the order of the requested ids; from `found`, else from the known orders. */
export function ownOrders(
  ask: OrderAsk,
  found: ReadonlyMap<string, OrderRow> = NONE,
  known: ReadonlyMap<string, OrderRow> = NONE,
): ReadonlyMap<string, OrderRow> {
  const own = new Map<string, OrderRow>()
  const bookId = String(ask.bookId)
  for (const id of ask.ids) {
    const order = found.get(id) ?? known.get(id)
    if (order?.bookId === bookId) own.set(id, order)
  }
  return own
}

const NONE: ReadonlyMap<string, OrderRow> = new Map()

/** What `status` adds for drip-feeds and subscriptions. */
export interface ParentRow {
  /** The ordered number, and how much of it is done. Posts: null means unlimited. A post counts as done when its order was made. */
  readonly runs: number | null
  readonly runsDone: number
  readonly posts: number | null
  readonly postsServed: number
  /** d/m/Y, empty when it does not expire. */
  readonly expiry: string
  /** Ids of its child orders, in their order. */
  readonly children: readonly string[]
}

const PARENTS = `
  select o.id, d.runs, s.posts, c.ended as "runsDone", c.made as "postsServed", coalesce(to_char(s.expiry, 'DD/MM/YYYY'), '') as expiry,
    c.children
  from orders o left join drip_feeds d on d.order_id = o.id left join subscriptions s on s.order_id = o.id
  cross join lateral (
    select coalesce(array_agg(k.order_id::text order by k.number), '{}') as children,
      count(*) filter (where r.status in ('Completed', 'Partial'))::int as ended, count(*) filter (where r.status <> 'Canceled')::int as made
    from child_orders k join orders r on r.id = k.order_id where k.parent_id = o.id
  ) c
  where o.id = any($1::bigint[])`

export async function readParents(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, ParentRow>> {
  const { rows } = await db.query<ParentRow & { id: bigint }>({ name: 'parents', text: PARENTS, values: [ids] })
  return new Map(rows.map((row) => [row.id.toString(), row]))
}

/** What `extended=1` adds to `status`. */
export interface ExtendedRow {
  readonly quantity: bigint
  readonly link: string
  readonly created: Date
  /** When we first learned that work had begun. */
  readonly started: Date | null
  readonly finished: Date | null
  /** The promised times of start and finish; null: not promised. */
  readonly startBy: Date | null
  readonly finishBy: Date | null
  /** Compensation for missed promises, in units of 10⁻⁵. */
  readonly compensated: bigint
  readonly refillUntil: Date | null
  readonly refillable: boolean
  /** Null: no limit. */
  readonly refillsLeft: number | null
  /** A day after the last refill was requested, or the end of the order when there was no refill. */
  readonly refillFrom: Date | null
}

// The refill window runs from completion and has the length that the service says now; promises are those made when the order was placed.
const EXTENDED = `
  select o.id, o.quantity, o.link, o.placed_at as created, o.started_at as started, o.ended_at as finished, p.start_by as "startBy", p.finish_by as "finishBy",
    coalesce(p.compensated, 0)::bigint as compensated,
    case when s.refill and o.status in ('Completed', 'Partial') then o.ended_at + make_interval(days => s.refill_days) end as "refillUntil",
    s.refill and o.status in ('Completed', 'Partial') and (s.refill_days is null or o.ended_at + make_interval(days => s.refill_days) > $2) as refillable,
    case when s.refill_count is not null then greatest(s.refill_count - r.given, 0) end as "refillsLeft", coalesce(r.last_at + interval '24 hours', o.ended_at) as "refillFrom"
  from orders o join services s on s.id = o.service_id
  cross join lateral (
    select max(due_at) filter (where promise = 'start') as start_by, max(due_at) filter (where promise = 'finish') as finish_by,
      sum(compensation) as compensated
    from promises where order_id = o.id
  ) p
  cross join lateral (
    select count(*) filter (where status not in ('Rejected', 'Error'))::int as given, max(asked_at) as last_at from refills where order_id = o.id
  ) r
  where o.id = any($1::bigint[])`

export async function readExtended(db: Queryable, ids: readonly string[], now: Date): Promise<ReadonlyMap<string, ExtendedRow>> {
  const { rows } = await db.query<ExtendedRow & { id: bigint }>({ name: 'extended', text: EXTENDED, values: [ids, now] })
  return new Map(rows.map((row) => [row.id.toString(), row]))
}

const BY_RETRY_KEYS = `
  select t.n::int, k.order_id as "orderId", k.fingerprint
  from unnest($1::int[], $2::text[]) with ordinality as t(book, key, n)
  join retry_keys k on k.book_id = t.book and k.key = t.key
  where k.valid_until is null or k.valid_until > $3`

export interface RetriedOrder {
  readonly orderId: bigint
  readonly fingerprint: string
}

/** The order that was placed with a retry key, if there is one. */
export function openRetryReads(
  db: Database,
  now: () => Date,
  queueLimit: number,
): Coalesced<{ bookId: number; key: string }, RetriedOrder | undefined> {
  return coalesce(
    async (asks) => {
      const { rows } = await db.query<RetriedOrder & { n: number }>({
        name: 'orders by retry key',
        text: BY_RETRY_KEYS,
        values: [asks.map((ask) => ask.bookId), asks.map((ask) => ask.key), now()],
      })
      const found = new Map(rows.map((row) => [row.n, row]))
      return asks.map((_, index) => found.get(index + 1))
    },
    { most: 256, slots: 2, limit: queueLimit },
  )
}
