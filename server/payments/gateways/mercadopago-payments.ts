import { type Json, plain } from '../../json.ts'
import type { Decimal } from '../../ledger/money.ts'
import { fromMinor, readAmount, toMinor } from '../amounts.ts'
import type { PaymentState, Receipt, Reversal, Standing } from '../gateway.ts'
import { listAt, textAt } from './json.ts'
import { readMoney, readTime } from './transfers.ts'

/** What was approved once stays `paid`: refunds and disputes are told by reversals. */
const STATES: Readonly<Record<string, PaymentState>> = {
  pending: 'open',
  in_process: 'seen',
  authorized: 'seen',
  approved: 'paid',
  in_mediation: 'review',
  refunded: 'paid',
  charged_back: 'paid',
  rejected: 'failed',
  cancelled: 'failed',
}
const STRONGEST_FIRST: readonly PaymentState[] = ['paid', 'review', 'seen', 'open', 'failed', 'expired']

/** What is known by the payments of one reference: usually one. */
export function standingOf(payments: readonly Json[]): Standing {
  const states = new Set(payments.map(stateOf))
  return {
    theirId: textAt(payments[0], 'id') || null,
    reference: textAt(payments[0], 'external_reference') || null,
    state: STRONGEST_FIRST.find((state) => states.has(state)) ?? 'review',
    receipts: payments.flatMap(receiptsOf),
    reversals: payments.flatMap((payment) => [...refundsOf(payment), ...chargebacksOf(payment)]),
    words: plain(payments.map((payment) => `${textAt(payment, 'status')}: ${textAt(payment, 'status_detail')}`).join(', ')),
  }
}

function stateOf(payment: Json): PaymentState {
  const status = textAt(payment, 'status')
  return status === 'cancelled' && textAt(payment, 'status_detail') === 'expired' ? 'expired' : (STATES[status] ?? 'review')
}

export function receiptsOf(payment: Json): readonly Receipt[] {
  const money = readMoney(textAt(payment, 'transaction_amount'), textAt(payment, 'currency_id'))
  const at = readTime(textAt(payment, 'date_approved'))
  const id = textAt(payment, 'id')
  return money && at && id !== '' ? [{ ...money, id, at, fee: feeOf(payment, money.currency), worth: null, late: false }] : []
}

/** Null while they have not told it, or in a form that is not known. */
function feeOf(payment: Json, currency: string): Decimal | null {
  const ours = listAt(payment, 'fee_details').filter((fee) => textAt(fee, 'fee_payer') === 'collector')
  const parts = ours.map((fee) => minorOf(textAt(fee, 'amount'), currency))
  if (parts.length === 0 || !parts.every((part) => part !== undefined)) return null
  return fromMinor(
    parts.reduce((sum, part) => sum + part, 0n),
    currency,
  )
}

function minorOf(text: string, currency: string): bigint | undefined {
  const amount = readAmount(text)
  return amount && toMinor(amount, currency)
}

/** A refund that is still under way, or was refused, took nothing. They keep no key of ours with it. */
function refundsOf(payment: Json): readonly Reversal[] {
  const currency = textAt(payment, 'currency_id')
  return listAt(payment, 'refunds').flatMap((refund): readonly Reversal[] => {
    const money = readMoney(textAt(refund, 'amount'), currency)
    const [id, at] = [textAt(refund, 'id'), readTime(textAt(refund, 'date_created'))]
    const isDone = ['approved', ''].includes(textAt(refund, 'status'))
    if (!money || !at || id === '' || !isDone) return []
    return [{ ...money, id, receiptId: textAt(payment, 'id'), kind: 'refund', state: 'taken', at, key: null }]
  })
}

/** A chargeback is a status of the payment. It takes what was not refunded; `reimbursed` is decided for us. */
function chargebacksOf(payment: Json): readonly Reversal[] {
  const receipt = receiptsOf(payment)[0]
  if (textAt(payment, 'status') !== 'charged_back' || !receipt) return []
  const paid = toMinor(receipt.amount, receipt.currency) ?? 0n
  const left = paid - refundsOf(payment).reduce((sum, { amount, currency }) => sum + (toMinor(amount, currency) ?? 0n), 0n)
  if (left <= 0n) return []
  return [
    {
      id: `${receipt.id}:chargeback`,
      receiptId: receipt.id,
      amount: fromMinor(left, receipt.currency),
      currency: receipt.currency,
      kind: 'chargeback',
      state: textAt(payment, 'status_detail') === 'reimbursed' ? 'won back' : 'taken',
      at: readTime(textAt(payment, 'date_last_updated')) ?? receipt.at,
      key: null,
    },
  ]
}
