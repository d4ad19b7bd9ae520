import { sign as signBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { z } from 'zod'
import { paypal } from '../../../server/payments/gateways/paypal.ts'
import type { GatewayCase, GatewayFake, HookCall } from '../gateway-case.ts'
import { type SelfSigned, selfSigned } from './certificate.ts'
import { type FakeReply, type FakeRequest, type FakeServer, openFakeServer } from './fake-server.ts'

type Settings = typeof paypal.settings

export const paypalCase: GatewayCase<Settings> = {
  gateway: paypal,
  currencies: ['USD', 'EUR', 'JPY', 'HUF'],
  signatureMinutes: 73 * 60,
  openFake: async () => {
    const books = new Books()
    return playedBy(books, await openFakeServer((request) => books.reply(request)))
  },
}

interface Money {
  readonly currency_code: string
  readonly value: string
}

interface Order {
  readonly id: string
  status: string
  readonly reference: string
  readonly amount: Money
  readonly captureId: string
  captures: { readonly id: string; status: string; readonly amount: Money; readonly create_time: string }[]
  readonly refunds: {
    readonly id: string
    readonly status: string
    readonly amount: Money
    readonly custom_id: string
    readonly create_time: string
  }[]
  readonly events: { readonly id: string; readonly type: string; readonly kind: string; readonly resource: unknown }[]
}

interface Dispute {
  readonly dispute_id: string
  readonly create_time: string
  status: string
  dispute_life_cycle_stage: string
  readonly dispute_amount: Money
  readonly dispute_outcome: { outcome_code: string }
  readonly disputed_transactions: readonly { readonly seller_transaction_id: string; readonly custom: string }[]
}

// Making a key takes a moment: all fakes sign with one.
let certificate: SelfSigned | undefined
function theCertificate(): SelfSigned {
  const day = 86_400_000
  certificate ??= selfSigned('messageverificationcerts.paypal.com', new Date(Date.now() - 9 * day), new Date(Date.now() + 9 * day))
  return certificate
}

class Books {
  readonly clientId = `client-${random()}${random()}`
  readonly clientSecret = `secret-${random()}${random()}`
  readonly webhookIds = [`WH${random()}`]
  readonly orders: Order[] = []
  readonly disputes: Dispute[] = []
  /** False: the app may not read disputes. */
  showsDisputes = true
  readonly #answered = new Map<string, unknown>()
  #token = ''

  ofCapture(id: string): Order {
    const found = this.orders.find((order) => order.captureId === id)
    if (!found) throw new Error(`no capture ${id}`)
    return found
  }

  of(reference: string): Order {
    const found = this.orders.findLast((order) => order.reference === reference)
    if (!found) throw new Error(`no order for ${reference}`)
    return found
  }

  tell(order: Order, kind: string, type: string, resource: object): void {
    order.events.push({ id: `WH-${random()}-${random()}`, kind, type, resource: structuredClone(resource) })
  }

  capture(order: Order, status = 'COMPLETED', amount = order.amount): void {
    order.status = 'COMPLETED'
    order.captures = [{ id: order.captureId, status, amount, create_time: new Date().toISOString() }]
    this.tell(order, 'capture', `PAYMENT.CAPTURE.${status}`, {
      ...order.captures[0],
      custom_id: order.reference,
      supplementary_data: { related_ids: { order_id: order.id } },
    })
  }

  giveBack(order: Order, amount: Money, customId: string) {
    if (order.captures.length === 0) this.capture(order)
    const refund = {
      id: random(),
      status: 'COMPLETED',
      amount,
      custom_id: customId,
      invoice_id: order.reference,
      create_time: new Date().toISOString(),
    }
    order.refunds.push(refund)
    const back = order.refunds.reduce((sum, each) => sum + Number(each.amount.value), 0)
    order.captures[0]!.status = back >= Number(order.captures[0]!.amount.value) ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
    this.tell(order, 'refund', 'PAYMENT.CAPTURE.REFUNDED', refund)
    return refund
  }

  body({ id, status, reference, amount, captures, refunds }: Order) {
    const withFees = captures.map((capture) => ({
      ...capture,
      custom_id: reference,
      seller_receivable_breakdown: {
        gross_amount: capture.amount,
        paypal_fee: { currency_code: capture.amount.currency_code, value: '3' },
      },
    }))
    const units = [{ custom_id: reference, invoice_id: reference, amount, payments: { captures: withFees, refunds } }]
    return { id, intent: 'CAPTURE', status, purchase_units: units }
  }

  reply(request: FakeRequest): FakeReply {
    if (request.path.startsWith('/v1/notifications/certs/')) return { body: theCertificate().pem }
    if (request.path === '/v1/oauth2/token') return this.#newToken(request)
    if (request.headers.authorization !== `Bearer ${this.#token}`)
      return { status: 401, body: { error: 'invalid_token', error_description: 'Token expired' } }
    const key = String(request.headers['paypal-request-id'] ?? '')
    const known = key === '' ? undefined : this.#answered.get(key)
    const reply = known === undefined ? this.#answer(request) : { body: known }
    if (key !== '' && reply.status === undefined) this.#answered.set(key, reply.body)
    return reply
  }

  #newToken({ headers }: FakeRequest): FakeReply {
    const wanted = `Basic ${Buffer.from(`${this.clientId}:${this.clientSecret}`).toString('base64')}`
    if (headers.authorization !== wanted)
      return { status: 401, body: { error: 'invalid_client', error_description: 'Client Authentication failed' } }
    this.#token = `A21AA${random()}`
    return { body: { access_token: this.#token, token_type: 'Bearer', expires_in: 32_400 } }
  }

  #answer({ method, path, query, body }: FakeRequest): FakeReply {
    const [, order] = this.#named(path, /^\/v2\/checkout\/orders\/(\w+)/, (id) => this.orders.find((each) => each.id === id))
    const [, ofCapture] = this.#named(path, /^\/v2\/payments\/captures\/(\w+)\/refund$/, (id) =>
      this.orders.find((each) => each.captureId === id),
    )
    if (method === 'POST' && path === '/v2/checkout/orders') return this.#newOrder(JSON.parse(body) as OrderForm)
    if (order && method === 'GET') return { body: this.body(order) }
    if (order && path.endsWith('/capture')) return this.#capture(order)
    if (ofCapture) return this.#refund(ofCapture, JSON.parse(body) as { amount: Money; custom_id: string })
    if (path.startsWith('/v1/customer/disputes') && !this.showsDisputes) return refusal(403, 'NOT_AUTHORIZED', 'PERMISSION_DENIED')
    if (path === '/v1/customer/disputes') {
      const found = this.disputes.filter(
        (each) => each.disputed_transactions[0]!.seller_transaction_id === query.get('disputed_transaction_id'),
      )
      return { body: { items: found.map(({ dispute_id, status }) => ({ dispute_id, status })) } }
    }
    const dispute = this.disputes.find(({ dispute_id }) => path === `/v1/customer/disputes/${dispute_id}`)
    if (dispute) return { body: dispute }
    if (path === `/v1/notifications/webhooks/${this.webhookIds[0]}`)
      return { body: { id: this.webhookIds[0], url: 'https://panel.example/hooks/payments/t0ken' } }
    if (path === '/v1/reporting/transactions') return this.#transactions(query)
    return refusal(404, 'RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID')
  }

  #named(path: string, pattern: RegExp, find: (id: string) => Order | undefined): [string, Order | undefined] {
    const [, id = ''] = pattern.exec(path) ?? []
    return [id, id === '' ? undefined : find(id)]
  }

  #newOrder({ purchase_units: [unit] }: OrderForm): FakeReply {
    if (!unit || (['HUF', 'JPY', 'TWD'].includes(unit.amount.currency_code) && unit.amount.value.includes('.')))
      return refusal(422, 'UNPROCESSABLE_ENTITY', 'DECIMALS_NOT_SUPPORTED')
    const blank = { captures: [], refunds: [], events: [] }
    const order: Order = {
      id: random(),
      status: 'PAYER_ACTION_REQUIRED',
      reference: unit.custom_id,
      amount: unit.amount,
      captureId: random(),
      ...blank,
    }
    this.orders.push(order)
    const links = [
      { rel: 'self', href: `https://api-m.sandbox.paypal.com/v2/checkout/orders/${order.id}` },
      { rel: 'payer-action', href: `https://www.sandbox.paypal.com/checkoutnow?token=${order.id}` },
    ]
    return { body: { ...this.body(order), links } }
  }

  #capture(order: Order): FakeReply {
    if (order.captures.length > 0) return refusal(422, 'UNPROCESSABLE_ENTITY', 'ORDER_ALREADY_CAPTURED')
    if (order.status !== 'APPROVED') return refusal(422, 'UNPROCESSABLE_ENTITY', 'ORDER_NOT_APPROVED')
    this.capture(order)
    return { body: this.body(order) }
  }

  #refund(order: Order, form: { amount: Money; custom_id: string }): FakeReply {
    const back = order.refunds.reduce((sum, each) => sum + Number(each.amount.value), 0)
    const isLeft = back + Number(form.amount.value) <= Number(order.amount.value) + 1e-9
    return isLeft
      ? { body: this.giveBack(order, form.amount, form.custom_id) }
      : refusal(422, 'UNPROCESSABLE_ENTITY', 'REFUND_AMOUNT_EXCEEDED')
  }

  #transactions(query: URLSearchParams): FakeReply {
    const [from, until] = [Date.parse(query.get('start_date')!), Date.parse(query.get('end_date')!)]
    const lines = this.orders.flatMap(({ captures, reference }) => captures.map((capture) => ({ ...capture, reference })))
    const within = lines.filter(({ create_time }) => Date.parse(create_time) >= from && Date.parse(create_time) <= until)
    const details = within.map(({ id, amount, create_time, reference }) => ({
      transaction_info: {
        transaction_id: id,
        transaction_event_code: 'T0006',
        transaction_initiation_date: create_time.replace(/\.\d+Z$/, '+0000'),
        transaction_amount: amount,
        fee_amount: { currency_code: amount.currency_code, value: '-3' },
        custom_field: reference,
      },
    }))
    return { body: { transaction_details: details, total_pages: 1 } }
  }
}

