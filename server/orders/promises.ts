import type { OrderStatus } from '../../contract/statuses.ts'
import { numberArray, textArray } from '../db/arrays.ts'
import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import { divideHalfUp, type Units } from '../ledger/money.ts'

/** A promise that is due, and the state of its order. */
export interface DuePromise {
  readonly orderId: bigint
  readonly promise: 'start' | 'finish'
  readonly dueAt: Date
  /** The compensation for a missed promise, in hundredths of a per cent of the charge; null: it cancels the order. */
  readonly basisPoints: number | null
  /** The order's supplier was asked for its status since the promise was due. */
  readonly askedSupplier: boolean
  readonly serviceId: number
  readonly supplierId: number | null
  /** An order paid with test money. */
  readonly play: boolean
  readonly status: OrderStatus
  readonly placedAt: Date
  readonly startedAt: Date | null
  readonly endedAt: Date | null
  readonly charge: Units
  readonly refunded: Units
}

const BASIS_POINTS = 10_000n

/** The compensation for a missed promise, before it is limited to the rest of the charge. */
export function promisedShare(charge: Units, basisPoints: number): Units {
  return divideHalfUp(charge * BigInt(basisPoints), BASIS_POINTS)
}

/** When the promise was reached, as far as we know; a cancelled order has not finished. */
export function reachedAt(order: Pick<DuePromise, 'promise' | 'status' | 'startedAt' | 'endedAt'>): Date | null {
  if (order.promise === 'start') return order.startedAt
  return order.status === 'Canceled' ? null : order.endedAt
}

const CLAIM = `
  select order_id as "orderId", promise from promises where state = 'open' and judge_at <= $1
  order by judge_at limit $2 for update skip locked`
const LOCK = sqlFunction('lock_orders', ['ids'])
const READ = `
  select o.id as "orderId", p.promise, p.due_at as "dueAt", p.compensation_basis_points as "basisPoints", p.asked_supplier as "askedSupplier",
    o.service_id as "serviceId", o.supplier_id as "supplierId", b.play, o.status::text, o.placed_at as "placedAt", o.started_at as "startedAt",
    o.ended_at as "endedAt", o.charge, o.refunded
  from unnest($1::bigint[], $2::text[]) with ordinality as t(id, promise, n)
  join promises p on p.order_id = t.id and p.promise = t.promise
  join orders o on o.id = t.id join books b on b.id = o.book_id
  order by t.n`

/** Takes the promises that are to be judged, inside the caller's transaction, with all the locks that a compensation needs; another node skips
 * the promises that this one has locked. */
export async function takeDuePromises(tx: Queryable, now: Date, most: number): Promise<DuePromise[]> {
  const { rows } = await tx.query<{ orderId: bigint; promise: string }>({ name: 'due promises', text: CLAIM, values: [now, most] })
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.orderId)
  await tx.query(LOCK.call({ ids: numberArray(ids) }))
  return (await tx.query<DuePromise>(READ, [numberArray(ids), textArray(rows.map((row) => row.promise))])).rows
}

const JUDGE_LATER = `
  update promises p set judge_at = $3, asked_supplier = true
  from unnest($1::bigint[], $2::text[]) as t(id, promise) where p.order_id = t.id and p.promise = t.promise`

/** Judges these promises later, when their suppliers have been asked for the status. */
export async function judgeLater(tx: Queryable, due: readonly DuePromise[], at: Date): Promise<void> {
  if (due.length > 0) await tx.query(JUDGE_LATER, [...names(due), at])
}

/** The verdict on a promise. */
export interface Judged {
  readonly due: DuePromise
  readonly verdict: 'kept' | 'missed' | 'void'
  /** The amount that was paid back for it. */
  readonly compensation: Units
}

const JUDGE = `
  update promises p set state = t.verdict, judged_at = $5, compensation = t.compensation
  from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) as t(id, promise, verdict, compensation)
  where p.order_id = t.id and p.promise = t.promise`

export async function recordVerdicts(tx: Queryable, judged: readonly Judged[], now: Date): Promise<void> {
  if (judged.length === 0) return
  const verdicts = [textArray(judged.map((one) => one.verdict)), numberArray(judged.map((one) => one.compensation))]
  await tx.query(JUDGE, [...names(judged.map((one) => one.due)), ...verdicts, now])
}

function names(due: readonly DuePromise[]): [string, string] {
  return [numberArray(due.map((one) => one.orderId)), textArray(due.map((one) => one.promise))]
}

const COMPENSATE = sqlFunction('compensate_order', ['now', 'order', 'promise', 'amount', 'words'])

/** Pays the compensation for a missed promise, under the locks of takeDuePromises(). The database refuses to pay it twice. */
export async function compensate(tx: Queryable, due: DuePromise, amount: Units, words: string, now: Date): Promise<void> {
  await tx.query(COMPENSATE.call({ now, order: due.orderId, promise: due.promise, amount, words }))
}

/** The missed promises of a service. */
export interface Misses {
  readonly serviceId: number
  readonly name: string
  readonly promise: 'start' | 'finish'
  readonly missed: number
  readonly paidBack: Units
  readonly currency: string
}

const MISSES = `
  select o.service_id as "serviceId", s.name, p.promise, count(*)::int as missed, sum(p.compensation)::bigint as "paidBack", b.currency
  from promises p join orders o on o.id = p.order_id join books b on b.id = o.book_id and not b.play join services s on s.id = o.service_id
  where p.state = 'missed' and p.judged_at >= $1
  group by o.service_id, s.name, p.promise, b.currency order by count(*) desc, o.service_id, p.promise desc, b.currency`

/** Promises missed since that moment, the most frequent first; test money is not counted. */
export async function readMisses(db: Queryable, since: Date): Promise<Misses[]> {
  return (await db.query<Misses>(MISSES, [since])).rows
}
