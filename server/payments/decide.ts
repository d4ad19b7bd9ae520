import type { Transaction } from '../db/pool.ts'
import { findAccount } from '../customers/accounts.ts'
import { type Decimal, UNITS_PER_WHOLE, type Units } from '../ledger/money.ts'
import { openBook } from '../ledger/post.ts'
import { refuse } from '../refusal.ts'
import { readAmount } from './amounts.ts'
import { creditPayment, referenceOf, settlePayment } from './apply.ts'
import type { Coupon } from './coupons.ts'
import { bonusFor, worthOf } from './judge-receipt.ts'
import { BY_HAND, findMethod, type MethodRow } from './methods.ts'
import { findPayment, type PaymentRow, type Seller } from './payments.ts'
import { findReceipt, holdReceipt, type ReceiptRow } from './receipts.ts'

/** A person who decides, and why. */
export interface Decider {
  readonly who: string
  readonly reason: string
  readonly seller: Seller
}

/** What crediting a receipt would do. */
export interface CreditPlan {
  readonly receipt: ReceiptRow
  /** Null: nobody knows which payment it is of. */
  readonly payment: PaymentRow | null
  readonly account: number
  readonly currency: string
  readonly units: Units
  readonly bonus: Units
  readonly coupon: Coupon | null
}

/**
 * Works out to whom a receipt that waits would be credited, and how much: without an account to that of its payment, without an amount what it is worth by
 * the terms of the payment. The bonus of the payment belongs to whoever asked for it. Throws a Refusal when that cannot be known.
 */
export async function planCredit(
  tx: Transaction,
  receiptId: bigint,
  { account: givenAccount, units: givenUnits }: { readonly account: number | null; readonly units: Units | null },
): Promise<CreditPlan> {
  const receipt = await waitingReceipt(tx, receiptId)
  const payment = receipt.paymentId === null ? null : (await findPayment(tx, receipt.paymentId))!
  const account = givenAccount ?? payment?.accountId
  if (account === undefined) throw refuse('receipt_needs_account')
  const { currency } = await findAccount(tx, account)
  const own = payment?.accountId === account ? payment : null
  const method = (await findMethod(tx, receipt.methodId))!
  const units = givenUnits ?? (await usualUnits(tx, { receipt, method, payment: own }, currency))
  if (units === null) throw refuse('receipt_needs_amount')
  if (units <= 0n) throw refuse('zero_amount')
  const given = own === null ? { bonus: 0n, coupon: null } : await bonusFor(tx, { payment: own, method }, units)
  return { receipt, payment, account, currency, units, ...given }
}

async function waitingReceipt(tx: Transaction, id: bigint): Promise<ReceiptRow> {
  const receipt = await holdReceipt(tx, id)
  if (receipt.state !== 'review') throw refuse('receipt_decided', receipt.state)
  return receipt
}

async function usualUnits(
  tx: Transaction,
  { receipt, method, payment }: { readonly receipt: ReceiptRow; readonly method: MethodRow; readonly payment: PaymentRow | null },
  currency: string,
): Promise<Units | null> {
  const amount = readAmount(receipt.amount)!
  if (payment === null) return receipt.currency === currency ? unitsOf(amount) : null
  const { theirId: id, late } = receipt
  return worthOf(tx, { method, payment, receipt: { id, amount, currency: receipt.currency, worth: null, late } })
}

function unitsOf({ digits, places }: Decimal): Units {
  return (digits * UNITS_PER_WHOLE) / 10n ** BigInt(places)
}

/** Credits a receipt that waited for a person, by the one way in which anything is credited. */
export async function creditByDecision(tx: Transaction, plan: CreditPlan, by: Decider, now: Date): Promise<void> {
  const { receipt, payment, account, currency, units, bonus, coupon } = plan
  const bookId = await openBook(tx, { id: account, currency }, false)
  const own = payment?.accountId === account ? payment : null
  const credited = await creditPayment(
    tx,
    {
      methodId: receipt.methodId,
      receipt: {
        id: receipt.theirId,
        at: receipt.at,
        late: receipt.late,
        amount: readAmount(receipt.amount)!,
        currency: receipt.currency,
        fee: receipt.fee === null ? null : readAmount(receipt.fee)!,
      },
      paymentId: receipt.paymentId,
      bookId,
      units,
      bonus,
      reference: referenceOf({ id: receipt.methodId, gateway: receipt.gateway }, { id: receipt.theirId }),
      note: receipt.method,
      why: by.reason,
      evidence: receipt.evidence,
      by: by.who,
    },
    { payment: own, coupon, seller: by.seller },
    now,
  )
  if (!credited.credited) throw refuse('receipt_decided', credited.state)
  if (payment !== null) await settlePayment(tx, payment, by.reason, now)
}

const DECIDE = `
  update payment_receipts set state = $2, why = $3, decided_by = $4, decided_at = $5, same_as = $6, book_id = coalesce(book_id, $7) where id = $1`

/** Leaves money uncredited for good: it is not a customer's, or it was paid back. */
export async function refuseReceipt(tx: Transaction, id: bigint, by: Decider, now: Date): Promise<ReceiptRow> {
  return settle(tx, await waitingReceipt(tx, id), { state: 'refused', sameAs: null, bookId: null }, by, now)
}

/** Says that staff have booked this money by hand already, so that nothing is credited again. */
export async function matchReceipt(tx: Transaction, id: bigint, sameAs: bigint, by: Decider, now: Date): Promise<ReceiptRow> {
  const receipt = await waitingReceipt(tx, id)
  const hand = await holdReceipt(tx, sameAs)
  const isFitting = receipt.bookId === null || receipt.bookId === hand.bookId
  if (hand.gateway !== BY_HAND || hand.state !== 'credited' || !isFitting) throw refuse('receipt_is_not_by_hand')
  const { rowCount } = await tx.query('select from payment_receipts where same_as = $1 limit 1', [sameAs])
  if (rowCount !== 0) throw refuse('receipt_is_matched')
  return settle(tx, receipt, { state: 'matched', sameAs, bookId: hand.bookId }, by, now)
}

async function settle(
  tx: Transaction,
  receipt: ReceiptRow,
  { state, sameAs, bookId }: { readonly state: 'refused' | 'matched'; readonly sameAs: bigint | null; readonly bookId: number | null },
  by: Decider,
  now: Date,
): Promise<ReceiptRow> {
  await tx.query(DECIDE, [receipt.id, state, by.reason, by.who, now, sameAs, bookId])
  if (receipt.paymentId !== null) await settlePayment(tx, (await findPayment(tx, receipt.paymentId))!, by.reason, now)
  return findReceipt(tx, receipt.id)
}
