import { type Database, transaction } from '../db/pool.ts'
import { isCancelAsked } from '../orders/hand-over.ts'
import { closeAlerts } from './alerts.ts'
import { endIn, noteSent, wait } from './hand-off.ts'

/** What a person decides of an order that is unconfirmed or needs attention. */
export type Decision =
  | { readonly they: 'have it'; readonly reference: string }
  | { readonly they: 'do not: send' }
  | { readonly they: 'do not: cancel' }

/** What became of it. */
export type Decided = 'watched' | 'sent' | 'cancelled'

const UNDECIDED = `select state from hand_offs where order_id = $1 and state in ('unconfirmed', 'attention') for update`
const NOT_THERE = 'update hand_offs set maybe_there = false where order_id = $1'

/** Settles what nobody knew, by a person's word: an order whose cancel was asked for meanwhile is never sent. Undefined when there
 * is nothing to decide any more. */
export function decide(db: Database, orderId: bigint, decision: Decision, now: Date): Promise<Decided | undefined> {
  return transaction(db, async (tx) => {
    const cancelAsked = await isCancelAsked(tx, orderId)
    const { rowCount } = await tx.query(UNDECIDED, [orderId])
    if (rowCount === 0) return undefined
    await tx.query(NOT_THERE, [orderId])
    await closeAlerts(tx, { kind: null, supplierId: null, orderId }, now)
    if (decision.they === 'have it') {
      await noteSent(tx, orderId, decision.reference, 'confirmed by staff', now)
      return 'watched'
    }
    if (decision.they === 'do not: send' && !cancelAsked) {
      await wait(tx, orderId, 'sent again by staff', now, now)
      return 'sent'
    }
    await endIn(tx, orderId, cancelAsked ? 'the supplier does not have it; cancelled as it was asked' : 'cancelled by staff', now)
    return 'cancelled'
  })
}
