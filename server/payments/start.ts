import { randomInt } from 'node:crypto'
import { type Database, type Queryable, transaction, type Transaction } from '../db/pool.ts'
import { openBook } from '../ledger/post.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import { compareDecimals, formatAmount, readAmount } from './amounts.ts'
import { findCoupon, type Coupon } from './coupons.ts'
import type { Ask, Started } from './gateway.ts'
import { gatewayNamed, takesCurrency } from './gateways.ts'
import { askGateway, findMethod, gatewayCan, type MethodRow } from './methods.ts'
import { findPayment, type FrozenRate, type NextStep, type PaymentContext, PAYMENTS, type PaymentRow } from './payments.ts'
import { type Quote, quoteOf } from './quote.ts'
import { type RateTerms, readAskedRate } from './rates.ts'
import { noteStanding } from './standings.ts'

/** What a customer asks for. */
export interface Wanted {
  readonly account: { readonly id: number; readonly currency: string; readonly email: string | null }
  readonly methodId: number
  readonly amount: Units
  readonly coupon: string | null
}

export interface Terms {
  readonly method: MethodRow
  readonly quote: Quote
  readonly rate: FrozenRate | null
  readonly coupon: Coupon | null
}

/** What noting a payment needs: it may be a part of the caller's transaction. */
export type NotingContext = Pick<PaymentContext, 'now' | 'rates'> & { readonly db: Database | Transaction }

/** What a payment would cost and bring. Throws a Refusal that says what is wrong with it. */
export async function termsOf({ db, now, rates }: NotingContext, { account, methodId, amount, coupon: code }: Wanted): Promise<Terms> {
  const method = await findMethod(db, methodId)
  if (!method?.isOn) throw refuse('payment_method_off')
  const payIn = method.currency ?? account.currency
  if (!takesCurrency(method.gateway, payIn)) throw refuse('payment_method_off')
  const coupon = code === null ? null : await findCoupon(db, code, account, now())
  const rate = payIn === account.currency ? null : await freshRate(db, account.currency, payIn, rates(), now())
  const quote = quoteOf({ amount, currency: account.currency, method, rate: rate && readAmount(rate.rate)!, coupon })
  checkLimits(method, quote)
  return { method, quote, rate, coupon }
}

async function freshRate(db: Queryable, base: string, currency: string, terms: RateTerms, now: Date): Promise<FrozenRate> {
  const asked = await readAskedRate(db, base, currency, terms, now)
  if (asked.kind !== 'fresh') throw refuse('no_fresh_rate', currency)
  const { source, at } = asked.said
  return { rate: formatAmount(asked.rate, ''), source, at: at.toISOString(), margin_basis_points: terms.marginBasisPoints }
}

function checkLimits({ least, most }: MethodRow, { asked, currency }: Quote) {
  if (least !== null && compareDecimals(asked, readAmount(least)!) < 0n) throw refuse('payment_too_small', least, currency)
  if (most !== null && compareDecimals(asked, readAmount(most)!) > 0n) throw refuse('payment_too_large', most, currency)
}

export interface Beginning extends Wanted {
  /** The form or request: sent again, it starts the same payment. */
  readonly startKey: string
  /** Who opened it, like `customer` or `key 7`. */
  readonly by: string
  /** The customer agreed that the gateway keeps the card. */
  readonly keepsCard?: boolean
  readonly language: string
  readonly about: string
}

const MOST_OPEN = 20
/** Late money is looked for so long after a payment's time. */
const LOOK_AFTER_MS = 3 * 86_400_000
const FIRST_LOOK_MS = 20_000

const OPEN_NOW = `select count(*)::int as count from payments where account_id = $1 and state in ('open', 'seen') and until > $2`
const ADD = `
  insert into payments (account_id, book_id, method_id, reference, start_key, amount, bonus, coupon_id, asked, currency, rate, opened_by, created_at,
    until, look_until, keeps_card)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9::numeric, $10, $11, $12, $13, $14, $15, $16)
  on conflict on constraint one_payment_a_form do nothing returning id`
const OF_FORM = `${PAYMENTS} where p.account_id = $1 and p.start_key = $2`

/**
 * Starts a payment: notes it, then asks the gateway. The same start key answers the same payment, and asks the gateway again when its answer was lost.
 * Throws a Refusal for a request that cannot be, and when the gateway says no.
 */
export async function startPayment(context: PaymentContext, wanted: Beginning): Promise<PaymentRow> {
  const earlier = await ofForm(context.db, wanted)
  const payment = earlier ?? (await notePayment(context, wanted, await termsOf(context, wanted)))
  return beginAgain(context, payment, { ...wanted, email: wanted.account.email })
}

