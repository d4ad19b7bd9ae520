import type { Queryable } from '../db/pool.ts'
import type { Decimal, Units } from '../ledger/money.ts'
import { because } from './because.ts'
import { compareDecimals, formatAmount, readAmount } from './amounts.ts'
import { holdCoupon, type Coupon } from './coupons.ts'
import type { Gateway, Receipt } from './gateway.ts'
import type { MethodRow } from './methods.ts'
import type { PaymentRow } from './payments.ts'
import { bonusOf, couponOf, creditedFor, quoteOf } from './quote.ts'
import { readRate, withMargin } from './rates.ts'

/** What is to be done with a receipt of a payment: credit so much, or show it to a person. */
export interface Judged {
  readonly units: Units | null
  readonly bonus: Units
  readonly coupon: Coupon | null
  readonly why: string | null
  readonly evidence: Readonly<Record<string, unknown>>
}

interface Case {
  readonly gateway: Pick<Gateway, 'collects'>
  readonly method: MethodRow
  readonly payment: PaymentRow
  readonly receipt: Pick<Receipt, 'id' | 'amount' | 'currency' | 'worth' | 'late'>
}

/**
 * Decides by what came, never by what was due or by the state of the payment. Rails that collect exactly: another amount, another currency or a second
 * receipt waits for a person. Rails where people send what they like: what came is credited, at the rate of the payment in its time and at today's
 * rate afterwards.
 */
export async function judgeReceipt(tx: Queryable, given: Case, now: Date): Promise<Judged> {
  const { gateway, payment, receipt } = given
  const paid = amountInAsked(given)
  const paidText = `${formatAmount(receipt.amount, receipt.currency)} ${receipt.currency}`
  const askedText = `${payment.asked} ${payment.currency}`
  if (paid === null) return review(because.otherAmount(paidText, askedText))
  const isExact = compareDecimals(paid, readAmount(payment.asked)!) === 0n
  if (gateway.collects === 'exactly') {
    if (!isExact) return review(because.otherAmount(paidText, askedText))
    if (await hasOther(tx, payment, receipt.id)) return review(because.twice())
  }
  const units = await unitsOf(tx, given, paid)
  if (units <= 0n) return review(because.tooLittle(paidText))
  const byHand = await bookedByHand(tx, payment, units, now)
  if (byHand !== undefined) {
    return review(because.byHand(), { same_as: String(byHand) })
  }
  const { bonus, coupon } = await bonusFor(tx, given, units)
  const why = receipt.late ? because.late() : isExact ? null : because.asked(askedText)
  return { units, bonus, coupon, why, evidence: {} }
}

/** What is given on top of a deposit of this payment. The coupon is held until the commit. */
export async function bonusFor(
  tx: Queryable,
  { payment, method }: Pick<Case, 'payment' | 'method'>,
  units: Units,
): Promise<{ readonly bonus: Units; readonly coupon: Coupon | null }> {
  const account = { id: payment.accountId, currency: payment.accountCurrency }
  const coupon = payment.couponId === null ? null : await holdCoupon(tx, payment.couponId, account, payment.createdAt)
  return { bonus: bonusOf(units, payment.accountCurrency, method.bonuses) + couponOf(units, coupon), coupon }
}

/** What the money is worth by the terms of its payment, also where a person must decide; null: it came in another currency. */
export async function worthOf(tx: Queryable, given: Omit<Case, 'gateway'>): Promise<Units | null> {
  const paid = amountInAsked(given)
  return paid === null ? null : unitsOf(tx, given, paid)
}

function review(why: string, evidence: Judged['evidence'] = {}): Judged {
  return { units: null, bonus: 0n, coupon: null, why, evidence }
}

/** What came, in the currency that was asked; null: it came in another one, and nobody says what it was worth. */
function amountInAsked({ payment, receipt }: Omit<Case, 'gateway'>): Decimal | null {
  if (receipt.currency === payment.currency) return receipt.amount
  return receipt.worth?.currency === payment.currency ? receipt.worth.amount : null
}

async function unitsOf(tx: Queryable, { payment, receipt, method }: Omit<Case, 'gateway'>, paid: Decimal): Promise<Units> {
  const asked = readAmount(payment.asked)!
  if (!receipt.late || payment.rate === null) return creditedFor(paid, asked, payment.amount)
  const today = await readRate(tx, payment.accountCurrency, payment.currency)
  const rate = today ? withMargin(today.rate, payment.rate.margin_basis_points) : readAmount(payment.rate.rate)!
  const quote = quoteOf({
    amount: payment.amount,
    currency: payment.accountCurrency,
    method: { ...method, currency: payment.currency },
    rate,
    coupon: null,
  })
  return creditedFor(paid, quote.asked, payment.amount)
}

const OTHER = `select from payment_receipts where payment_id = $1 and their_id <> $2 and state in ('credited', 'review') limit 1`

async function hasOther(tx: Queryable, { id }: PaymentRow, receiptId: string): Promise<boolean> {
  return (await tx.query({ name: 'other receipt', text: OTHER, values: [id, receiptId] })).rowCount === 1
}

const BY_HAND_DAYS = 30
const BY_HAND = `
  select r.id from payment_receipts r join payment_methods m on m.id = r.method_id
  where m.gateway = 'by hand' and r.book_id = $1 and r.state = 'credited' and r.units = $2 and r.heard_at > $3::timestamptz - interval '${BY_HAND_DAYS} days'
    and r.heard_at >= $4 and not exists (select from payment_receipts s where s.same_as = r.id)
  order by r.id limit 1`

/** A deposit by hand of the same amount, since the payment was begun, which no receipt was matched with yet. */
async function bookedByHand(tx: Queryable, { bookId, createdAt }: PaymentRow, units: Units, now: Date): Promise<bigint | undefined> {
  const { rows } = await tx.query<{ id: bigint }>({ name: 'deposit by hand', text: BY_HAND, values: [bookId, units, now, createdAt] })
  return rows[0]?.id
}
