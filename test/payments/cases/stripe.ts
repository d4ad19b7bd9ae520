import { createHmac, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { stripe } from '../../../server/payments/gateways/stripe.ts'
import type { GatewayCase, GatewayFake, HookCall } from '../gateway-case.ts'
import { type FakeReply, type FakeRequest, openFakeServer } from './fake-server.ts'

type Settings = typeof stripe.settings

/** How many digits Stripe writes after the dot, from its own document. */
const PLACES: Readonly<Record<string, number>> = { USD: 2, JPY: 0, KWD: 3, HUF: 2, ISK: 2, VND: 0 }

export const stripeCase: GatewayCase<Settings> = {
  gateway: stripe,
  currencies: ['USD', 'JPY', 'KWD', 'HUF', 'ISK', 'VND'],
  signatureMinutes: 5,
  openFake: openFakeStripe,
}

interface Kept {
  /** A charge of a kept card has an intent alone. */
  readonly isBare: boolean
  readonly keepsCard: boolean
  readonly session: Record<string, unknown> & {
    id: string
    status: string
    amount_total: number
    currency: string
    metadata: Record<string, string>
  }
  readonly charges: Charge[]
  intentStatus: string
  readonly events: { readonly type: string; readonly object: unknown; readonly id: string }[]
}

interface Charge {
  readonly id: string
  readonly amount: number
  readonly currency: string
  readonly created: number
  disputed: boolean
}

interface Refund {
  readonly object: 'refund'
  readonly id: string
  readonly charge: string
  readonly payment_intent: string
  readonly amount: number
  readonly currency: string
  status: string
  readonly created: number
  readonly metadata: Record<string, string>
}

interface Dispute {
  readonly object: 'dispute'
  readonly id: string
  readonly charge: string
  readonly payment_intent: string
  readonly amount: number
  readonly currency: string
  status: string
  readonly created: number
}

class Books {
  readonly key = `sk_test_${randomBytes(16).toString('hex')}`
  readonly secrets = [`whsec_${randomBytes(16).toString('hex')}`]
  readonly kept: Kept[] = []
  readonly refunds: Refund[] = []
  readonly disputes: Dispute[] = []
  readonly answered = new Map<string, { readonly form: string; readonly body: unknown }>()
  #count = 0

  id(prefix: string): string {
    return `${prefix}_${(++this.#count).toString().padStart(14, '0')}`
  }

  of(reference: string): Kept {
    const found = this.kept.find(({ session }) => session.client_reference_id === reference)
    if (!found) throw new Error(`no session for ${reference}`)
    return found
  }

  ofCharge(id: string): { readonly kept: Kept; readonly charge: Charge } {
    for (const kept of this.kept) {
      const charge = kept.charges.find((each) => each.id === id)
      if (charge) return { kept, charge }
    }
    throw new Error(`no charge ${id}`)
  }

  tell(kept: Kept, type: string, object: unknown): void {
    kept.events.push({ type, object, id: this.id('evt') })
  }

  seal(kept: Kept, isExpanded: boolean): unknown {
    const intent = intentIdOf(kept)
    if (kept.intentStatus === '' || !isExpanded) return { ...kept.session, payment_intent: kept.intentStatus === '' ? null : intent }
    return { ...kept.session, payment_intent: intentBody(kept) }
  }

  giveBack(chargeId: string, amount: number, metadata: Record<string, string>): Refund {
    const { kept, charge } = this.ofCharge(chargeId)
    const refund: Refund = {
      object: 'refund',
      id: this.id('re'),
      charge: charge.id,
      payment_intent: intentIdOf(kept),
      amount,
      currency: charge.currency,
      status: 'succeeded',
      created: seconds(),
      metadata,
    }
    this.refunds.push(refund)
    this.tell(kept, 'charge.refunded', chargeBody(kept, charge))
    this.tell(kept, 'refund.created', refund)
    return refund
  }

  reply(request: FakeRequest): FakeReply {
    if (request.headers.authorization !== `Bearer ${this.key}`) {
      const shown = String(request.headers.authorization).replace('Bearer ', '')
      return refusal(401, '', `Invalid API Key provided: ${shown}`)
    }
    const key = String(request.headers['idempotency-key'] ?? '')
    const known = request.method === 'POST' ? this.answered.get(key) : undefined
    if (known) {
      const isSame = known.form === request.body
      return isSame ? { body: known.body } : refusal(400, 'idempotency_key_in_use', 'Keys for idempotent requests…', 'idempotency_error')
    }
    const reply = this.#answer(request)
    if (request.method === 'POST' && reply.status === undefined) this.answered.set(key, { form: request.body, body: reply.body })
    return reply
  }

  #answer({ method, path, query, body }: FakeRequest): FakeReply {
    const form = new URLSearchParams(body)
    const list = (data: unknown[]) => ({ body: { object: 'list', data, has_more: false } })
    switch (`${method} ${path.replace(/\/(cs|pi)_\w+$/, '/:id')}`) {
      case 'POST /v1/payment_intents': {
        return this.#chargeSaved(form)
      }
      case 'GET /v1/payment_intents/:id': {
        const kept = this.kept.find((each) => path.endsWith(`/${intentIdOf(each)}`))
        return kept ? { body: intentBody(kept) } : refusal(404, 'resource_missing', 'No such payment_intent')
      }
      case 'POST /v1/checkout/sessions': {
        return { body: this.#session(form) }
      }
      case 'GET /v1/checkout/sessions': {
        const wanted = query.get('payment_intent')
        return list(
          this.kept
            .filter((each) => !each.isBare && (wanted === null || intentIdOf(each) === wanted))
            .map((each) => this.seal(each, false)),
        )
      }
      case 'GET /v1/checkout/sessions/:id': {
        const kept = this.kept.find(({ session }) => path.endsWith(session.id))
        return kept ? { body: this.seal(kept, true) } : refusal(404, 'resource_missing', 'No such checkout.session')
      }
      case 'GET /v1/payment_intents/search': {
        const [, reference] = /^metadata\['docket_reference'\]:'(\w+)'$/.exec(query.get('query') ?? '') ?? []
        const found = this.kept.filter(({ session, intentStatus }) => intentStatus !== '' && session.client_reference_id === reference)
        return list(found.map((each) => ({ object: 'payment_intent', id: intentIdOf(each) })))
      }
      case 'GET /v1/refunds': {
        return list(this.refunds.filter(({ charge }) => charge === query.get('charge')))
      }
      case 'GET /v1/disputes': {
        return list(this.disputes.filter(({ charge }) => charge === query.get('charge')))
      }
      case 'POST /v1/refunds': {
        return this.#refund(form.get('charge') ?? '', Number(form.get('amount')), form.get('metadata[docket_key]') ?? '')
      }
      case 'GET /v1/balance_transactions': {
        const all = this.kept.flatMap((kept) => kept.charges.map((charge) => ({ ...feeBody(charge), source: chargeBody(kept, charge) })))
        const isWithin = (at: number) => at >= Number(query.get('created[gte]')) && at < Number(query.get('created[lt]'))
        return list(all.filter(({ created }) => isWithin(created)))
      }
      default: {
        return refusal(404, '', `Unrecognized request URL (${method}: ${path})`)
      }
    }
  }

  #chargeSaved(form: URLSearchParams): FakeReply {
    if (form.get('payment_method') !== 'pm_card') return refusal(402, 'card_declined', 'Your card was declined.', 'card_error')
    const [reference, currency] = [form.get('metadata[docket_reference]') ?? '', form.get('currency') ?? '']
    const facts = { amount_total: Number(form.get('amount')), currency, status: 'complete', client_reference_id: reference }
    const session = { ...facts, id: this.id('cs_test'), metadata: { docket_reference: reference } }
    const charge = { id: this.id('ch'), amount: facts.amount_total, currency, created: seconds(), disputed: false }
    const kept: Kept = { session, charges: [charge], intentStatus: 'succeeded', events: [], isBare: true, keepsCard: false }
    this.kept.push(kept)
    return { body: intentBody(kept) }
  }

  #refund(chargeId: string, amount: number, key: string): FakeReply {
    const { charge } = this.ofCharge(chargeId)
    const back = this.refunds.filter((each) => each.charge === chargeId).reduce((sum, each) => sum + each.amount, 0)
    const isLeft = back + amount <= charge.amount
    return isLeft
      ? { body: this.giveBack(chargeId, amount, { docket_key: key }) }
      : refusal(400, 'charge_already_refunded', `Charge ${chargeId} has already been refunded.`)
  }

  #session(form: URLSearchParams): unknown {
    const id = this.id('cs_test')
    const reference = form.get('client_reference_id')
    const session = {
      object: 'checkout.session',
      id,
      client_reference_id: reference,
      amount_total: Number(form.get('line_items[0][price_data][unit_amount]')),
      currency: form.get('line_items[0][price_data][currency]') ?? '',
      metadata: { docket_reference: form.get('metadata[docket_reference]') ?? '' },
      payment_status: 'unpaid',
      status: 'open',
      url: `https://checkout.stripe.com/c/pay/${id}`,
    }
    const kept: Kept = {
      session,
      charges: [],
      intentStatus: '',
      events: [],
      isBare: false,
      keepsCard: form.get('payment_intent_data[setup_future_usage]') === 'off_session',
    }
    this.kept.push(kept)
    return this.seal(kept, false)
  }
}

