import type Stripe from 'stripe'
import { plain } from '../../json.ts'
import type { PaymentState, Receipt, Reversal, SavedCard, Standing } from '../gateway.ts'
import { fromStripe } from './stripe-amounts.ts'
import { REFERENCE, REFUND_KEY } from './stripe-hook.ts'

/** A session with what `look` asked for beside it. Charges of kept cards have an intent and no session. */
export interface SeenAtStripe {
  readonly session: Stripe.Checkout.Session | undefined
  readonly intent: Stripe.PaymentIntent | undefined
  readonly refunds: readonly Stripe.Refund[]
  readonly disputes: readonly Stripe.Dispute[]
}

export function standingOf({ session, intent, refunds, disputes }: SeenAtStripe): Standing {
  const charge = chargeOf(intent)
  const receipt = charge && receiptOf(charge)
  const reversals = receipt
    ? [...refunds.flatMap((each) => refunded(each, receipt)), ...disputes.flatMap((each) => disputed(each, receipt))]
    : []
  const savedCard = charge && savedCardOf(charge, intent)
  return {
    theirId: session?.id ?? intent?.id ?? null,
    reference: session?.metadata?.[REFERENCE] ?? intent?.metadata?.[REFERENCE] ?? null,
    state: stateOf(session, intent, receipt !== undefined),
    receipts: receipt ? [receipt] : [],
    reversals,
    words: [session?.status, session?.payment_status, intent?.status].filter(Boolean).join(', '),
    ...(savedCard ? { savedCard } : {}),
  }
}

export function intentOf(session: Stripe.Checkout.Session): Stripe.PaymentIntent | undefined {
  return typeof session.payment_intent === 'object' && session.payment_intent !== null ? session.payment_intent : undefined
}

/** Only a card whose owner agreed to later charges. */
function savedCardOf(charge: Stripe.Charge, intent: Stripe.PaymentIntent | undefined): SavedCard | undefined {
  const { customer, payment_method: method, payment_method_details: details } = charge
  if (intent?.setup_future_usage !== 'off_session' || typeof customer !== 'string' || typeof method !== 'string' || !details?.card)
    return undefined
  return { id: `${customer}/${method}`, label: plain(`${details.card.brand ?? 'card'} ${details.card.last4 ?? ''}`.trim()) }
}

/** The charge that succeeded, or nothing. An intent has at most one such: its latest. */
export function chargeOf(intent: Stripe.PaymentIntent | undefined): Stripe.Charge | undefined {
  const charge = intent?.latest_charge
  return typeof charge === 'object' && charge !== null && charge.status === 'succeeded' && charge.paid && charge.captured
    ? charge
    : undefined
}

function receiptOf(charge: Stripe.Charge): Receipt | undefined {
  const paid = fromStripe(charge.amount_captured, charge.currency)
  if (!paid || paid.amount.digits === 0n) return undefined
  return { id: charge.id, ...paid, at: dateOf(charge.created), fee: feeOf(charge), worth: null, late: false }
}

/** Stripe takes its fee in the currency of the payout: only where that is the payment's own can it be told. */
export function feeOf(charge: Stripe.Charge): Receipt['fee'] {
  const booked = charge.balance_transaction
  if (typeof booked !== 'object' || booked === null || booked.currency !== charge.currency) return null
  return fromStripe(booked.fee, booked.currency)?.amount ?? null
}

/** A session is `complete` before the money is there where the method takes days (bank debits): then the intent says how it ended. */
function stateOf(session: Stripe.Checkout.Session | undefined, intent: Stripe.PaymentIntent | undefined, isPaid: boolean): PaymentState {
  if (isPaid) return 'paid'
  if (!session) return intent?.status === 'processing' ? 'seen' : 'failed'
  if (session.status === 'expired') return 'expired'
  if (session.status !== 'complete') return 'open'
  if (session.payment_status === 'paid') return 'review'
  return intent?.status === 'requires_payment_method' || intent?.status === 'canceled' ? 'failed' : 'seen'
}

function refunded(refund: Stripe.Refund, receipt: Receipt): Reversal[] {
  const back = fromStripe(refund.amount, refund.currency)
  if (!back || back.amount.digits === 0n) return []
  return [
    {
      id: refund.id,
      receiptId: receipt.id,
      kind: 'refund',
      ...back,
      // The money of a refund that failed is with us again (docs.stripe.com/refunds#failed-refunds).
      state: refund.status === 'failed' || refund.status === 'canceled' ? 'won back' : 'taken',
      at: dateOf(refund.created),
      key: refund.metadata?.[REFUND_KEY] ?? null,
    },
  ]
}

/** `warning_…` are inquiries, which take no money; `prevented` never became a dispute. An appeal follows a loss. */
function disputed(dispute: Stripe.Dispute, receipt: Receipt): Reversal[] {
  const taken = fromStripe(dispute.amount, dispute.currency)
  if (!taken || taken.amount.digits === 0n || dispute.status.startsWith('warning_') || dispute.status === 'prevented') return []
  const state = dispute.status === 'won' ? 'won back' : 'taken'
  return [{ id: dispute.id, receiptId: receipt.id, kind: 'chargeback', ...taken, state, at: dateOf(dispute.created), key: null }]
}

export function dateOf(seconds: number): Date {
  if (!Number.isSafeInteger(seconds)) throw new TypeError('not a time')
  return new Date(seconds * 1000)
}
