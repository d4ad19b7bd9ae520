import { plain, type Json } from '../../json.ts'
import type { Decimal } from '../../ledger/money.ts'
import { type Amount, readAmount } from '../amounts.ts'
import type { Hint, PaymentState, Receipt, Reversal, Standing } from '../gateway.ts'
import { textAt } from './json.ts'
import { readMoney, readTime } from './transfers.ts'

/**
 * `finished` and `partially_paid` are money in the wallet; what comes before may still be lost. A deposit in a wrong coin waits for a person in their
 * dashboard.
 */
const STATES: Readonly<Record<string, PaymentState>> = {
  waiting: 'open',
  confirming: 'seen',
  confirmed: 'seen',
  sending: 'seen',
  partially_paid: 'paid',
  finished: 'paid',
  wrong_asset_confirmed: 'review',
  failed: 'failed',
  refunded: 'failed',
  cancelled: 'failed',
  expired: 'expired',
}
const STRONGEST_FIRST: readonly PaymentState[] = ['paid', 'seen', 'review', 'open', 'failed', 'expired']
const ARRIVED = new Set(['finished', 'partially_paid', 'refunded'])

/** The payments of an invoice, and the deposits that were sent to their addresses again: those name their parent. */
export function belongTogether(payments: readonly Json[], { theirId, reference }: Hint): readonly Json[] {
  const isOurs = (payment: Json) =>
    (reference !== null && textAt(payment, 'order_id') === reference) || (theirId !== null && textAt(payment, 'invoice_id') === theirId)
  const parents = new Set(payments.filter(isOurs).map((payment) => textAt(payment, 'payment_id')))
  return payments.filter((payment) => isOurs(payment) || parents.has(parentOf(payment)))
}

/** What is known of one invoice by its payments. */
export function standingOf(payments: readonly Json[], { theirId, reference }: Hint, now: Date): Standing {
  const states = new Set(payments.map((payment) => STATES[textAt(payment, 'payment_status')] ?? 'review'))
  const kept = payments.map((payment) => textAt(payment, 'order_id')).find((text) => text !== '')
  const words = payments.map((payment) => `${textAt(payment, 'payment_id')} ${textAt(payment, 'payment_status')}`)
  return {
    theirId: theirId ?? (payments.map((payment) => textAt(payment, 'invoice_id')).find((text) => text !== '') || null),
    reference: kept ?? (payments.length === 0 ? reference : null),
    state: STRONGEST_FIRST.find((state) => states.has(state)) ?? 'open',
    receipts: payments.flatMap((payment) => paymentReceipts(payment, now)),
    reversals: payments.flatMap((payment) => reversalsOf(payment, now)),
    words: words.length === 0 ? 'nobody has opened the invoice' : plain(words.join(', ')),
  }
}

export function paymentReceipts(payment: Json, now: Date): readonly Receipt[] {
  const paid = readMoney(textAt(payment, 'actually_paid'), textAt(payment, 'pay_currency'))
  const id = textAt(payment, 'payment_id')
  if (!paid || id === '' || !ARRIVED.has(textAt(payment, 'payment_status'))) return []
  return [{ ...paid, id, at: timeOf(payment, now), fee: feeOf(payment), worth: worthOf(payment, paid), late: parentOf(payment) !== '' }]
}

/** They refund a payment as a whole, and tell it by its status alone. */
function reversalsOf(payment: Json, now: Date): readonly Reversal[] {
  if (textAt(payment, 'payment_status') !== 'refunded') return []
  return paymentReceipts(payment, now).map(({ id, amount, currency, at }) => ({
    id: `${id}:refunded`,
    receiptId: id,
    amount,
    currency,
    kind: 'refund',
    state: 'taken',
    at,
    key: null,
  }))
}

const WORTH_PLACES = 5

/**
 * The coins at the rate that was promised with the payment: the price, times what came, by what was asked for. Another deposit to the same address
 * comes at the rate of its own time; its price may be that of its parent, so only what they say it was worth then counts.
 */
function worthOf(payment: Json, paid: Amount): Amount | null {
  const currency = textAt(payment, 'price_currency')
  if (parentOf(payment) !== '') return readMoney(textAt(payment, 'actually_paid_at_fiat'), currency) ?? null
  const price = readMoney(textAt(payment, 'price_amount'), currency)
  const asked = readAmount(textAt(payment, 'pay_amount'))
  if (!price || !asked || asked.digits === 0n) return null
  const above = price.amount.digits * paid.amount.digits * 10n ** BigInt(asked.places + WORTH_PLACES)
  const below = asked.digits * 10n ** BigInt(price.amount.places + paid.amount.places)
  return { amount: { digits: above / below, places: WORTH_PLACES }, currency: price.currency }
}

/** Known where they write it in the coin that was paid. */
function feeOf(payment: Json): Decimal | null {
  if (textAt(payment, 'fee', 'currency') !== textAt(payment, 'pay_currency')) return null
  const parts = ['depositFee', 'serviceFee', 'withdrawalFee'].map((name) => readAmount(textAt(payment, 'fee', name)))
  if (!parts.every((part) => part !== undefined)) return null
  const places = Math.max(...parts.map((part) => part.places))
  return { digits: parts.reduce((sum, part) => sum + part.digits * 10n ** BigInt(places - part.places), 0n), places }
}

function parentOf(payment: Json): string {
  const parent = textAt(payment, 'parent_payment_id')
  return parent === '0' ? '' : parent
}

function timeOf(payment: Json, now: Date): Date {
  return readTime(textAt(payment, 'updated_at')) ?? readTime(textAt(payment, 'created_at')) ?? now
}
