import { transaction, type Transaction } from '../db/pool.ts'
import { formatAmount } from './amounts.ts'
import { because } from './because.ts'
import { type Arrived, credit, type Credited, takeBack } from './credit.ts'
import { type Coupon, useCoupon } from './coupons.ts'
import type { PaymentState, Receipt, Standing } from './gateway.ts'
import { gatewayNamed } from './gateways.ts'
import { judgeReceipt } from './judge-receipt.ts'
import { keepCard } from './saved-cards.ts'
import type { MethodRow } from './methods.ts'
import { tellOfDeposit } from './news.ts'
import { findPayment, type PaymentContext, type PaymentRow, type Seller } from './payments.ts'

const LOCK = 'select state from payments where id = $1 for update'
const RECEIPTS = `
  select count(*) filter (where state in ('credited', 'matched'))::int as credited, count(*) filter (where state = 'review')::int as review,
    count(*) filter (where state = 'refused')::int as refused
  from payment_receipts where payment_id = $1`
const NOTE = `
  update payments set state = $2, their_id = coalesce(their_id, $3), why = $4, look_at = case when $5 then null else look_at end where id = $1`

/**
 * Brings a payment to what its gateway says of it, in one transaction: credits its receipts, takes back its reversals, notes the state. Webhook, return page
 * and poller call it, in any order and as often as they like; the payment's row is locked, so that whoever comes second finds everything done.
 */
export async function applyStanding(
  context: PaymentContext,
  method: MethodRow,
  payment: PaymentRow,
  standing: Standing,
): Promise<PaymentRow> {
  const now = context.now()
  await transaction(context.db, async (tx) => {
    const { rows } = await tx.query<{ state: PaymentState }>(LOCK, [payment.id])
    for (const receipt of standing.receipts) await applyReceipt(tx, context, { method, payment, receipt }, now)
    const note = `${method.name} took money back`
    for (const reversal of standing.reversals) {
      const moved = await takeBack(tx, method.id, reversal, { note, by: 'gateway', seller: context.seller() }, now)
      if (moved.units !== null && moved.units !== 0n) {
        await tellOfDeposit(tx, payment, moved.units < 0n ? 'reversed' : 'won back', now, { reversal: moved.reversalId })
      }
    }
    if (payment.keepsCard && standing.savedCard) await keepCard(tx, payment, standing.savedCard, now)
    const state = await stateOf(tx, payment.id, standing.state)
    const before = rows[0]!.state
    const isOver = state === 'paid' || (state === 'failed' && payment.nextStep === null)
    await tx.query(NOTE, [payment.id, state, standing.theirId, standing.words.slice(0, 500), isOver])
    if (state !== before && state !== 'paid') await tellOfDeposit(tx, payment, state, now)
  })
  return (await findPayment(context.db, payment.id))!
}

interface Arriving {
  readonly method: MethodRow
  readonly payment: PaymentRow
  readonly receipt: Receipt
}

async function applyReceipt(tx: Transaction, context: PaymentContext, { method, payment, receipt }: Arriving, now: Date): Promise<void> {
  // A receipt of nothing is none.
  if (receipt.amount.digits === 0n) return
  const judged = await judgeReceipt(tx, { gateway: gatewayNamed(method.gateway)!, method, payment, receipt }, now)
  await creditPayment(
    tx,
    {
      methodId: method.id,
      receipt,
      paymentId: payment.id,
      bookId: payment.bookId,
      units: judged.units,
      bonus: judged.bonus,
      reference: referenceOf(method, receipt),
      note: method.name,
      why: judged.why,
      evidence: {
        ...judged.evidence,
        paid: `${formatAmount(receipt.amount, receipt.currency)} ${receipt.currency}`,
        asked: `${payment.asked} ${payment.currency}`,
      },
      by: 'gateway',
    },
    { payment, coupon: judged.coupon, seller: context.seller() },
    now,
  )
}

/** Credits a receipt. When this has booked it, the coupon is used and the customer told; without a payment of theirs, neither is to be done. */
export async function creditPayment(
  tx: Transaction,
  arrived: Arrived,
  { payment, coupon, seller }: { readonly payment: PaymentRow | null; readonly coupon: Coupon | null; readonly seller: Seller },
  now: Date,
): Promise<Credited> {
  const credited = await credit(tx, arrived, seller, now)
  if (!credited.credited || payment === null) return credited
  if (coupon !== null) await useCoupon(tx, coupon, payment.accountId, credited.receiptId)
  await tellOfDeposit(tx, payment, 'credited', now, { receipt: credited.receiptId })
  return credited
}

/** The name of a deposit on the statement: unique for a method and its receipt. */
export function referenceOf({ id, gateway }: Pick<MethodRow, 'id' | 'gateway'>, receipt: Pick<Receipt, 'id'>): string {
  return `${gateway} ${id} ${receipt.id}`
}

/** What is booked, and what staff decided, says more than what the gateway calls it. */
async function stateOf(tx: Transaction, paymentId: bigint, told: PaymentState): Promise<PaymentState> {
  const { rows } = await tx.query<{ credited: number; review: number; refused: number }>(RECEIPTS, [paymentId])
  const { credited, review, refused } = rows[0]!
  if (review > 0) return 'review'
  if (credited > 0) return 'paid'
  if (refused > 0 && (told === 'paid' || told === 'seen' || told === 'review')) return 'failed'
  // It says paid and names no receipt: the money is not seen yet.
  return told === 'paid' ? 'seen' : told
}

const SETTLE = `update payments set state = $2, why = $3, look_at = case when $2 = 'paid' then null else look_at end where id = $1`

/** After staff decided about a receipt of a payment: brings its state to what is booked now, and tells it. */
export async function settlePayment(tx: Transaction, payment: PaymentRow, why: string, now: Date): Promise<void> {
  const { rows } = await tx.query<{ state: PaymentState }>(LOCK, [payment.id])
  const state = await stateOf(tx, payment.id, rows[0]!.state)
  await tx.query(SETTLE, [payment.id, state, why])
  if (state !== rows[0]!.state && state !== 'paid') await tellOfDeposit(tx, payment, state, now)
}

/** Money that nobody asked for, or whose payer is not known: it waits for a person. */
export async function keepUnknown(context: PaymentContext, method: MethodRow, receipt: Receipt, words: string): Promise<void> {
  if (receipt.amount.digits === 0n) return
  await transaction(context.db, async (tx) => {
    await credit(
      tx,
      {
        methodId: method.id,
        receipt,
        paymentId: null,
        bookId: null,
        units: null,
        bonus: 0n,
        reference: referenceOf(method, receipt),
        note: method.name,
        why: because.unknownPayer(),
        evidence: { words },
        by: 'gateway',
      },
      context.seller(),
      context.now(),
    )
  })
}
