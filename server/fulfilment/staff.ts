import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'
import { numberArray } from '../db/arrays.ts'
import type { Queryable } from '../db/pool.ts'

export interface OpenAlert {
  readonly id: bigint
  readonly kind: string
  readonly supplier: string | null
  readonly order: bigint | null
  readonly words: string
  readonly firstAt: Date
  readonly lastAt: Date
  readonly times: number
}

const OPEN_ALERTS = `
  select a.id, a.kind, s.name as supplier, a.order_id as "order", a.words, a.first_at as "firstAt", a.last_at as "lastAt", a.times
  from alerts a left join suppliers s on s.id = a.supplier_id where a.closed_at is null order by a.last_at desc, a.id desc limit 500`

/** The open alerts for staff, newest first. */
export async function listAlerts(db: Queryable): Promise<OpenAlert[]> {
  return (await db.query<OpenAlert>(OPEN_ALERTS)).rows
}

/** An order that a person must decide about, with the evidence. */
export interface Undecided {
  readonly order: bigint
  readonly state: 'unconfirmed' | 'attention'
  readonly supplier: string
  readonly link: string
  readonly words: string | null
  readonly claimedAt: Date | null
  /** The customer asked for a cancel: if the supplier does not have the order, it is cancelled and not sent. */
  readonly cancelAsked: boolean
}

/** For an open order that was sent: the supplier reports an end that we do not trust. */
export const END_NOT_BELIEVED = `
  h.state = 'sent' and not o.ended and exists (
    select from alerts a where a.order_id = h.order_id and a.kind = 'partial not believed' and a.closed_at is null)`

const UNDECIDED = `
  select h.order_id as "order", case when h.state = 'sent' then 'attention' else h.state end as state, s.name as supplier, o.link, h.words, h.claimed_at as "claimedAt", o.cancel_asked_at is not null as "cancelAsked"
  from (
    select w.order_id from suppliers u cross join lateral (
      (select order_id from hand_offs where supplier_id = u.id and state = 'unconfirmed')
      union all
      (select order_id from hand_offs where supplier_id = u.id and state = 'attention')
    ) w
    union
    select order_id from alerts where kind = 'partial not believed' and closed_at is null
  ) w
  join hand_offs h on h.order_id = w.order_id join suppliers s on s.id = h.supplier_id join orders o on o.id = h.order_id
  where not o.ended and (h.state in ('unconfirmed', 'attention') or (${END_NOT_BELIEVED})) order by h.order_id limit 500`

export async function listUndecided(db: Queryable): Promise<Undecided[]> {
  return (await db.query<Undecided>(UNDECIDED)).rows
}

const OPEN_AT = `
  select h.order_id as id from hand_offs h join orders o on o.id = h.order_id
  where h.supplier_id = $1 and not o.ended and ($2::int is null or o.service_id = $2) and ($3::text is null or h.state = $3)
  union
  select id from orders
  where supplier_id = $1 and not sent and not ended and kind = 'single' and ($2::int is null or service_id = $2) and ($3::text is null or $3 = 'unsent')
  order by id limit $4`

/** The orders that have not ended at a supplier; `state`: only those whose hand-off stands so, or that were not handed over. Read by the hand-offs and by
 * the queue, because no index of orders knows the supplier. */
export async function openOrdersAt(
  db: Queryable,
  which: { readonly supplierId: number; readonly serviceId: number | null; readonly state: string | null },
  most: number,
): Promise<bigint[]> {
  const { rows } = await db.query<{ id: bigint }>(OPEN_AT, [which.supplierId, which.serviceId, which.state, most])
  return rows.map((row) => row.id)
}

const TRY_NOW = `
  update hand_offs h set due_at = $2 from suppliers s
  where s.name = $1 and h.supplier_id = s.id and h.due_at > $2 and h.due_at < 'infinity'
    and (h.state = 'waiting' or (h.state = 'sent' and h.odd_answers > 0))`

/** Tries the orders that wait at a supplier at once, because its balance was topped up or its fault was mended. Answers how many orders. */
export async function tryNow(db: Queryable, supplier: string, now: Date): Promise<number> {
  return (await db.query(TRY_NOW, [supplier, now])).rowCount ?? 0
}

/** Something that happened to an order. `status` says it in English, for programs and commands; pages tell it from `what` in the reader's language. */
export interface OrderStep {
  readonly at: Date
  readonly by: string
  readonly status: string
  /** As it came from a supplier, or was written by staff. */
  readonly words: string | null
  readonly what:
    | { readonly kind: 'status'; readonly status: OrderStatus | RefillStatus }
    | { readonly kind: 'alert'; readonly alert: string; readonly isClosed: boolean }
    | { readonly kind: 'hand-off'; readonly state: string; readonly reference: string | null }
}

// Nobody here handed over an order that was moved in with its supplier: it stands at the time when it was placed.
const STEPS = `
  select order_id as id, at, by, words, jsonb_build_object('kind', 'status', 'status', status) as what
  from order_events where order_id = any($1::bigint[])
  union all
  select order_id, first_at, 'alert', words, jsonb_build_object('kind', 'alert', 'alert', kind, 'isClosed', closed_at is not null)
  from alerts where order_id = any($1::bigint[])
  union all
  select h.order_id, coalesce(h.claimed_at, (select o.placed_at from orders o where o.id = h.order_id)), coalesce(s.name, ''), h.words,
    jsonb_build_object('kind', 'hand-off', 'state', h.state, 'reference', h.reference)
  from hand_offs h join suppliers s on s.id = h.supplier_id where h.order_id = any($1::bigint[])
  order by 2`

function inEnglish(what: OrderStep['what']): string {
  switch (what.kind) {
    case 'status':
      return what.status
    case 'alert':
      return what.isClosed ? `${what.alert}, closed` : what.alert
    case 'hand-off':
      return `hand-off ${what.state}${what.reference === null ? '' : `, their id ${what.reference}`}`
    default:
      return what satisfies never
  }
}

/** Everything that is known of the lives of orders, with the words of suppliers and staff; an order of which nothing is known is left out. */
export async function readStepsOfOrders(db: Queryable, orderIds: readonly bigint[]): Promise<ReadonlyMap<bigint, readonly OrderStep[]>> {
  const steps = new Map<bigint, OrderStep[]>()
  if (orderIds.length === 0) return steps
  const { rows } = await db.query<Omit<OrderStep, 'status'> & { readonly id: bigint }>({
    name: 'steps of orders',
    text: STEPS,
    values: [numberArray(orderIds)],
  })
  for (const { id, ...row } of rows) {
    const step = { ...row, status: inEnglish(row.what) }
    const own = steps.get(id)
    if (own) own.push(step)
    else steps.set(id, [step])
  }
  return steps
}

/** The same of one order. */
export async function readOrderSteps(db: Queryable, orderId: bigint): Promise<readonly OrderStep[]> {
  return (await readStepsOfOrders(db, [orderId])).get(orderId) ?? []
}
