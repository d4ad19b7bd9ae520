import { type Json, plain } from '../../json.ts'
import { type Amount, fromMinor } from '../amounts.ts'
import type { PaymentState, Receipt, Reversal, Standing } from '../gateway.ts'
import { textAt } from './json.ts'

/** Notes of ours: the one of a link is copied to its payments, the other stands at a refund. */
export const NOTE_OF_REFERENCE = 'docket_reference'
export const NOTE_OF_KEY = 'docket_key'

const STATES: Readonly<Record<string, PaymentState>> = {
  created: 'open',
  partially_paid: 'review',
  paid: 'paid',
  expired: 'expired',
  cancelled: 'failed',
}

export function standingOf(link: Json, payments: readonly Json[], back: { refunds: readonly Json[]; disputes: readonly Json[] }): Standing {
  const receipts = payments.flatMap(receiptsOf)
  const isUnderWay = payments.some((payment) => textAt(payment, 'status') === 'authorized')
  const state = STATES[textAt(link, 'status')] ?? 'review'
  const ids = new Set(receipts.map(({ id }) => id))
  const ours = [...back.refunds.flatMap(refundsOf), ...back.disputes.flatMap(chargebacksOf)].filter(({ receiptId }) => ids.has(receiptId))
  return {
    theirId: textAt(link, 'id') || null,
    reference: textAt(link, 'reference_id') || null,
    state: receipts.length > 0 ? 'paid' : isUnderWay ? 'seen' : state,
    receipts,
    reversals: ours,
    words: plain(
      [textAt(link, 'status'), ...payments.map((payment) => `${textAt(payment, 'id')} ${textAt(payment, 'status')}`)].join(', '),
    ),
  }
}

/** `refunded` was captured before. The fee includes its tax, and is in rupees whatever was paid. */
export function receiptsOf(payment: Json): readonly Receipt[] {
  const money = moneyAt(payment, 'amount')
  const [id, at] = [textAt(payment, 'id'), timeAt(payment)]
  if (!money || !at || id === '' || !['captured', 'refunded'].includes(textAt(payment, 'status'))) return []
  const fee =
    money.currency === 'INR' && /^\d{1,15}$/.test(textAt(payment, 'fee')) ? fromMinor(BigInt(textAt(payment, 'fee')), 'INR') : null
  return [{ ...money, id, at, fee, worth: null, late: false }]
}

/** A refund that is pending may still fail. */
function refundsOf(refund: Json): readonly Reversal[] {
  const [money, at] = [moneyAt(refund, 'amount'), timeAt(refund)]
  if (!money || !at || textAt(refund, 'status') !== 'processed') return []
  const receiptId = textAt(refund, 'payment_id')
  return [{ ...money, id: textAt(refund, 'id'), receiptId, kind: 'refund', state: 'taken', at, key: keyOf(refund) }]
}

export function keyOf(refund: Json): string | null {
  return textAt(refund, 'notes', NOTE_OF_KEY) || null
}

/**
 * A dispute takes money when it is lost, or at its start where that was agreed ("deduct at onset"): then `amount_deducted` is above zero. A dispute that
 * is won is told in any case, because nobody tells whether it had taken something.
 */
function chargebacksOf(dispute: Json): readonly Reversal[] {
  const [deducted, disputed, at] = [moneyAt(dispute, 'amount_deducted'), moneyAt(dispute, 'amount'), timeAt(dispute)]
  const status = textAt(dispute, 'status')
  const money = deducted ?? (['won', 'lost'].includes(status) ? disputed : undefined)
  if (!money || !at) return []
  const receiptId = textAt(dispute, 'payment_id')
  const state = status === 'won' ? 'won back' : 'taken'
  return [{ ...money, id: textAt(dispute, 'id'), receiptId, kind: 'chargeback', state, at, key: null }]
}

/** In the smallest unit: paise. Undefined for nothing and for zero. */
function moneyAt(value: Json, name: string): Amount | undefined {
  const [digits, currency] = [textAt(value, name), textAt(value, 'currency').toUpperCase()]
  if (!/^[1-9]\d{0,15}$/.test(digits) || !/^[A-Z]{3}$/.test(currency)) return undefined
  return { amount: fromMinor(BigInt(digits), currency), currency }
}

function timeAt(value: Json): Date | undefined {
  const seconds = textAt(value, 'created_at')
  return /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : undefined
}
