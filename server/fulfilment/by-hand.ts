import { supplierByName } from '../catalog/bind.ts'
import type { Queryable } from '../db/pool.ts'
import { closeAlerts } from '../loops/alerts.ts'
import { readStoppable, stopOrders } from '../orders/cancel.ts'
import { noteWords } from '../orders/events.ts'
import { giveTo } from '../orders/hand-over.ts'
import { isFinal, judge, LOCKED_ORDERS, type LockedOrder, type Wanted } from '../orders/judge.ts'
import { settle } from '../orders/settle.ts'
import { refuse } from '../refusal.ts'
import { closeHandOff, FORGET } from './hand-off-states.ts'

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

/** Sets the counts of an order, or ends it with the refund of what remains, whoever works on it. Does nothing when it stands so already. Throws a
 * Refusal when the change does not fit the order. */
export async function settleByHand(tx: Queryable, wanted: Wanted, { by, now }: ByHand): Promise<void> {
  const { order, handOff } = await locked(tx, wanted.orderId)
  const verdict = judge(wanted, order)
  if ('fault' in verdict) throw verdict.fault
  if (!verdict.news) return
  const { news } = verdict
  if (!isFinal(news.status) && !order.sent) throw refuse('not_handed_over_yet')
  if (handOff?.state === 'calling') throw refuse('hand_off_under_way')
  await settle(tx, [news], by, now)
  if (isFinal(news.status)) await closeHandOff(tx, wanted.orderId, `ended by ${by}`, now)
}

/** Cancels an order as its customer could: at once with its refund where no supplier has it, else its supplier is asked. Whether the service allows
 * cancels does not matter. */
export async function cancelByHand(tx: Queryable, orderId: bigint, reason: string | null, { by, now }: ByHand): Promise<void> {
  const { order: found } = await locked(tx, orderId)
  const [order] = await readStoppable(tx, [orderId], null)
  if (order!.ended) throw refuse('order_ended', found.status)
  if (order!.asked && !order!.unsent) throw refuse('cancel_asked_already')
  await stopOrders(tx, [order!], { by, cancelled: reason, asked: reason ?? 'cancel requested' }, now)
}

const IS_OF_TEST_KEY = 'select k.test from orders o join api_keys k on k.id = o.key_id where o.id = $1'

/** Hands an order to another supplier. Only where it is certain that no supplier has it: else two would do the work. */
export async function sendTo(tx: Queryable, orderId: bigint, supplier: string, { by, now }: ByHand): Promise<void> {
  const { order, handOff } = await locked(tx, orderId)
  if (order.kind !== 'single') throw refuse('changed_by_its_orders', order.kind)
  if (order.ended) throw refuse('order_ended', order.status)
  const supplierId = await supplierByName(tx, supplier)
  const { rows } = await tx.query<{ test: boolean }>(IS_OF_TEST_KEY, [orderId])
  if (rows[0]!.test) throw refuse('test_order_stays')
  if (handOff?.state === 'calling') throw refuse('hand_off_under_way')
  const isNowhere = !order.sent || (handOff !== undefined && ['waiting', 'attention'].includes(handOff.state) && !handOff.maybeThere)
  if (!isNowhere) throw refuse('supplier_may_have_it')
  await noteWords(tx, orderId, by, `sent to ${supplier}`, now)
  await tx.query(FORGET, [orderId])
  await giveTo(tx, orderId, supplierId)
  await closeAlerts(tx, { kind: null, supplierId: null, orderId }, now)
}

async function locked(tx: Queryable, orderId: bigint): Promise<{ order: LockedOrder; handOff: HandOff | undefined }> {
  const { rows } = await tx.query<LockedOrder>(LOCK, [orderId])
  if (!rows[0]) throw refuse('unknown_order')
  const handOffs = await tx.query<HandOff>(STANDING, [orderId])
  return { order: rows[0], handOff: handOffs.rows[0] }
}
