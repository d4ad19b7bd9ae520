import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { isCancelAsked } from '../orders/hand-over.ts'
import { settle } from '../orders/settle.ts'
import { type Alert, closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { backOff } from '../loops/back-off.ts'
import { after } from '../loops/time.ts'
import { BEGIN_LIST, UNASKED_UNTIL } from './watched.ts'

/**
 * The states of a hand-off and their effect on the order: calling → sent, waiting, unconfirmed, attention or settled. Nothing here calls a supplier.
 */

/** How long to wait before a supplier is asked again whether it keeps retry keys. */
export const ASK_AGAIN_SECONDS = 30

const OWNER = `
  select order_id as id from hand_offs
  where supplier_id = $1 and reference = $2 and reference is not null and reference <> 'manual' and not shares_reference`

/** Our order that has this id of the supplier. */
export async function ownerOf(db: Queryable, supplierId: number, reference: string): Promise<bigint | undefined> {
  return (await db.query<{ id: bigint }>(OWNER, [supplierId, reference])).rows[0]?.id
}

const SENT = `
  with ${BEGIN_LIST},
  noted as (
    update hand_offs h set state = 'sent', reference = t.reference, words = t.words, poll_list = b.id, due_at = ${UNASKED_UNTIL}, attempts = 0
    from unnest($1::bigint[], $3::text[], $4::text[]) as t(id, reference, words), begun b where h.order_id = t.id and b.supplier_id = h.supplier_id
  )
  update alerts set closed_at = $2 where closed_at is null and order_id = any($1::bigint[])`

export interface Sent {
  readonly orderId: bigint
  readonly reference: string
  readonly words: string | null
}

/** The supplier has the orders: their status is asked for from now on, and what was wrong with them is over. */
export async function noteSent(db: Queryable, sent: readonly Sent[], now: Date): Promise<void> {
  const of = <T>(pick: (one: Sent) => T) => sent.map(pick)
  const values = [of(({ orderId }) => orderId), now, of(({ reference }) => reference), of(({ words }) => words)]
  await db.query({ name: 'note sent', text: SENT, values })
}

const WAIT = `update hand_offs set state = 'waiting', words = $2, due_at = $3 where order_id = $1`
const ATTEMPTS = 'select attempts from hand_offs where order_id = $1'

/** The supplier certainly does not have the order. It is tried again later, with longer pauses after more attempts. */
export async function wait(db: Queryable, orderId: bigint, words: string, now: Date): Promise<void> {
  const { rows } = await db.query<{ attempts: number }>(ATTEMPTS, [orderId])
  await waitUntil(db, orderId, words, backOff(now, rows[0]?.attempts ?? 0))
}

export async function waitUntil(db: Queryable, orderId: bigint, words: string, until: Date): Promise<void> {
  await db.query(WAIT, [orderId, words, until])
}

const DOUBT = 'update hand_offs set maybe_there = true where order_id = $1'

/** The order is sent again under the same retry key. */
export async function waitForAnswer(db: Queryable, orderId: bigint, words: string, now: Date): Promise<void> {
  await db.query(DOUBT, [orderId])
  await wait(db, orderId, words, now)
}

const PARK = `update hand_offs set state = 'unconfirmed', words = $2, due_at = $3 where order_id = $1`

/** Nobody knows whether the supplier has the order. It is never sent again on a guess: staff decide, or the supplier turns out to keep retry keys. */
export async function park(db: Queryable, { orderId, supplierId, words }: Parked, now: Date): Promise<void> {
  await db.query(PARK, [orderId, words, after(now, ASK_AGAIN_SECONDS)])
  await raiseAlert(db, { kind: 'unconfirmed hand-off', supplierId, orderId, words }, now)
  if (await isCancelAsked(db, orderId)) await raiseAlert(db, { kind: 'cancel requested', supplierId, orderId, words }, now)
}

interface Parked {
  readonly orderId: bigint
  readonly supplierId: number
  readonly words: string
}

const CLOSE = `update hand_offs set state = 'settled', words = $2, due_at = 'infinity' where order_id = $1`

export const FORGET = 'delete from hand_offs where order_id = $1'

export function end(db: Database, orderId: bigint, words: string, now: Date): Promise<void> {
  return transaction(db, (tx) => endIn(tx, orderId, words, now))
}

/** Cancels the order with its refund. Its status is not asked for any more. */
export async function endIn(tx: Queryable, orderId: bigint, words: string, now: Date): Promise<void> {
  await settle(tx, [{ orderId, status: 'Canceled', startCount: null, remains: null, words }], 'supplier', now)
  await closeHandOff(tx, orderId, words, now)
}

/** Nobody asks a supplier about the order any more, nor staff. */
export async function closeHandOff(tx: Queryable, orderId: bigint, words: string, now: Date): Promise<void> {
  await tx.query(CLOSE, [orderId, words])
  await closeAlerts(tx, { kind: null, supplierId: null, orderId }, now)
}

/** An alert about one order. */
export type OrderAlert = Alert & { readonly orderId: bigint }

export function needAttention(db: Database, alert: OrderAlert, now: Date): Promise<void> {
  return transaction(db, (tx) => needAttentionIn(tx, alert, now))
}

const ATTENTION = `update hand_offs set state = 'attention', words = $2, due_at = 'infinity', maybe_there = false where order_id = $1`

/** Leaves the order to staff, unless its customer has asked for a cancel: then nobody needs to decide. */
export async function needAttentionIn(tx: Queryable, alert: OrderAlert, now: Date): Promise<void> {
  const { orderId } = alert
  if (await isCancelAsked(tx, orderId)) return endIn(tx, orderId, `cancelled before it was sent. ${alert.words}`, now)
  await tx.query(ATTENTION, [orderId, alert.words])
  await raiseAlert(tx, alert, now)
}
