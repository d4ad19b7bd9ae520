import type { Queryable } from '../db/pool.ts'

/** What was counted of the API in an hour, by all nodes. */
export interface ApiHour {
  readonly hour: Date
  /** A bit per minute in which a node was running, the first minute in the lowest. */
  readonly minutes: bigint
  readonly calls: number
  readonly failed: number
  /** Calls by how long they took, in the buckets of latency.ts. */
  readonly times: readonly number[]
}

const HOURS = `
  select hour, minutes, calls::float8 as calls, failed::float8 as failed, times::float8[] as times from api_hours where hour >= $1 order by hour`

/** The oldest first. */
export async function readApiHours(db: Queryable, since: Date): Promise<ApiHour[]> {
  return (await db.query<ApiHour>({ name: 'hours of the api', text: HOURS, values: [since] })).rows
}

const LATELY = `
  select coalesce(sum(calls), 0)::float8 as calls, coalesce(sum(failed), 0)::float8 as failed from api_minutes where minute >= $1`

/** The calls since a moment. */
export async function readApiLately(db: Queryable, since: Date): Promise<{ readonly calls: number; readonly failed: number }> {
  return (await db.query<{ calls: number; failed: number }>({ name: 'api lately', text: LATELY, values: [since] })).rows[0]!
}

/** Completed orders of a category by how long they took. */
export interface OrderTimes {
  readonly category: string
  readonly measure: 'start' | 'finish'
  readonly bucket: number
  readonly orders: number
}

const OF_HOURS = `
  select category, measure, bucket::int as bucket, sum(orders)::float8 as orders from order_time_hours where hour >= $1 group by 1, 2, 3`
const OF_DAYS = `
  select category, measure, bucket::int as bucket, sum(orders)::float8 as orders from order_time_days where day >= ($1::timestamptz at time zone 'utc')::date
  group by 1, 2, 3`

export async function readOrderTimes(db: Queryable, by: 'hours' | 'days', since: Date): Promise<OrderTimes[]> {
  const text = by === 'hours' ? OF_HOURS : OF_DAYS
  return (await db.query<OrderTimes>({ name: `order times by ${by}`, text, values: [since] })).rows
}

/** Whether a connection answered when it was asked last. */
export interface Connection {
  /** As the operator tells it to everybody; null: it is only counted. */
  readonly name: string | null
  readonly answers: boolean
}

// One that nobody asks, because it is paused or has no orders, tells nothing.
const SUPPLIERS = `
  select u.public_name as name, s.answers from supplier_standings s join suppliers u on u.id = s.supplier_id
  where not u.paused and u.protocol = 'api-v2' and s.answers is not null order by u.public_name, u.id`

export async function readSupplierConnections(db: Queryable): Promise<Connection[]> {
  return (await db.query<Connection>({ name: 'connections of suppliers', text: SUPPLIERS })).rows
}

const DEPOSITS = `
  select null::text as name, s.answers from payment_standings s join payment_methods m on m.id = s.method_id where m.is_on`

export async function readPaymentConnections(db: Queryable): Promise<Connection[]> {
  return (await db.query<Connection>({ name: 'connections of payments', text: DEPOSITS })).rows
}

export interface SupplierDay {
  /** Like 2026-03-01. */
  readonly day: string
  readonly calls: number
  readonly failures: number
}

// From the index of each supplier: a panel has few suppliers, and 90 days of each are some two thousand rows.
const SUPPLIER_DAYS = `
  select to_char(h.hour at time zone 'utc', 'YYYY-MM-DD') as day, sum(h.calls)::float8 as calls, sum(h.failures)::float8 as failures
  from suppliers u cross join lateral (select hour, calls, failures from supplier_hours where supplier_id = u.id and hour >= $1 offset 0) h
  where u.protocol = 'api-v2' group by 1 order by 1`

/** How the calls to all suppliers were answered, the oldest day first. */
export async function readSupplierDays(db: Queryable, since: Date): Promise<SupplierDay[]> {
  return (await db.query<SupplierDay>({ name: 'days of suppliers', text: SUPPLIER_DAYS, values: [since] })).rows
}
