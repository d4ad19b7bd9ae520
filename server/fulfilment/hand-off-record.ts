import { coalesce } from '../db/coalesce.ts'
import { type Database, transaction } from '../db/pool.ts'
import { noteWords } from '../orders/events.ts'
import { type DueOrder, giveToNextSupplier, isCancelAsked } from '../orders/hand-over.ts'
import type { AddAnswer, Refused } from '../suppliers/supplier.ts'
import { raiseAlert } from '../loops/alerts.ts'
import type { SupplierContext } from './context.ts'
import { endIn, FORGET, needAttentionIn, noteSent, ownerOf, park, type Sent, wait, waitForAnswer, waitUntil } from './hand-off-states.ts'
import { after } from '../loops/time.ts'

const ACCOUNT_PAUSE_SECONDS = 300
const MOST_TOGETHER = 100

/** An answer that the supplier did not take the order, or that leaves it open. */
type NotAccepted = Exclude<AddAnswer, { kind: 'accepted' }>

/** Records a supplier's answer to an order that it did not accept. */
export async function record(context: SupplierContext, order: DueOrder, answer: NotAccepted): Promise<void> {
  const { db, supplier, supplierId, now } = context
  const { orderId } = order
  switch (answer.kind) {
    case 'not sent':
      return wait(db, orderId, answer.words, now())
    case 'unknown':
      // Sent again under the same retry key it is the same order there, whether or not the first call arrived.
      if (await supplier.repeatsSafely()) return waitForAnswer(db, orderId, answer.words, now())
      return park(db, { orderId, supplierId, words: answer.words }, now())
    case 'refused':
      return noteRefused(context, order, answer)
    default:
      return answer satisfies never
  }
}

/** Records orders that the supplier accepted. Those whose answers come while a group is being written are the next group: one commit serves them all. */
export function openAccepted({ db, supplierId, now }: SupplierContext): (sent: Sent) => Promise<void> {
  return coalesce(
    async (group) => {
      try {
        await noteSent(db, group, now())
        return group.map(() => undefined)
      } catch (error) {
        if (!isReferenceTaken(error)) throw error
      }
      for (const sent of group) await noteAlone(db, supplierId, sent, now())
      return group.map(() => undefined)
    },
    { most: MOST_TOGETHER, slots: 1, limit: Number.POSITIVE_INFINITY },
  )
}

/** One id of the supplier belongs to one order. A second order with the same id is never accepted, whichever of the two is wrong. */
async function noteAlone(db: Database, supplierId: number, sent: Sent, now: Date): Promise<void> {
  const { orderId, reference } = sent
  try {
    await noteSent(db, [sent], now)
  } catch (error) {
    if (!isReferenceTaken(error)) throw error
    const owner = await ownerOf(db, supplierId, reference)
    const sentence = `It took the order under its id ${reference}, which it gave to our order ${owner ?? '?'} before`
    await park(db, { orderId, supplierId, words: sentence }, now)
    await db.query(NOT_BY_ITSELF, [orderId])
  }
}

function isReferenceTaken(error: unknown): boolean {
  return (error as { constraint?: string }).constraint === 'one_order_a_reference'
}

// Sent again under its retry key, it would get the same id.
const NOT_BY_ITSELF = `update hand_offs set due_at = 'infinity' where order_id = $1 and state = 'unconfirmed'`

/** Refusals that are not about this order make it wait: our balance there, our key, the supplier's limits. */
async function noteRefused(context: SupplierContext, order: DueOrder, refused: Refused): Promise<void> {
  const { db, supplierId, now } = context
  const { reason, words } = refused
  switch (reason) {
    case 'limits':
      return wait(db, order.orderId, words, now())
    case 'funds':
    case 'account': {
      const kind = reason === 'funds' ? 'supplier balance too low' : 'supplier refuses our key'
      await raiseAlert(db, { kind, supplierId, orderId: null, words }, now())
      return waitUntil(db, order.orderId, words, after(now(), ACCOUNT_PAUSE_SECONDS))
    }
    case 'service':
    case 'link':
    case 'quantity':
    case 'other':
      return passOn(context, order, words)
    default:
      return reason satisfies never
  }
}

const WHEN_ALL_REFUSE = 'select when_all_refuse as way from services where id = $1'

/** Passes a refused order to the next supplier of the service. When all have refused, it does what the operator set. */
function passOn({ db, supplierId, now }: SupplierContext, order: DueOrder, words: string): Promise<void> {
  const { orderId } = order
  return transaction(db, async (tx) => {
    if (await isCancelAsked(tx, orderId)) return endIn(tx, orderId, words, now())
    if (await giveToNextSupplier(tx, order, supplierId)) {
      await noteWords(tx, orderId, 'supplier', `refused: ${words}`, now())
      await tx.query(FORGET, [orderId])
      return
    }
    const { rows } = await tx.query<{ way: 'cancel' | 'attention' }>(WHEN_ALL_REFUSE, [order.serviceId])
    if (rows[0]?.way === 'cancel') return endIn(tx, orderId, words, now())
    await needAttentionIn(tx, { kind: 'order needs attention', supplierId, orderId, words }, now())
  })
}