function refusal(status: number, code: string, message: string, type = 'invalid_request_error'): FakeReply {
  return { status, body: { error: { type, code, message } } }
}

function intentIdOf({ session }: Kept): string {
  return session.id.replace('cs_test', 'pi')
}

function intentBody(kept: Kept) {
  const charge = kept.charges.at(-1)
  return {
    object: 'payment_intent',
    id: intentIdOf(kept),
    status: kept.intentStatus,
    metadata: kept.session.metadata,
    setup_future_usage: kept.keepsCard ? 'off_session' : null,
    latest_charge: charge ? chargeBody(kept, charge) : null,
  }
}

function chargeBody(kept: Kept, { id, amount, currency, created, disputed }: Charge) {
  return {
    object: 'charge',
    id,
    amount,
    amount_captured: amount,
    captured: true,
    paid: true,
    status: 'succeeded',
    currency,
    created,
    disputed,
    payment_intent: intentIdOf(kept),
    customer: kept.keepsCard ? 'cus_1' : null,
    payment_method: 'pm_card',
    payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242' } },
    metadata: kept.session.metadata,
    balance_transaction: feeBody({ id, amount, currency, created, disputed }),
  }
}

function feeBody({ id, amount, currency, created }: Charge) {
  return { object: 'balance_transaction', id: `txn_${id}`, type: 'charge', amount, fee: 30, currency, created }
}

