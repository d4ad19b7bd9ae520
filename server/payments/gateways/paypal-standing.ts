import { type Json, plain } from '../../json.ts'
import { type Amount, fromMinor, toMinor } from '../amounts.ts'
import type { PaymentState, Receipt, Reversal, Standing } from '../gateway.ts'
import { listAt, textAt } from './json.ts'
import { isReference } from './references.ts'
import { readMoney, readTime } from './transfers.ts'

/** A refund at our wish carries its key behind this, as `custom_id`; other refunds may have that of the order. */
export const KEY_PREFIX = 'docket:'

/** An order with what its disputes are; undefined: this key may not read disputes. */
export function standingOf(order: Json, disputes: readonly Json[] | undefined): Standing {
  const [unit] = listAt(order, 'purchase_units')
  const captures = listAt(unit, 'payments', 'captures')
  const receipts = captures.flatMap(receiptOf)
  const reference = textAt(unit, 'custom_id')
  return {
    theirId: textAt(order, 'id') || null,
    reference: isReference(reference) ? reference : null,
    state: stateOf(order, captures, receipts),
    receipts,
    reversals: receipts.flatMap((receipt) => reversalsOf(receipt, captures, listAt(unit, 'payments', 'refunds'), disputes)),
    words: plain([textAt(order, 'status'), ...captures.map(wordsOf)].join(', ')),
  }
}

function wordsOf(capture: Json): string {
  return [textAt(capture, 'status'), textAt(capture, 'status_details', 'reason')].filter(Boolean).join(': ')
}

/** The statuses of a capture whose money arrived, also when it went back later (OpenAPI of payments v2, capture_status). */
const ARRIVED = new Set(['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'])

function stateOf(order: Json, captures: readonly Json[], receipts: readonly Receipt[]): PaymentState {
  if (receipts.length > 0) return 'paid'
  const statuses = captures.map((capture) => textAt(capture, 'status'))
  if (statuses.includes('PENDING')) return 'seen'
  if (statuses.length > 0) return 'failed'
  switch (textAt(order, 'status')) {
    case 'VOIDED': {
      return 'expired'
    }
    case 'APPROVED':
    case 'COMPLETED': {
      return 'seen'
    }
    default: {
      return 'open'
    }
  }
}

function moneyAt(value: Json | undefined, ...path: readonly string[]): Amount | undefined {
  return readMoney(textAt(value, ...path, 'value'), textAt(value, ...path, 'currency_code'))
}

function receiptOf(capture: Json): Receipt[] {
  const [paid, at, id] = [moneyAt(capture, 'amount'), readTime(textAt(capture, 'create_time')), textAt(capture, 'id')]
  if (!paid || !at || id === '' || !ARRIVED.has(textAt(capture, 'status'))) return []
  const fee = moneyAt(capture, 'seller_receivable_breakdown', 'paypal_fee')
  return [{ id, ...paid, at, fee: fee?.currency === paid.currency ? fee.amount : null, worth: null, late: false }]
}

/**
 * In the order of time, and together never more than the receipt: PayPal ends a dispute for the buyer by a refund of its own, which would take the same
 * money a second time.
 */
function reversalsOf(
  receipt: Receipt,
  captures: readonly Json[],
  refunds: readonly Json[],
  disputes: readonly Json[] | undefined,
): Reversal[] {
  const isOnly = captures.length === 1
  const own = refunds.filter((refund) => isOnly || listAt(refund, 'links').some((link) => textAt(link, 'href').endsWith(`/${receipt.id}`)))
  const all = [...(disputes ?? []).flatMap((dispute) => disputed(dispute, receipt)), ...own.flatMap((refund) => refunded(refund, receipt))]
  let left = minorOf(receipt)
  const kept = all
    .toSorted((one, other) => one.at.getTime() - other.at.getTime())
    .flatMap((reversal) => {
      if (reversal.state === 'won back') return [reversal]
      const minor = minorOf(reversal) < left ? minorOf(reversal) : left
      left -= minor
      return minor === 0n ? [] : [{ ...reversal, amount: fromMinor(minor, receipt.currency, FINEST) }]
    })
  const capture = captures.find((each) => textAt(each, 'id') === receipt.id)
  return disputes === undefined && textAt(capture, 'status') === 'REFUNDED' && left > 0n
    ? [...kept, reversed(receipt, capture, left)]
    : kept
}

/** Without a look at disputes: PayPal took the rest back (PAYMENT.CAPTURE.REVERSED), and no refund says so. */
function reversed(receipt: Receipt, capture: Json | undefined, minor: bigint): Reversal {
  const at = readTime(textAt(capture, 'update_time')) ?? receipt.at
  const amount = fromMinor(minor, receipt.currency, FINEST)
  return {
    id: `${receipt.id}-reversed`,
    receiptId: receipt.id,
    kind: 'chargeback',
    amount,
    currency: receipt.currency,
    state: 'taken',
    at,
    key: null,
  }
}

const FINEST = 5

function minorOf({ amount, currency }: Amount): bigint {
  return toMinor(amount, currency, FINEST) ?? 0n
}

function refunded(refund: Json, receipt: Receipt): Reversal[] {
  const [back, at, id] = [moneyAt(refund, 'amount'), readTime(textAt(refund, 'create_time')), textAt(refund, 'id')]
  if (back?.currency !== receipt.currency || !at || id === '') return []
  const custom = textAt(refund, 'custom_id')
  const key = custom.startsWith(KEY_PREFIX) ? custom.slice(KEY_PREFIX.length) : null
  const isVoid = ['CANCELLED', 'FAILED'].includes(textAt(refund, 'status'))
  return [{ id, receiptId: receipt.id, kind: 'refund', ...back, state: isVoid ? 'won back' : 'taken', at, key }]
}

/** After these the money is ours again, or PayPal bore the loss itself (OpenAPI of customer disputes, outcome_code). */
const OURS = new Set(['RESOLVED_SELLER_FAVOUR', 'CANCELED_BY_BUYER', 'RESOLVED_WITH_PAYOUT', 'DENIED'])

/** In its first stage, INQUIRY, buyer and seller only talk: no money is held (developer.paypal.com/disputes/disputes-lifecycle). */
function disputed(dispute: Json, receipt: Receipt): Reversal[] {
  const [held, at, id] = [moneyAt(dispute, 'dispute_amount'), readTime(textAt(dispute, 'create_time')), textAt(dispute, 'dispute_id')]
  if (held?.currency !== receipt.currency || !at || id === '' || textAt(dispute, 'dispute_life_cycle_stage') === 'INQUIRY') return []
  const isOurs = textAt(dispute, 'status') === 'RESOLVED' && OURS.has(textAt(dispute, 'dispute_outcome', 'outcome_code'))
  return [{ id, receiptId: receipt.id, kind: 'chargeback', ...held, state: isOurs ? 'won back' : 'taken', at, key: null }]
}
