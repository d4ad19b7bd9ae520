import type { RefillStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import { closeAlerts } from '../loops/alerts.ts'
import { takeBackCancel } from '../orders/cancel.ts'
import { LOCKED_ORDERS, type LockedOrder } from '../orders/judge.ts'
import { settleRefills } from '../orders/settle-refills.ts'
import { refuse } from '../refusal.ts'
import type { ByHand } from './by-hand.ts'

const LOCK = `${LOCKED_ORDERS} where id = $1 for no key update`

async function lockedAsk(tx: Queryable, orderId: bigint): Promise<void> {
  const order = (await tx.query<LockedOrder>(LOCK, [orderId])).rows[0]
  if (!order) throw refuse('unknown_order')
  if (order.ended) throw refuse('order_ended', order.status)
  if (!order.cancelAsked) throw refuse('no_cancel_asked')
}

const FORGET_CANCEL = 'update hand_offs set cancel_sent = false where order_id = $1'

/** Says no to a cancel: the work goes on, and the customer may ask again. */
export async function declineCancel(tx: Queryable, orderId: bigint, reason: string, { by, now }: ByHand): Promise<void> {
  await lockedAsk(tx, orderId)
  await takeBackCancel(tx, orderId, { by, words: `cancel refused: ${reason}` }, now)
  await tx.query(FORGET_CANCEL, [orderId])
  for (const kind of ['cancel requested', 'answer unclear'] as const) await closeAlerts(tx, { kind, supplierId: null, orderId }, now)
}

const ASK_CANCEL_AGAIN = `
  update hand_offs h set cancel_sent = false, due_at = $2 from suppliers s
  where h.order_id = $1 and s.id = h.supplier_id and s.protocol <> 'manual' and h.state = 'sent' and h.reference is not null`

/** Has the supplier asked to cancel once more, at once. */
export async function askCancelAgain(tx: Queryable, orderId: bigint, now: Date): Promise<void> {
  await lockedAsk(tx, orderId)
  if ((await tx.query(ASK_CANCEL_AGAIN, [orderId, now])).rowCount === 0) throw refuse('no_supplier_to_ask')
}

interface LockedRefill {
  readonly orderId: bigint
  readonly status: RefillStatus
  /** The protocol and the hand-off of whoever has it; null: nobody. */
  readonly protocol: string | null
  readonly state: string | null
  readonly reference: string | null
}

const LOCK_REFILL = `
  select r.order_id as "orderId", r.status, (select s.protocol from suppliers s where s.id = coalesce(f.supplier_id, h.supplier_id)) as protocol,
    f.state, f.reference
  from refills r left join refill_hand_offs f on f.refill_id = r.id left join hand_offs h on h.order_id = r.order_id
  where r.id = $1 for no key update of r`

async function lockedRefill(tx: Queryable, refillId: bigint): Promise<LockedRefill> {
  const refill = (await tx.query<LockedRefill>(LOCK_REFILL, [refillId])).rows[0]
  if (!refill) throw refuse('unknown_refill')
  if (refill.status !== 'Pending' && refill.status !== 'In progress') throw refuse('refill_ended', refill.status)
  if (refill.state === 'calling') throw refuse('hand_off_under_way')
  return refill
}

// Its supplier is not asked about it any more; a refill that nobody has is with staff.
const TAKE_REFILL = `
  insert into refill_hand_offs as f (refill_id, supplier_id, reference, state, due_at)
  select r.id, coalesce(h.supplier_id, o.supplier_id), 'manual', 'sent', 'infinity'
  from refills r join orders o on o.id = r.order_id left join hand_offs h on h.order_id = o.id
  where r.id = $1 and coalesce(h.supplier_id, o.supplier_id) is not null
  on conflict (refill_id) do update set state = 'sent', due_at = 'infinity'`

/** How a refill stood before a person changed it. */
export type RefillBefore = Pick<LockedRefill, 'orderId' | 'status' | 'state'>

/** Notes how a refill stands, in the place of its supplier. */
export async function setRefill(
  tx: Queryable,
  refillId: bigint,
  to: { readonly status: 'In progress' | 'Completed' | 'Rejected'; readonly words: string },
  { by, now }: ByHand,
): Promise<RefillBefore> {
  const before = await lockedRefill(tx, refillId)
  await tx.query(TAKE_REFILL, [refillId])
  await settleRefills(tx, [{ refillId, ...to }], by, now)
  await closeAlerts(tx, { kind: 'refill unclear', supplierId: null, orderId: before.orderId }, now)
  return before
}

const ASK_REFILL_AGAIN = `
  update refill_hand_offs set state = case when reference is null then 'waiting' else state end, due_at = $2, attempts = 0 where refill_id = $1`

/** Has the supplier asked about a refill once more, at once: for the refill itself, or for how it stands. */
export async function askRefillAgain(tx: Queryable, refillId: bigint, now: Date): Promise<RefillBefore> {
  const before = await lockedRefill(tx, refillId)
  const isSomebodyThere = before.protocol !== null && before.protocol !== 'manual' && before.reference !== 'manual'
  // Whoever has the refill without a number of it cannot be asked how it stands, and is not asked for a second one.
  if (!isSomebodyThere || (before.status === 'In progress' && before.reference === null)) throw refuse('no_supplier_to_ask')
  await tx.query(ASK_REFILL_AGAIN, [refillId, now])
  return before
}
