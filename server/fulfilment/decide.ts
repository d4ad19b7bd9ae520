import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { isCancelAsked } from '../orders/hand-over.ts'
import { settle } from '../orders/settle.ts'
import { closeAlerts } from '../loops/alerts.ts'
import { refuse } from '../refusal.ts'
import type { Standing, Supplier } from '../suppliers/supplier.ts'
import { closeHandOff, endIn, noteSent, ownerOf, waitUntil } from './hand-off-states.ts'
import { END_NOT_BELIEVED } from './staff.ts'

/** A person's decision about an order that is unconfirmed or needs attention. */
export type Decision =
  | { readonly they: 'have it'; readonly reference: string }
  | { readonly they: 'do not: send' }
  | { readonly they: 'do not: cancel' }
  /** The supplier's order has ended, and this much of ours was not delivered. */
  | { readonly they: 'did a part'; readonly remains: bigint }

/** The result of the decision. */
export type Decided = 'watched' | 'sent' | 'cancelled' | 'partial'

// Also finds an order that a person decided wrongly, while it is open: the decision has settled nothing yet.
const UNDECIDED = `
  select h.supplier_id as "supplierId", o.quantity from hand_offs h join orders o on o.id = h.order_id
  where h.order_id = $1 and (h.state in ('unconfirmed', 'attention') or (h.state = 'sent' and h.confirmed_by_staff and not o.ended)
    or (${END_NOT_BELIEVED}))
  for update of h`
const NOT_THERE = `
  update hand_offs set maybe_there = false, reference = null, confirmed_by_staff = false, shares_reference = false, odd_answers = 0
  where order_id = $1`
const CONFIRMED = 'update hand_offs set confirmed_by_staff = true where order_id = $1'

/** Settles an unknown order by a person's decision. An order with a cancel request is never sent. Undefined when there is nothing left to decide. */
export function decide(db: Database | Transaction, orderId: bigint, decision: Decision, now: Date): Promise<Decided | undefined> {
  return transaction(db, async (tx) => {
    const cancelAsked = await isCancelAsked(tx, orderId)
    const { rows } = await tx.query<{ supplierId: number; quantity: bigint }>(UNDECIDED, [orderId])
    if (!rows[0]) return undefined
    if (decision.they === 'did a part') return endPartly(tx, { orderId, remains: decision.remains, quantity: rows[0].quantity }, now)
    if (decision.they === 'have it') await refuseOthers(tx, orderId, rows[0].supplierId, decision.reference)
    await tx.query(NOT_THERE, [orderId])
    await closeAlerts(tx, { kind: null, supplierId: null, orderId }, now)
    if (decision.they === 'have it') {
      await noteSent(tx, [{ orderId, reference: decision.reference, words: 'confirmed by staff' }], now)
      await tx.query(CONFIRMED, [orderId])
      return 'watched'
    }
    if (decision.they === 'do not: send' && !cancelAsked) {
      await waitUntil(tx, orderId, 'sent again by staff', now)
      return 'sent'
    }
    await endIn(tx, orderId, cancelAsked ? 'the supplier does not have it; cancelled as requested' : 'cancelled by staff', now)
    return 'cancelled'
  })
}

interface EndedPartly {
  readonly orderId: bigint
  readonly remains: bigint
  readonly quantity: bigint
}

/** Ends the order with the refund of what remains, because the supplier's own number cannot be right. */
async function endPartly(tx: Queryable, { orderId, remains, quantity }: EndedPartly, now: Date): Promise<Decided> {
  if (remains > quantity) throw refuse('too_much_remains', remains, quantity)
  const status = remains === 0n ? 'Completed' : 'Partial'
  await settle(tx, [{ orderId, status, startCount: null, remains, words: 'decided by staff' }], 'staff', now)
  await closeHandOff(tx, orderId, 'decided by staff', now)
  return 'partial'
}

async function refuseOthers(db: Queryable, orderId: bigint, supplierId: number, reference: string): Promise<void> {
  const owner = await ownerOf(db, supplierId, reference)
  if (owner === undefined || owner === orderId) return
  throw refuse('id_of_another_order', reference, owner)
}

const CLAIMED = `
  select h.supplier_id as "supplierId", o.link, o.quantity, coalesce(m.multiplier, 1)::bigint as multiplier
  from hand_offs h join orders o on o.id = h.order_id
  left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = h.supplier_id
  where h.order_id = $1`

interface Claimed {
  readonly supplierId: number
  readonly link: string
  readonly quantity: bigint
  readonly multiplier: bigint
}

/**
 * Asks the supplier before a person's word is trusted. Answers the supplier's state of the order. Throws a Refusal when it does not know the id, or
 * reports another link or quantity than were ordered.
 */
export async function checkTheyHaveIt(
  db: Queryable,
  orderId: bigint,
  reference: string,
  openSupplier: (supplierId: number) => Promise<Supplier | undefined>,
): Promise<Standing | undefined> {
  const { rows } = await db.query<Claimed>(CLAIMED, [orderId])
  if (!rows[0]) return undefined
  await refuseOthers(db, orderId, rows[0].supplierId, reference)
  const supplier = await openSupplier(rows[0].supplierId)
  if (!supplier) return undefined
  const answer = (await supplier.status([reference], { closely: true })).get(reference)
  if (answer?.kind !== 'read') {
    const words = answer === undefined ? 'it gave no answer for it' : `it says "${answer.words}"`
    throw refuse('id_not_known_there', reference, words)
  }
  refuseDifference(reference, answer.standing, rows[0])
  return answer.standing
}

function refuseDifference(reference: string, { link, quantity, remains }: Standing, ordered: Claimed): void {
  const wanted = ordered.quantity * ordered.multiplier
  const differs = [
    ...(link && link !== ordered.link ? [`its link is ${link}, and ${ordered.link} was ordered`] : []),
    ...(quantity !== null && quantity !== undefined && quantity !== wanted
      ? [`its quantity is ${quantity}, and ${wanted} was ordered`]
      : []),
    ...(remains !== null && remains > wanted ? [`${remains} remain of it, and ${wanted} was ordered`] : []),
  ]
  if (differs.length === 0) return
  throw refuse('another_order', reference, differs.join('; '))
}