interface OrderForm {
  readonly purchase_units: readonly { readonly custom_id: string; readonly amount: Money }[]
}

function refusal(status: number, name: string, issue: string): FakeReply {
  return { status, body: { name, message: 'The requested action could not be performed', details: [{ issue }] } }
}

let count = 0
function random(): string {
  count += 1
  return `${count.toString(36).padStart(5, '0')}${Math.random().toString(36).slice(2, 10)}`.toUpperCase()
}

/** What the suites of PayPal alone also turn. */
export interface PayPalFake extends GatewayFake<Settings> {
  readonly books: Books
}

function playedBy(books: Books, server: FakeServer): PayPalFake {
  const settings: z.input<Settings> = {
    clientId: books.clientId,
    clientSecret: books.clientSecret,
    webhookId: books.webhookIds[0]!,
    environment: 'sandbox',
    address: server.url,
  }
  const sign = (body: string, { at = new Date() }: { readonly at?: Date } = {}): HookCall => {
    const [id, time] = [`${random()}-11e6`, at.toISOString().replace(/\.\d+Z$/, 'Z')]
    const signed = [id, time, books.webhookIds[0], crc32(body)].join('|')
    const headers = {
      'paypal-auth-algo': 'SHA256withRSA',
      'paypal-cert-url': `${server.url}/v1/notifications/certs/CERT-360caa42-fca2a594`,
      'paypal-transmission-id': id,
      'paypal-transmission-time': time,
      'paypal-transmission-sig': signBytes('sha256', Buffer.from(signed), theCertificate().privateKey).toString('base64'),
      'content-type': 'application/json',
    }
    return { method: 'POST', query: '', headers, body }
  }
  const event = (id: string, kind: string, type: string, resource: unknown) =>
    JSON.stringify({ id, event_type: type, resource_type: kind, resource })
  return Object.assign(server, {
    books,
    settings,
    rotate() {
      books.webhookIds.unshift(`WH${random()}`)
      return { ...settings, webhookId: books.webhookIds[0]! }
    },
    started: () => books.orders.length,
    pay(reference: string, { amount, currency }: { readonly amount?: string; readonly currency?: string } = {}) {
      const order = books.of(reference)
      order.status = 'APPROVED'
      books.tell(order, 'checkout-order', 'CHECKOUT.ORDER.APPROVED', books.body(order))
      const other = { currency_code: currency ?? order.amount.currency_code, value: amount ?? order.amount.value }
      if (amount !== undefined || currency !== undefined) books.capture(order, 'COMPLETED', other)
      return order.captureId
    },
    become(reference: string, state: string) {
      const order = books.of(reference)
      if (state === 'expired') order.status = 'VOIDED'
      else books.capture(order, state === 'seen' ? 'PENDING' : 'DECLINED')
    },
    refund(receiptId: string, amount?: string) {
      const order = books.ofCapture(receiptId)
      return books.giveBack(order, { currency_code: order.amount.currency_code, value: amount ?? order.amount.value }, order.reference).id
    },
    chargeback(receiptId: string) {
      const order = books.ofCapture(receiptId)
      const dispute: Dispute = {
        dispute_id: `PP-D-${random()}`,
        create_time: new Date().toISOString(),
        status: 'WAITING_FOR_SELLER_RESPONSE',
        dispute_life_cycle_stage: 'CHARGEBACK',
        dispute_amount: order.amount,
        dispute_outcome: { outcome_code: 'NONE' },
        disputed_transactions: [{ seller_transaction_id: receiptId, custom: order.reference }],
      }
      books.disputes.push(dispute)
      books.tell(order, 'dispute', 'CUSTOMER.DISPUTE.CREATED', dispute)
      return dispute.dispute_id
    },
    winBack(reversalId: string) {
      const dispute = books.disputes.find(({ dispute_id }) => dispute_id === reversalId)!
      dispute.status = 'RESOLVED'
      dispute.dispute_outcome.outcome_code = 'RESOLVED_SELLER_FAVOUR'
      const order = books.ofCapture(dispute.disputed_transactions[0]!.seller_transaction_id)
      books.tell(order, 'dispute', 'CUSTOMER.DISPUTE.RESOLVED', dispute)
    },
    hooks: (reference: string, options?: { readonly at?: Date }) =>
      books.of(reference).events.map(({ id, kind, type, resource }) => sign(event(id, kind, type, resource), options)),
    foreign: () => [
      sign(event('WH-F1', 'capture', 'PAYMENT.CAPTURE.COMPLETED', { id: 'CAP1', custom_id: 'order 77', status: 'COMPLETED' })),
      sign(event('WH-F2', 'plan', 'BILLING.PLAN.CREATED', { id: 'P-1' })),
    ],
    sign,
  })
}
