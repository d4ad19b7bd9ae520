import type { OrderStatus, RefillStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import { UNSENT } from './cancel.ts'

/** All that a customer may know about its own order, except its timeline and children. Money in units of 10⁻⁵. */
export interface ShownOrder {
  readonly id: bigint
  /** The book that paid for it. */
  readonly bookId: number
  readonly serviceId: number
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  readonly status: OrderStatus
  readonly link: string
  readonly parameters: Readonly<Record<string, string>> | null
  readonly quantity: bigint
  readonly charge: bigint
  /** The rate that the charge was computed from: per 1000, or per package. */
  readonly rate: string
  readonly refunded: bigint
  readonly startCount: bigint
  readonly remains: bigint
  readonly ended: boolean
  readonly cancelAsked: boolean
  /** No supplier has any part of it yet: a cancel ends it at once. */
  readonly unsent: boolean
  readonly placedAt: Date
  readonly endedAt: Date | null
  /** The drip-feed or subscription that made it. */
  readonly parentId: bigint | null
  /** For a run of a drip-feed: its number among the runs. */
  readonly runNumber: number | null
  readonly runs: number | null
}

const SHOWN = `
  select o.id, o.book_id as "bookId", o.service_id as "serviceId", o.kind, o.status, o.link, o.parameters, o.quantity, o.charge, o.rate, o.refunded,
    o.start_count as "startCount", o.remains, o.ended, o.cancel_asked_at is not null as "cancelAsked", o.placed_at as "placedAt",
    o.ended_at as "endedAt", c.parent_id as "parentId", ${UNSENT} as unsent,
    p.runs, case when p.order_id is not null then c.number end as "runNumber"
  from orders o left join child_orders c on c.order_id = o.id left join drip_feeds d on d.order_id = o.id
  left join drip_feeds p on p.order_id = c.parent_id
  where o.id = $1 and o.book_id = any($2::int[])`

/** An order of one of these books; another book's order is answered like one that does not exist. */
export async function readOwnOrder(db: Queryable, bookIds: readonly number[], id: bigint): Promise<ShownOrder | undefined> {
  return (await db.query<ShownOrder>({ name: 'own order', text: SHOWN, values: [id, bookIds] })).rows[0]
}

/** A step of an order's life as its customer may see it: without the person who made it, and without the supplier's words. */
export interface TimelineStep {
  readonly at: Date
  readonly status: OrderStatus | RefillStatus
  readonly ofRefill: boolean
  readonly remains: bigint | null
  readonly asked: 'cancel' | 'refill' | 'speed-up' | null
}

const TIMELINE = `
  select at, status, refill_id is not null as "ofRefill", remains,
    case words when 'cancel requested' then 'cancel' when 'refill requested' then 'refill' when 'speed-up requested' then 'speed-up' end as asked
  from order_events where order_id = $1 and book_id = $2 order by change desc limit $3`

/** The newest steps of an order, newest first. */
export async function readTimeline(db: Queryable, bookId: number, id: bigint, most: number): Promise<TimelineStep[]> {
  return (await db.query<TimelineStep>({ name: 'timeline', text: TIMELINE, values: [id, bookId, most] })).rows
}

export interface ChildOrder {
  readonly id: bigint
  /** 1 for the first run or post. */
  readonly number: number
  readonly status: OrderStatus
  readonly quantity: bigint
  readonly remains: bigint
}

const CHILDREN = `
  select o.id, c.number, o.status, o.quantity, o.remains from child_orders c join orders o on o.id = c.order_id
  where c.parent_id = $1 and o.book_id = $2 and ($3::int is null or c.number < $3) order by c.number desc limit $4`

/** The runs or posts of an order, newest first. */
export async function readChildren(db: Queryable, bookId: number, id: bigint, before: number | null, most: number): Promise<ChildOrder[]> {
  return (await db.query<ChildOrder>({ name: 'children', text: CHILDREN, values: [id, bookId, before, most] })).rows
}
