import type { Queryable, Transaction } from '../db/pool.ts'
import type { Decimal, Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import { readAmount } from './amounts.ts'
import { creditPayment, referenceOf, settlePayment } from './apply.ts'
import type { Decider } from './decide.ts'
import { bonusFor } from './judge-receipt.ts'
import { findMethod } from './methods.ts'
import { tellOfDeposit } from './news.ts'
import { findPayment, type PaymentRow } from './payments.ts'
import { creditedFor } from './quote.ts'

/** The gateway whose payments staff approve. */
const MANUAL = 'manual'

/** The payment, locked until the commit. Throws a Refusal when there is none. */
export async function holdPayment(tx: Transaction, id: bigint): Promise<PaymentRow> {
  await tx.query('select from payments where id = $1 for update', [id])
  const payment = await findPayment(tx, id)
  if (!payment) throw refuse('unknown_payment', id)
  return payment
}

/** What the wallet gets for so much of the payer's currency; by default, for what was asked. */
export function approvedUnits(payment: PaymentRow, arrived: Decimal | null): Units {
  return creditedFor(arrived ?? readAmount(payment.asked)!, readAmount(payment.asked)!, payment.amount)
}

/**
 * Staff have seen the money of a manual payment arrive: a receipt named after the payment is credited, once. Answers what the wallet got and what was given
 * on top. A payment whose time is over, or that was declined, can be approved all the same: late money always wins.
 */
export async function approvePayment(
  tx: Transaction,
  payment: PaymentRow,
  arrived: Decimal | null,
  by: Decider,
  now: Date,
): Promise<{ readonly units: Units; readonly bonus: Units }> {
  const method = (await findMethod(tx, payment.methodId))!
  if (method.gateway !== MANUAL) throw refuse('not_a_manual_payment')
  const units = approvedUnits(payment, arrived)
  if (units <= 0n) throw refuse('zero_amount')
  const { bonus, coupon } = await bonusFor(tx, { payment, method }, units)
  const receipt = { id: `payment ${payment.id}`, at: now, fee: null, late: now > payment.until, currency: payment.currency }
  const credited = await creditPayment(
    tx,
    {
      methodId: method.id,
      receipt: { ...receipt, amount: arrived ?? readAmount(payment.asked)! },
      paymentId: payment.id,
      bookId: payment.bookId,
      units,
      bonus,
      reference: referenceOf(method, receipt),
      note: method.name,
      why: by.reason,
      evidence: { asked: `${payment.asked} ${payment.currency}` },
      by: by.who,
    },
    { payment, coupon, seller: by.seller },
    now,
  )
  if (!credited.credited) throw refuse('payment_decided', payment.state)
  await settlePayment(tx, payment, by.reason, now)
  return { units, bonus }
}

const RECEIPTS = `select state from payment_receipts where payment_id = $1 and state in ('credited', 'matched', 'review') limit 1`
const DECLINE = `update payments set state = 'failed', why = $2, look_at = null where id = $1`

/** Ends a payment for which no money came; the customer reads why. */
export async function declinePayment(tx: Transaction, payment: PaymentRow, reason: string, now: Date): Promise<void> {
  if (payment.state === 'paid' || payment.state === 'failed') throw refuse('payment_decided', payment.state)
  const { rowCount } = await tx.query(RECEIPTS, [payment.id])
  if (rowCount !== 0) throw refuse('payment_has_receipt')
  await tx.query(DECLINE, [payment.id, reason])
  await tellOfDeposit(tx, payment, 'declined', now)
}

const DECLINED = `
  select p.why from payments p
  where p.id = $1 and p.state = 'failed' and exists (select from payment_news n where n.payment_id = p.id and n.what = 'declined')`

/** Why staff declined a payment. Undefined: they did not, or before customers read it. What gateways say is for staff alone. */
export async function readDeclineReason(db: Queryable, id: bigint): Promise<string | undefined> {
  return (await db.query<{ why: string }>({ name: 'why declined', text: DECLINED, values: [id] })).rows[0]?.why
}
