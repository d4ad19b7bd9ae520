import { numberArray } from '../db/arrays.ts'
import type { Queryable } from '../db/pool.ts'
import { readAccount } from '../orders/account.ts'
import { type Explanation, explain } from '../orders/explain.ts'
import { type ParentRow, readParents } from '../orders/read.ts'
import { type ChildOrder, readChildren } from '../orders/show.ts'
import { readStaffOrders, type StaffOrder } from './all-orders.ts'
import { ordersWithLink } from './find-orders.ts'
import { type OrderStep, readOrderSteps } from './staff.ts'

/** All that staff may know of one order but for the log. */
export interface WholeOrder {
  readonly order: StaffOrder
  readonly details: OrderDetails
  readonly steps: readonly OrderStep[]
  readonly explanation: Explanation
  readonly refills: readonly StaffRefill[]
  /** Of a drip-feed or a subscription; null: it is neither. */
  readonly parent: ParentRow | null
  /** Its newest runs or posts. */
  readonly children: readonly ChildOrder[]
  /** Other orders of its link on all accounts, the newest first. */
  readonly sameLink: readonly StaffOrder[]
}

export interface OrderDetails {
  readonly parameters: Readonly<Record<string, string>> | null
  readonly rate: string
  readonly rateSource: string | null
  /** Null: it was not handed over. */
  readonly handOff: {
    readonly state: string
    readonly words: string | null
    readonly attempts: number
    readonly claimedAt: string | null
    readonly dueAt: string | null
    readonly oddAnswers: number
    readonly maybeThere: boolean
    readonly cancelSent: boolean
    readonly confirmedByStaff: boolean
  } | null
}

const DETAILS = `
  select o.id, o.parameters, o.rate, o.rate_source as "rateSource", (
    select jsonb_build_object('state', h.state, 'words', h.words, 'attempts', h.attempts, 'claimedAt', h.claimed_at,
      'dueAt', case when h.due_at < 'infinity' then least(h.due_at, (select l.due_at from poll_lists l where l.id = h.poll_list)) end, 'oddAnswers', h.odd_answers, 'maybeThere', h.maybe_there,
      'cancelSent', h.cancel_sent, 'confirmedByStaff', h.confirmed_by_staff)
    from hand_offs h where h.order_id = o.id) as "handOff"
  from orders o where o.id = any($1::bigint[])`

/** The details of orders, by their ids. */
export async function readOrderDetails(db: Queryable, ids: readonly bigint[]): Promise<ReadonlyMap<bigint, OrderDetails>> {
  if (ids.length === 0) return new Map()
  type Row = OrderDetails & { readonly id: bigint }
  const { rows } = await db.query<Row>({ name: 'details of orders', text: DETAILS, values: [numberArray(ids)] })
  return new Map(rows.map(({ id, ...details }) => [id, details]))
}

export interface StaffRefill {
  readonly id: bigint
  readonly status: string
  readonly askedAt: Date
  readonly endedAt: Date | null
  readonly handOff: string | null
  readonly reference: string | null
  readonly words: string | null
}

const REFILLS = `
  select r.id, r.status, r.asked_at as "askedAt", r.ended_at as "endedAt", h.state as "handOff", h.reference, h.words
  from refills r left join refill_hand_offs h on h.refill_id = r.id where r.order_id = $1 order by r.id desc limit 50`

const MOST_BESIDE = 10

/** Undefined: there is no such order. */
export async function readWholeOrder(db: Queryable, id: bigint): Promise<WholeOrder | undefined> {
  const [order] = await readStaffOrders(db, [id])
  if (!order) return undefined
  const [details, refills, steps, account, parents, children, beside] = await Promise.all([
    readOrderDetails(db, [id]),
    db.query<StaffRefill>({ name: 'refills of an order for staff', text: REFILLS, values: [id] }),
    readOrderSteps(db, id),
    readAccount(db, order.bookId, id),
    order.kind === 'single' ? new Map<string, ParentRow>() : readParents(db, [String(id)]),
    order.kind === 'single' ? [] : readChildren(db, order.bookId, id, null, MOST_BESIDE),
    ordersWithLink(db, order.link, MOST_BESIDE + 1),
  ])
  const sameLink = await readStaffOrders(db, beside.filter((other) => other !== id).slice(0, MOST_BESIDE))
  return {
    order,
    details: details.get(id)!,
    steps,
    explanation: explain(account!),
    refills: refills.rows,
    parent: parents.get(String(id)) ?? null,
    children,
    sameLink,
  }
}
