import type { Queryable } from '../db/pool.ts'
import { closeAlerts } from '../loops/alerts.ts'
import { readStoppable, stopOrders } from '../orders/cancel.ts'
import { noteWords } from '../orders/events.ts'
import { giveTo } from '../orders/hand-over.ts'
import { isFinal, judge, LOCKED_ORDERS, type LockedOrder, type Wanted } from '../orders/judge.ts'
import { settle, type Settled } from '../orders/settle.ts'
import { refuse } from '../refusal.ts'
import { CLOSE, FORGET } from './hand-off-states.ts'

/** A person, and what the timeline says of them. */
export interface ByHand {
  readonly by: string
  readonly now: Date
}

const LOCK = `${LOCKED_ORDERS} where id = $1 for no key update`
// Taken after the order's own lock, as everywhere.
const STANDING = 'select state, maybe_there as "maybeThere" from hand_offs where order_id = $1 for update'

interface HandOff {
  readonly state: 'calling' | 'waiting' | 'sent' | 'unconfirmed' | 'attention' | 'settled'
  /** A supplier may have it without our knowing. */
  readonly maybeThere: boolean
}

/** Sets the counts of an order, or ends it with the refund of what remains, whoever works on it. Undefined: it stands so already. Throws a Refusal when
 * the change does not fit the order. */
export async function settleByHand(tx: Queryable, wanted: Wanted, { by, now }: ByHand): Promise<Settled | undefined> {
  const { order, handOff } = await locked(tx, wanted.orderId)
  const verdict = judge(wanted, order)
  if ('fault' in verdict) throw verdict.fault
  if (!verdict.news) return undefined
  const { news } = verdict
  if (!isFinal(news.status) && !order.sent) throw refuse('not_handed_over_yet')
  if (handOff?.state === 'calling') throw refuse('hand_off_under_way')
  const [settled] = await settle(tx, [news], by, now)
  if (isFinal(news.status)) await forgetOrder(tx, wanted.orderId, `ended by ${by}`, now)
  return settled
}

/** Cancels an order as its customer could: at once with its refund where no supplier has it, else its supplier is asked. Whether the service allows
 * cancels does not matter. */
export async function cancelByHand(
  tx: Queryable,
  orderId: bigint,
  reason: string | null,
  { by, now }: ByHand,
): Promise<'cancelled' | 'asked'> {
  await locked(tx, orderId)
  const [order] = await readStoppable(tx, [orderId], null)
  if (order!.ended) throw refuse('order_has_ended')
  if (order!.asked && !order!.unsent) throw refuse('cancel_asked_already')
  const ended = await stopOrders(tx, [order!], { by, cancelled: reason, asked: reason ?? 'cancel requested' }, now)
  return ended.has(orderId) ? 'cancelled' : 'asked'
}

const OF_SERVICE = `
  select s.id, s.name, o.supplier_id as "current", k.test from suppliers s cross join orders o join api_keys k on k.id = o.key_id
  where s.name = $1 and o.id = $2`

/** Hands an order to another supplier. Only where it is certain that no supplier has it: else two would do the work. */
export async function sendTo(tx: Queryable, orderId: bigint, supplier: string, { by, now }: ByHand): Promise<{ supplier: number }> {
  const { order, handOff } = await locked(tx, orderId)
  if (order.kind !== 'single') throw refuse('changed_by_its_orders', order.kind)
  if (order.ended) throw refuse('order_ended', order.status)
  const { rows } = await tx.query<{ id: number; current: number | null; test: boolean }>(OF_SERVICE, [supplier, orderId])
  if (!rows[0]) throw refuse('unknown_supplier', supplier)
  if (rows[0].test) throw refuse('test_order_stays')
  if (handOff?.state === 'calling') throw refuse('hand_off_under_way')
  const isNowhere = !order.sent || (handOff !== undefined && ['waiting', 'attention'].includes(handOff.state) && !handOff.maybeThere)
  if (!isNowhere) throw refuse('supplier_may_have_it')
  await noteWords(tx, orderId, by, `sent to ${supplier}`, now)
  await tx.query(FORGET, [orderId])
  await giveTo(tx, orderId, rows[0].id)
  await closeAlerts(tx, { kind: null, supplierId: null, orderId }, now)
  return { supplier: rows[0].id }
}

async function locked(tx: Queryable, orderId: bigint): Promise<{ order: LockedOrder; handOff: HandOff | undefined }> {
  const { rows } = await tx.query<LockedOrder>(LOCK, [orderId])
  if (!rows[0]) throw refuse('unknown_order')
  const handOffs = await tx.query<HandOff>(STANDING, [orderId])
  return { order: rows[0], handOff: handOffs.rows[0] }
}

/** Nobody asks a supplier about it any more. */
async function forgetOrder(tx: Queryable, orderId: bigint, words: string, now: Date): Promise<void> {
  await tx.query(CLOSE, [orderId, words])
  await closeAlerts(tx, { kind: null, supplierId: null, orderId }, now)
}