/** How the gateway is to speak to the payer. */
export interface Payer {
  readonly email: string | null
  readonly language: string
  readonly about: string
}

/** Asks the gateway for a payment that was noted, unless it has answered already. Throws a Refusal when it says no or is away. */
export async function beginAgain(context: PaymentContext, payment: PaymentRow, payer: Payer): Promise<PaymentRow> {
  if (payment.nextStep !== null || payment.state !== 'open') return payment
  const method = (await findMethod(context.db, payment.methodId))!
  const started = await askGateway(context.gateways, method, (gateway) => gateway.start(askOf(context, method, payment, payer)))
  await noteStanding(context, method, started.kind !== 'unknown')
  return record(context, method, payment, started)
}

async function ofForm(db: Queryable, { account, startKey, amount, methodId }: Beginning): Promise<PaymentRow | undefined> {
  const [earlier] = (await db.query<PaymentRow>({ name: 'payment of form', text: OF_FORM, values: [account.id, startKey] })).rows
  if (earlier && (earlier.amount !== amount || earlier.methodId !== methodId)) throw refuse('payment_key_used')
  return earlier
}

/** Notes what a customer wants to pay, before anybody is asked. */
export async function notePayment(context: NotingContext, wanted: Beginning, { method, quote, rate, coupon }: Terms): Promise<PaymentRow> {
  const { account, startKey, by } = wanted
  const now = context.now()
  const until = new Date(now.getTime() + gatewayNamed(method.gateway)!.openMinutes * 60_000)
  await transaction(context.db, async (tx) => {
    const { rows } = await tx.query<{ count: number }>(OPEN_NOW, [account.id, now])
    if (rows[0]!.count >= MOST_OPEN) throw refuse('too_many_open_payments', MOST_OPEN)
    const bookId = await openBook(tx, account, false)
    await tx.query(ADD, [
      account.id,
      bookId,
      method.id,
      makeReference(),
      startKey,
      quote.amount,
      quote.bonus,
      coupon?.id ?? null,
      formatAmount(quote.asked, quote.currency),
      quote.currency,
      rate && JSON.stringify(rate),
      by,
      now,
      until,
      new Date(until.getTime() + LOOK_AFTER_MS),
      wanted.keepsCard === true,
    ])
  })
  return (await ofForm(context.db, wanted))!
}

/** Letters and digits that nobody takes for each other. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const REFERENCE_LENGTH = 12

function makeReference(): string {
  return Array.from({ length: REFERENCE_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join('')
}

/** What the gateway is asked for; the same payment is always the same ask. */
export function askOf({ siteUrl }: PaymentContext, method: MethodRow, payment: PaymentRow, payer: Payer): Ask {
  return {
    amount: readAmount(payment.asked)!,
    currency: payment.currency,
    reference: payment.reference,
    key: `docket-${payment.reference}`,
    email: payer.email,
    language: payer.language,
    about: payer.about,
    returnUrl: `${siteUrl()}/funds/payments/${payment.id}`,
    hookUrl: hookUrlOf(siteUrl(), method),
    until: payment.until,
    keepsCard: payment.keepsCard,
  }
}

/** Where a gateway calls us. */
export function hookUrlOf(siteUrl: string, { hookToken }: Pick<MethodRow, 'hookToken'>): string {
  return `${siteUrl}/hooks/payments/${hookToken}`
}

const STARTED = `
  update payments set their_id = $2, next_step = $3, look_at = $4 where id = $1 and next_step is null`
const REFUSED = `update payments set state = 'failed', why = $2, look_at = null where id = $1 and state = 'open'`
const LATER = 'update payments set why = $2 where id = $1'

async function record(context: PaymentContext, method: MethodRow, payment: PaymentRow, started: Started): Promise<PaymentRow> {
  const { db, now } = context
  if (started.kind === 'unknown') {
    await db.query(LATER, [payment.id, started.words])
    throw refuse('payment_gateway_away', method.name)
  }
  if (started.kind === 'refused') {
    await db.query(REFUSED, [payment.id, started.words])
    throw refuse('payment_refused_there', method.name)
  }
  const step: NextStep =
    started.kind === 'redirect' ? { kind: 'redirect', url: started.url } : { kind: 'transfer', lines: started.lines, qr: started.qr }
  const looks = gatewayCan(context.gateways, method, 'look') ? new Date(now().getTime() + FIRST_LOOK_MS) : null
  await db.query(STARTED, [payment.id, started.theirId, JSON.stringify(step), looks])
  return (await findPayment(db, payment.id))!
}
