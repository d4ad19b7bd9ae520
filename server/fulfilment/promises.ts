import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { formatUnits, type Units } from '../ledger/money.ts'
import { readStoppable, stopOrders } from '../orders/cancel.ts'
import { noteWords } from '../orders/events.ts'
import {
  compensate,
  type DuePromise,
  type Judged,
  judgeLater,
  promisedShare,
  reachedAt,
  recordVerdicts,
  takeDuePromises,
} from '../orders/promises.ts'
import { raiseAlert } from '../loops/alerts.ts'
import { after } from '../loops/time.ts'

const MOST_AT_ONCE = 50
/** Suppliers are asked only now and then, so one is asked once more when a promise is due; an answer within this time still counts. */
const ANSWER_SECONDS = 60

/** Decides the promises that are due, each once, and compensates or cancels for those that were missed. Answers how many it handled. */
export async function workPromises(db: Database, now: () => Date): Promise<number> {
  const at = now()
  await closeOldMisses(db, at)
  return transaction(db, async (tx) => {
    const due = await takeDuePromises(tx, at, MOST_AT_ONCE)
    const later = await askSuppliers(tx, due.filter(isUnclear), at)
    await judgeLater(tx, later, after(at, ANSWER_SECONDS))
    const judged: Judged[] = []
    for (const one of due) if (!later.includes(one)) judged.push(await judge(tx, one, judged, at))
    await recordVerdicts(tx, judged, at)
    await alertStaff(tx, judged, at)
    return due.length
  })
}

const CLOSE_OLD_MISSES = `
  update alerts a set closed_at = $1
  where a.closed_at is null and a.kind = 'promise missed' and case
    when a.order_id is null then a.last_at < $1::timestamptz - interval '1 day'
    else exists (select from orders o where o.id = a.order_id and o.ended) end`

/** The alert about a supplier's misses closes when there are no new ones, the alert about an order when the order has ended. */
async function closeOldMisses(db: Queryable, now: Date): Promise<void> {
  await db.query({ name: 'close old misses', text: CLOSE_OLD_MISSES, values: [now] })
}

/** We know of no start or end, but the supplier may know better. */
function isUnclear(due: DuePromise): boolean {
  return !due.askedSupplier && due.endedAt === null && reachedAt(due) === null
}

function verdictOf(due: DuePromise): Judged['verdict'] {
  const until = after(due.dueAt, ANSWER_SECONDS)
  const reached = reachedAt(due)
  if (reached && reached <= until) return 'kept'
  return due.status === 'Canceled' && due.endedAt! <= until ? 'void' : 'missed'
}

// For a drip-feed, the suppliers of its runs.
const ASK_SOON = `
  update hand_offs h set due_at = least(h.due_at, $2)
  from (
    select t.id, t.id as promised from unnest($1::bigint[]) as t(id)
    union all select k.order_id, k.parent_id from child_orders k where k.parent_id = any($1::bigint[])
  ) w join orders o on o.id = w.id and not o.ended
  where h.order_id = w.id and h.state = 'sent' and h.due_at <> 'infinity'
  returning w.promised as id`

/** Has the suppliers of these orders asked soon. Answers the orders whose supplier will be asked. */
async function askSuppliers(tx: Queryable, due: readonly DuePromise[], now: Date): Promise<DuePromise[]> {
  if (due.length === 0) return []
  const { rows } = await tx.query<{ id: bigint }>(ASK_SOON, [due.map((one) => one.orderId), now])
  const asked = new Set(rows.map((row) => row.id))
  return due.filter((one) => asked.has(one.orderId))
}

/** `before`: promises that were decided in the same transaction already, perhaps of the same order. */
async function judge(tx: Queryable, due: DuePromise, before: readonly Judged[], now: Date): Promise<Judged> {
  const verdict = verdictOf(due)
  if (verdict !== 'missed') return { due, verdict, compensation: 0n }
  const words = lateWords(due)
  const paid = before.filter((one) => one.due.orderId === due.orderId).reduce((sum, one) => sum + one.compensation, 0n)
  const compensation = due.basisPoints === null ? 0n : compensationOf(due, due.basisPoints, paid)
  if (due.basisPoints === null) await stop(tx, due, words, now)
  else if (compensation > 0n) await compensate(tx, due, compensation, `${words}: ${formatUnits(compensation)} paid back`, now)
  else await noteWords(tx, due.orderId, 'docket', `${words}: nothing of the charge is left to pay back`, now)
  return { due, verdict, compensation }
}

/** The promised share of the charge, rounded once, and never more than is left of it. */
function compensationOf({ charge, refunded }: DuePromise, basisPoints: number, paid: Units): Units {
  const share = promisedShare(charge, basisPoints)
  const left = charge - refunded - paid
  return share < left ? share : left
}

function lateWords({ promise, placedAt, dueAt }: DuePromise): string {
  const minutes = Math.round((dueAt.getTime() - placedAt.getTime()) / 60_000)
  return `not ${promise === 'start' ? 'started' : 'finished'} within ${minutes} minutes`
}

/**
 * Cancels and refunds an order that no supplier has, and requests a cancel for the others. An order that has started late is not stopped for its late
 * start.
 */
async function stop(tx: Queryable, due: DuePromise, words: string, now: Date): Promise<void> {
  const [order] = await readStoppable(tx, [due.orderId], null)
  if (order!.ended) return
  if (due.promise === 'start' && due.startedAt) return noteWords(tx, due.orderId, 'docket', `${words}: it has started since`, now)
  const why = { by: 'docket', cancelled: `${words}: cancelled, nothing was sent`, asked: `${words}: cancel requested` }
  await stopOrders(tx, [order!], why, now)
}

/**
 * One alert per supplier, however many orders were late; orders with test money raise none. In the order of supplier ids, so that two nodes never
 * wait for each other.
 */
async function alertStaff(tx: Queryable, judged: readonly Judged[], now: Date): Promise<void> {
  const missed = judged.filter((one) => one.verdict === 'missed' && !one.due.play).map((one) => one.due)
  const suppliers = [...new Set(missed.map((due) => due.supplierId))].toSorted((a, b) => (a ?? 0) - (b ?? 0))
  for (const supplierId of suppliers) {
    const [first, ...more] = missed.filter((due) => due.supplierId === supplierId)
    const words = `Order ${first!.orderId} of service ${first!.serviceId}: ${lateWords(first!)}${more.length > 0 ? `, and ${more.length} more` : ''}`
    await raiseAlert(tx, { kind: 'promise missed', supplierId, orderId: null, words }, now)
  }
}
