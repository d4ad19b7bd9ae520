import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { isRefusal, type RefusalCode } from '../../../refusal.ts'
import { formatAmount } from '../../../payments/amounts.ts'
import { gatewayCan, type MethodRow } from '../../../payments/methods.ts'
import { type Offer, listOffered, offersOf } from '../../../payments/offers.ts'
import type { Quote } from '../../../payments/quote.ts'
import type { Wanted } from '../../../payments/start.ts'
import { parseUnits, type Units } from '../../../ledger/money.ts'
import { payerText } from './payer-money.ts'
import type { Texts } from '../../../texts/texts.ts'
import { field } from '../../form-faults.ts'
import type { House } from '../../house.ts'
import type { Faults } from '../../ui/page-ui.ts'
import type { PayContext } from './pay-context.ts'

/** The form that adds funds, as it was filled in. */
export interface TypedFunds {
  readonly amount: string
  /** The number of a method; empty: none is chosen yet. */
  readonly method: string
  readonly coupon: string
  /** The gateway may keep the card, for automatic top-up. */
  readonly keepCard: boolean
}

/** What the form is drawn from. */
export interface AddView {
  readonly typed: TypedFunds
  readonly faults: Faults
  /** Names this form: sent twice, it starts one payment. */
  readonly form: string
  readonly currency: string
  readonly picks: readonly string[]
  readonly methods: readonly MethodRow[]
  /** Some method keeps cards where the customer wants it. */
  readonly keepsCards: boolean
  /** One per method, for the typed sum; null: there is no sum to tell of. */
  readonly offers: readonly Offer[] | null
  readonly now: Date
  readonly house: House
}

export function newForm(): string {
  return randomBytes(16).toString('base64url')
}

export function formOf(request: FastifyRequest): string {
  const sent = field(request, 'form')
  return /^[\w-]{22}$/.test(sent) ? sent : newForm()
}

export function typedFunds(request: FastifyRequest): TypedFunds {
  const text = (name: string, most: number) => field(request, name).toWellFormed().replaceAll('\0', '').trim().slice(0, most)
  return {
    amount: field(request, 'pick') || text('amount', 30),
    method: text('method', 10),
    coupon: text('coupon', 60),
    keepCard: field(request, 'keep-card') === 'on',
  }
}

const PICKS = [10, 25, 50, 100, 250]
/** About so much of the currency has the worth of a dollar, for sums that are usual there. */
const USUAL: Readonly<Record<string, number>> = {
  JPY: 100, KRW: 1000, VND: 20_000, IDR: 10_000, INR: 50, RUB: 50, TRY: 20, PHP: 50, THB: 20, NGN: 1000, PKR: 100, BDT: 100, EGP: 20, BRL: 4, MXN: 10,
  ARS: 1000, CLP: 1000, COP: 4000, UAH: 40, KZT: 500, HUF: 400, CZK: 20, PLN: 4, CNY: 5, TWD: 20, MYR: 4, ZAR: 20,
} // prettier-ignore

/** The sums that are offered as buttons. */
export function picksOf(currency: string): string[] {
  return PICKS.map((pick) => String(pick * (USUAL[currency] ?? 1)))
}

const DEFAULT_PICK = 2
const MOST_WHOLE = 1_000_000_000n * 100_000n

/** Reads the sum and finds what it costs and brings by each method. Null: no way to pay is offered to this account. */
export async function readAdd(context: PayContext, typed: TypedFunds | null, form: string, faults: Faults = {}): Promise<AddView | null> {
  const { payments, session, orders, ui } = context
  const { texts } = ui.frame
  const methods = await listOffered(orders.db, session.currency)
  if (methods.length === 0) return null
  const picks = picksOf(session.currency)
  const shown = typed ?? { amount: picks[DEFAULT_PICK]!, method: '', coupon: '', keepCard: false }
  const amount = amountOf(shown)
  const found: Record<string, string> = { ...faults }
  if (amount === undefined) found['amount'] ??= texts.text(shown.amount === '' ? 'app.fault.missing' : 'payments.fault.amount')
  let offers: readonly Offer[] | null = null
  if (amount !== undefined) {
    const wanted = wantedOf(context, amount, shown.coupon)
    try {
      offers = await offersOf(payments, methods, wanted)
    } catch (error) {
      if (!isRefusal(error, 'coupon_not_valid')) throw error
      found['coupon'] = refusalText(texts, error)
      offers = await offersOf(payments, methods, { ...wanted, coupon: null })
    }
  }
  const chosen = methods.find(({ id }) => String(id) === shown.method) ?? offers?.find(({ terms }) => terms !== null)?.method ?? methods[0]!
  return {
    typed: { ...shown, method: String(chosen.id) },
    faults: found,
    form,
    currency: session.currency,
    picks,
    methods,
    keepsCards: methods.some((method) => gatewayCan(payments.gateways, method, 'chargeSaved')),
    offers,
    now: orders.now(),
    house: ui.frame.house,
  }
}

export function amountOf({ amount }: TypedFunds): Units | undefined {
  return sumIn(amount)
}

/** Undefined: no sum above zero that can be meant. */
export function sumIn(text: string): Units | undefined {
  try {
    const units = parseUnits(text)
    return units > 0n && units <= MOST_WHOLE ? units : undefined
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export function wantedOf({ session }: PayContext, amount: Units, coupon: string): Omit<Wanted, 'methodId'> {
  const account = { id: session.accountId, currency: session.currency, email: session.email }
  return { account, amount, coupon: coupon === '' ? null : coupon }
}

/** The exact figures that a customer has agreed to: a payment with others is shown again before it is started. */
export function figuresOf({ asked, currency, amount, bonus }: Quote): string {
  return `${formatAmount(asked, currency)} ${currency} ${amount} ${bonus}`
}

const OF_FORM = [
  'payment_method_off', 'payment_too_small', 'payment_too_large', 'payment_key_used', 'too_many_open_payments', 'payment_gateway_away',
  'payment_refused_there', 'no_fresh_rate', 'coupon_not_valid',
] as const satisfies readonly RefusalCode[] // prettier-ignore

/** What a refusal means, in the reader's language. Throws any other error again. */
export function refusalText(texts: Texts, error: unknown): string {
  if (!isRefusal(error, ...OF_FORM)) throw error
  switch (error.code) {
    case 'payment_method_off':
      return texts.text('payments.fault.methodOff')
    case 'payment_too_small':
      return texts.text('payments.fault.tooSmall', { amount: limitText(texts, error.values) })
    case 'payment_too_large':
      return texts.text('payments.fault.tooLarge', { amount: limitText(texts, error.values) })
    case 'payment_key_used':
      return texts.text('payments.fault.formUsed')
    case 'too_many_open_payments':
      return texts.text('payments.fault.tooMany', { count: Number(error.values[0]) })
    case 'payment_gateway_away':
      return texts.text('payments.fault.away', { method: String(error.values[0]) })
    case 'payment_refused_there':
      return texts.text('payments.fault.refused', { method: String(error.values[0]) })
    case 'no_fresh_rate':
      return texts.text('payments.fault.noRate', { currency: String(error.values[0]) })
    case 'coupon_not_valid':
      return texts.text('payments.fault.coupon')
    default:
      return error.code satisfies never
  }
}

function limitText(texts: Texts, [amount, currency]: readonly unknown[]): string {
  return payerText(texts, String(amount), String(currency))
}
