import { createHmac, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { mercadopago } from '../../../server/payments/gateways/mercadopago.ts'
import type { GatewayCase, GatewayFake, HookCall, PayOptions } from '../gateway-case.ts'
import { type FakeReply, type FakeRequest, openFakeServer } from './fake-server.ts'

type Settings = typeof mercadopago.settings

interface Refund {
  readonly id: number
  readonly payment_id: number
  readonly amount: number
  readonly status: string
  readonly date_created: string
}

interface Payment {
  readonly id: number
  status: string
  status_detail: string
  transaction_amount: number
  transaction_amount_refunded: number
  currency_id: string
  readonly external_reference: string
  date_approved: string | null
  date_last_updated: string
  fee_details: readonly object[]
  readonly refunds: Refund[]
  readonly point_of_interaction: object
}

const STATUSES = {
  open: ['pending', 'pending_waiting_transfer'],
  seen: ['in_process', 'pending_contingency'],
  paid: ['approved', 'accredited'],
  review: ['in_mediation', 'pending'],
  expired: ['cancelled', 'expired'],
  failed: ['rejected', 'rejected_by_bank'],
} as const

/** Times as they write them, in Brazil's zone. */
function time(at = new Date()): string {
  return `${new Date(at.getTime() - 3 * 60 * 60 * 1000).toISOString().slice(0, 23)}-03:00`
}

class FakeMercadoPago {
  readonly token = `APP_USR-${randomBytes(16).toString('hex')}`
  secret = randomBytes(16).toString('hex')
  readonly payments: Payment[] = []
  private readonly answered = new Map<string, FakeReply>()
  private readonly told: { readonly id: number; readonly action: string }[] = []
  private count = 90_000_000_000

  reply(request: FakeRequest): FakeReply {
    const { method, path, query, headers, body } = request
    if (headers.authorization !== `Bearer ${this.token}`) return { status: 401, body: { message: 'invalid access token', status: 401 } }
    if (path === '/v1/payment_methods') return { body: [{ id: 'visa' }, { id: 'pix', status: 'active' }] }
    if (path === '/v1/payments/search') return { body: { results: this.search(query), paging: { total: 1, limit: 50, offset: 0 } } }
    const id = Number(/^\/v1\/payments\/(\d+)/.exec(path)?.[1])
    const payment = this.payments.find((each) => each.id === id)
    if (method === 'GET')
      return payment ? { body: payment } : { status: 404, body: { message: 'Payment not found', error: 'not_found', status: 404 } }
    const key = headers['x-idempotency-key']
    if (typeof key !== 'string') return { status: 400, body: { message: "Header X-Idempotency-Key can't be null" } }
    const again = this.answered.get(`${path} ${key}`)
    const reply = again ?? (path === '/v1/payments' ? this.create(JSON.parse(body)) : this.giveBack(payment, JSON.parse(body).amount))
    this.answered.set(`${path} ${key}`, reply)
    return reply
  }

  private search(query: URLSearchParams): readonly Payment[] {
    const [reference, from, until] = [query.get('external_reference'), query.get('begin_date'), query.get('end_date')]
    if (reference !== null) return this.payments.filter((payment) => payment.external_reference === reference)
    const isWithin = (at: string | null) => at !== null && new Date(at) >= new Date(from!) && new Date(at) < new Date(until!)
    return this.payments.filter((payment) => isWithin(payment.date_approved))
  }

  private create(asked: { transaction_amount: unknown; external_reference: string; payer?: { email?: string } }): FakeReply {
    if (typeof asked.transaction_amount !== 'number' || !asked.payer?.email) return { status: 400, body: { message: 'Invalid parameters' } }
    const payment = this.made(asked.external_reference, asked.transaction_amount)
    return { status: 201, body: payment }
  }

  made(reference: string, amount: number): Payment {
    const id = ++this.count
    const payment: Payment = {
      id,
      status: 'pending',
      status_detail: 'pending_waiting_transfer',
      transaction_amount: amount,
      transaction_amount_refunded: 0,
      currency_id: 'BRL',
      external_reference: reference,
      date_approved: null,
      date_last_updated: time(),
      fee_details: [],
      refunds: [],
      point_of_interaction: {
        type: 'PIX',
        transaction_data: { qr_code: `00020126580014br.gov.bcb.pix${id}6304ABCD`, ticket_url: 'https://example.com' },
      },
    }
    this.payments.push(payment)
    this.told.push({ id, action: 'payment.created' })
    return payment
  }

  giveBack(payment: Payment | undefined, amount: number): FakeReply {
    if (!payment || payment.date_approved === null) return { status: 404, body: { message: 'Payment not found' } }
    const left = payment.transaction_amount - payment.transaction_amount_refunded
    if (amount > left)
      return { status: 400, body: { message: 'The amount is more than can be refunded', error: 'bad_request', status: 400 } }
    const refund = { id: ++this.count, payment_id: payment.id, amount, status: 'approved', date_created: time() }
    payment.refunds.push(refund)
    payment.transaction_amount_refunded = Number((payment.transaction_amount_refunded + amount).toFixed(2))
    const isAll = payment.transaction_amount_refunded === payment.transaction_amount
    this.become(payment, isAll ? 'refunded' : 'approved', isAll ? 'refunded' : 'partially_refunded')
    return { status: 201, body: refund }
  }

  become(payment: Payment, status: string, detail: string): void {
    Object.assign(payment, { status, status_detail: detail, date_last_updated: time() })
    this.told.push({ id: payment.id, action: 'payment.updated' })
  }

  pay(payment: Payment, { amount, currency = 'BRL' }: PayOptions): string {
    payment.transaction_amount = amount === undefined ? payment.transaction_amount : Number(amount)
    const fee = Number((payment.transaction_amount * 0.0099).toFixed(2))
    Object.assign(payment, {
      currency_id: currency,
      date_approved: time(),
      fee_details: [{ type: 'mercadopago_fee', amount: fee, fee_payer: 'collector' }],
    })
    this.become(payment, 'approved', 'accredited')
    return String(payment.id)
  }

  lastOf(reference: string): Payment {
    return this.payments.findLast((payment) => payment.external_reference === reference) ?? this.made(reference, 103.1)
  }

  hooks(reference: string, at: Date): readonly HookCall[] {
    const ids = new Set(this.payments.filter((payment) => payment.external_reference === reference).map(({ id }) => id))
    return this.told.filter(({ id }) => ids.has(id)).map(({ id, action }) => this.call(String(id), action, at))
  }

  call(id: string, action: string, at: Date, body?: string): HookCall {
    const request = `request-${++this.count}`
    const ts = String(at.getTime())
    const v1 = createHmac('sha256', this.secret).update(`id:${id};request-id:${request};ts:${ts};`).digest('hex')
    return {
      method: 'POST',
      query: `?data.id=${id}&type=payment`,
      headers: { 'x-signature': `ts=${ts},v1=${v1}`, 'x-request-id': request, 'content-type': 'application/json' },
      body: body ?? JSON.stringify({ id: ++this.count, live_mode: true, type: 'payment', action, api_version: 'v1', data: { id } }),
    }
  }
}

export const mercadopagoCase: GatewayCase<Settings> = {
  gateway: mercadopago,
  currencies: ['BRL'],
  leavesBodyUnsigned: true,
  refundsKeepNoKey: true,
  async openFake(): Promise<GatewayFake<Settings>> {
    const fake = new FakeMercadoPago()
    const server = await openFakeServer((request) => fake.reply(request))
    const settings = (): z.input<Settings> => ({ accessToken: fake.token, webhookSecret: fake.secret, apiUrl: server.url })
    const byId = (id: string) => fake.payments.find((payment) => String(payment.id) === id.split(':')[0])!
    return Object.assign(server, {
      settings: settings(),
      rotate() {
        fake.secret = randomBytes(16).toString('hex')
        return settings()
      },
      started: () => fake.payments.length,
      pay(reference: string, options: PayOptions = {}) {
        const last = fake.lastOf(reference)
        return fake.pay(last.date_approved === null ? last : fake.made(reference, last.transaction_amount), options)
      },
      become(reference: string, state: keyof typeof STATUSES) {
        const [status, detail] = STATUSES[state]
        fake.become(fake.lastOf(reference), status, detail)
      },
      refund(receiptId: string, amount?: string) {
        const payment = byId(receiptId)
        fake.giveBack(payment, amount === undefined ? payment.transaction_amount - payment.transaction_amount_refunded : Number(amount))
        return String(payment.refunds.at(-1)!.id)
      },
      chargeback(receiptId: string) {
        fake.become(byId(receiptId), 'charged_back', 'in_process')
        return `${receiptId}:chargeback`
      },
      winBack: (reversalId: string) => fake.become(byId(reversalId), 'charged_back', 'reimbursed'),
      hooks: (reference: string, { at = new Date() }: { readonly at?: Date } = {}) => fake.hooks(reference, at),
      foreign: () => [
        fake.call(fake.pay(fake.made('ANOTHER-SHOP-77', 12), {}), 'payment.updated', new Date()),
        fake.call('77', 'payment.updated', new Date()),
        { ...fake.call('88', 'updated', new Date()), query: '?data.id=88&type=topic_merchant_order_wh' },
      ],
      sign: (body: string, { at = new Date() }: { readonly at?: Date } = {}) => fake.call('77', 'payment.updated', at, body),
    })
  },
}
