import { type Json, plain } from '../../json.ts'
import { divideHalfUp } from '../../ledger/money.ts'
import { type Amount, fromMinor, placesOf, readAmount, toMinor } from '../amounts.ts'
import type { PaymentState, Receipt, Standing } from '../gateway.ts'
import { listAt, textAt } from './json.ts'
import { isReference } from './references.ts'
import { readTime } from './transfers.ts'

/** An invoice with its payment methods, each of which lists its payments and the rate that was agreed for them. */
export function standingOf(invoice: Json, methods: readonly Json[]): Standing {
  const reference = textAt(invoice, 'metadata', 'orderId')
  const isMarkedInvalid = textAt(invoice, 'status') === 'Invalid' && textAt(invoice, 'additionalStatus') === 'Marked'
  const payments = methods.flatMap((method) => listAt(method, 'payments').map((payment) => ({ method, payment })))
  // Who keeps the store has said that this payment is none: a person decides.
  const receipts = isMarkedInvalid ? [] : payments.flatMap(({ method, payment }) => receiptOf(invoice, method, payment))
  return {
    theirId: textAt(invoice, 'id') || null,
    reference: isReference(reference) ? reference : null,
    state: stateOf(invoice, receipts.length > 0, payments.length > 0),
    receipts,
    reversals: [],
    words: plain(
      [textAt(invoice, 'status'), textAt(invoice, 'additionalStatus')].filter((text) => text !== '' && text !== 'None').join(', '),
    ),
  }
}

/**
 * `status` is one of New, Processing, Expired, Invalid, Settled; beside it, and independent of it, `additionalStatus` says None, PaidPartial, PaidOver,
 * PaidLate, Marked, Invalid (its OpenAPI). What came is in the receipts, so those words only describe.
 */
function stateOf(invoice: Json, hasReceipts: boolean, hasPayments: boolean): PaymentState {
  switch (textAt(invoice, 'status')) {
    case 'New': {
      return hasPayments ? 'seen' : 'open'
    }
    case 'Processing': {
      return 'seen'
    }
    case 'Settled': {
      // Settled by hand, without a payment.
      return hasReceipts ? 'paid' : 'review'
    }
    case 'Expired': {
      if (hasReceipts) return 'paid'
      return hasPayments ? 'seen' : 'expired'
    }
    case 'Invalid': {
      return hasPayments ? 'review' : 'failed'
    }
    default: {
      return 'review'
    }
  }
}

/** Only settled payments: those under way may never arrive. */
function receiptOf(invoice: Json, method: Json, payment: Json): Receipt[] {
  const currency = (textAt(method, 'currency') || textAt(method, 'cryptoCode')).toUpperCase()
  const [value, at, id] = [readAmount(textAt(payment, 'value')), timeOf(textAt(payment, 'receivedDate')), textAt(payment, 'id')]
  if (!value || value.digits === 0n || !at || id === '' || currency === '' || textAt(payment, 'status') !== 'Settled') return []
  const end = timeOf(textAt(invoice, 'expirationTime'))
  const worth = worthOf(textAt(invoice, 'currency').toUpperCase(), method, payment)
  return [{ id, amount: value, currency, at, fee: null, worth, late: end !== undefined && at > end }]
}

/**
 * What a payment counts for the invoice: at the rate that was agreed, without the fee that the payer was asked for on top (`fee`, for the cost of
 * spending it later). Half a unit is rounded, since BTCPay asks for the next whole satoshi.
 */
function worthOf(currency: string, method: Json, payment: Json): Amount | null {
  const [value, rate, fee] = [
    readAmount(textAt(payment, 'value')),
    readAmount(textAt(method, 'rate')),
    readAmount(textAt(payment, 'fee') || '0'),
  ]
  if (!value || !rate || !fee || rate.digits === 0n || currency === '') return null
  const places = Math.max(value.places, fee.places)
  const net = toMinor(value, currency, places)! - toMinor(fee, currency, places)!
  if (net <= 0n) return null
  const scale = 10n ** BigInt(places + rate.places)
  const minor = divideHalfUp(net * rate.digits * 10n ** BigInt(placesOf(currency)), scale)
  return minor === 0n ? null : { amount: fromMinor(minor, currency), currency }
}

/** Seconds since 1970; servers of long ago wrote them otherwise. */
function timeOf(text: string): Date | undefined {
  return /^\d{1,11}$/.test(text) ? new Date(Number(text) * 1000) : readTime(text)
}