function seconds(at = new Date()): number {
  return Math.floor(at.getTime() / 1000)
}

/** `103.5` of KWD → 103500. */
function units(text: string, currency: string): number {
  const [whole = '', fraction = ''] = text.split('.')
  return Number(whole + fraction.padEnd(PLACES[currency.toUpperCase()]!, '0').slice(0, PLACES[currency.toUpperCase()]))
}

async function openFakeStripe(): Promise<GatewayFake<Settings>> {
  const books = new Books()
  const server = await openFakeServer((request) => books.reply(request))
  const settings: z.input<Settings> = { secretKey: books.key, webhookSecret: books.secrets[0]!, address: server.url }
  const sign = (body: string, { at = new Date() }: { readonly at?: Date } = {}): HookCall => {
    const signatures = books.secrets.map(
      (secret) =>
        `v1=${createHmac('sha256', secret)
          .update(`${seconds(at)}.${body}`)
          .digest('hex')}`,
    )
    const header = [`t=${seconds(at)}`, ...signatures, 'v0=00'].join(',')
    return { method: 'POST', query: '', headers: { 'stripe-signature': header, 'content-type': 'application/json' }, body }
  }
  const event = (id: string, type: string, object: unknown) => JSON.stringify({ id, object: 'event', type, data: { object } }, null, 2)
  return Object.assign(server, {
    settings,
    rotate() {
      books.secrets.unshift(`whsec_${randomBytes(16).toString('hex')}`)
      return { ...settings, webhookSecret: books.secrets[0]! }
    },
    started: () => books.kept.length,
    pay(reference: string, { amount, currency }: { readonly amount?: string; readonly currency?: string } = {}) {
      const kept = books.of(reference)
      const paid = (currency ?? kept.session.currency).toLowerCase()
      const total = amount === undefined ? kept.session.amount_total : units(amount, paid)
      const charge = { id: books.id('ch'), amount: total, currency: paid, created: seconds(), disputed: false }
      kept.charges.push(charge)
      kept.intentStatus = 'succeeded'
      Object.assign(kept.session, { status: 'complete', payment_status: 'paid' })
      books.tell(kept, 'checkout.session.completed', books.seal(kept, false))
      return charge.id
    },
    become(reference: string, state: string) {
      const kept = books.of(reference)
      Object.assign(kept.session, { status: state === 'expired' ? 'expired' : 'complete' })
      if (state === 'seen') kept.intentStatus = 'processing'
      if (state === 'failed') kept.intentStatus = 'requires_payment_method'
      const types: Record<string, string> = { seen: 'completed', failed: 'async_payment_failed', expired: 'expired' }
      books.tell(kept, `checkout.session.${types[state]}`, books.seal(kept, false))
    },
    refund(receiptId: string, amount?: string) {
      const { charge } = books.ofCharge(receiptId)
      return books.giveBack(receiptId, amount === undefined ? charge.amount : units(amount, charge.currency), {}).id
    },
    chargeback(receiptId: string) {
      const { kept, charge } = books.ofCharge(receiptId)
      const { amount, currency } = charge
      const facts = {
        object: 'dispute' as const,
        charge: charge.id,
        payment_intent: intentIdOf(kept),
        amount,
        currency,
        created: seconds(),
      }
      const dispute: Dispute = { ...facts, id: books.id('du'), status: 'needs_response' }
      charge.disputed = true
      books.disputes.push(dispute)
      books.tell(kept, 'charge.dispute.created', dispute)
      return dispute.id
    },
    winBack(reversalId: string) {
      const dispute = books.disputes.find(({ id }) => id === reversalId)!
      dispute.status = 'won'
      books.tell(books.ofCharge(dispute.charge).kept, 'charge.dispute.closed', dispute)
    },
    hooks: (reference: string, options?: { readonly at?: Date }) =>
      books.of(reference).events.map(({ id, type, object }) => sign(event(id, type, object), options)),
    foreign: () => [
      sign(event('evt_f1', 'checkout.session.completed', { object: 'checkout.session', id: 'cs_test_foreign', metadata: {} })),
      sign(event('evt_f2', 'product.created', { object: 'product', id: 'prod_1', metadata: { docket_reference: 'x' } })),
    ],
    sign,
  })
}
