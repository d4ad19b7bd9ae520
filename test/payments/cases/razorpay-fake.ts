import { createHmac, randomBytes } from 'node:crypto'
import { placesOf } from '../../../server/payments/amounts.ts'
import type { HookCall, PayOptions } from '../gateway-case.ts'
import type { FakeReply, FakeRequest } from './fake-server.ts'

interface Link {
  readonly id: string
  readonly order_id: string
  readonly reference_id: string
  readonly amount: number
  readonly currency: string
  readonly notes: object
  readonly expire_by?: number
  status: string
}

interface Payment {
  readonly id: string
  readonly order_id: string
  readonly amount: number
  amount_refunded: number
  readonly currency: string
  readonly notes: object
  status: string
  readonly fee: number
  readonly created_at: number
}

interface Refund {
  readonly id: string
  readonly payment_id: string
  readonly amount: number
  readonly currency: string
  readonly notes: object
  readonly status: string
  readonly created_at: number
}

interface Dispute {
  readonly id: string
  readonly payment_id: string
  readonly amount: number
  readonly currency: string
  amount_deducted: number
  status: string
  readonly phase: string
  readonly created_at: number
}

function failure(description: string, status = 400): FakeReply {
  return { status, body: { error: { code: 'BAD_REQUEST_ERROR', description, source: 'business', reason: 'input_validation_failed' } } }
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}

/** The other side of Razorpay: links, payments, refunds and disputes. */
export class FakeRazorpay {
  readonly keyId = 'rzp_test_0123456789'
  readonly keySecret = randomBytes(16).toString('hex')
  readonly secrets = [randomBytes(16).toString('hex')]
  readonly links: Link[] = []
  readonly payments: Payment[] = []
  readonly refunds: Refund[] = []
  readonly disputes: Dispute[] = []
  readonly told: { readonly reference: string; readonly body: string; readonly event: string }[] = []
  private readonly answered = new Map<string, FakeReply>()

  reply({ method, path, query, headers, body }: FakeRequest): FakeReply {
    const right = `Basic ${Buffer.from(`${this.keyId}:${this.keySecret}`).toString('base64')}`
    if (headers.authorization !== right) return failure('Authentication failed', 401)
    const [, , kind, id, part] = path.split('/')
    if (kind === 'payment_links' && method === 'POST') return this.create(JSON.parse(body))
    if (kind === 'payment_links' && id)
      return this.links.find((link) => link.id === id)
        ? { body: this.links.find((link) => link.id === id) }
        : failure('The id provided does not exist')
    if (kind === 'payment_links') return { body: { payment_links: this.search(query) } }
    if (kind === 'orders') return items(this.payments.filter((payment) => payment.order_id === id))
    if (kind === 'disputes') return items(this.disputes)
    if (kind === 'payments' && part === 'refunds') return items(this.refunds.filter((refund) => refund.payment_id === id))
    if (kind === 'payments' && part === 'refund') return this.refundOnce(String(headers['x-refund-idempotency']), id!, JSON.parse(body))
    if (kind === 'payments') return items(this.within(query))
    return failure('The requested URL was not found on the server.')
  }

  private within(query: URLSearchParams): readonly Payment[] {
    const [from, to] = [Number(query.get('from') ?? 0), Number(query.get('to') ?? Infinity)]
    return this.payments.filter(({ created_at }) => created_at >= from && created_at <= to)
  }

  private search(query: URLSearchParams): readonly Link[] {
    const order = this.payments.find((payment) => payment.id === query.get('payment_id'))?.order_id
    return this.links.filter((link) => link.reference_id === query.get('reference_id') || link.order_id === order)
  }

  private create(asked: Link): FakeReply {
    if (this.links.some((link) => link.reference_id === asked.reference_id))
      return failure(`payment link with given reference_id: ${asked.reference_id} already exists`)
    if (!Number.isInteger(asked.amount) || !Number.isInteger(asked.expire_by)) return failure('The amount must be an integer.')
    return { body: this.made(asked) }
  }

  made(asked: Omit<Link, 'id' | 'order_id' | 'status'>): Link {
    const id = randomBytes(7).toString('hex')
    const link = { ...asked, id: `plink_${id}`, order_id: `order_${id}`, status: 'created', short_url: `https://rzp.io/i/${id}` }
    this.links.push(link)
    return link
  }

  linkOf(reference: string): Link {
    const link = this.links.find((each) => each.reference_id === reference)
    return link ?? this.made({ reference_id: reference, amount: 10_310, currency: 'INR', notes: { docket_reference: reference } })
  }

  pay(reference: string, { amount, currency }: PayOptions): string {
    const link = this.linkOf(reference)
    const paid = currency ?? link.currency
    const minor = amount === undefined ? link.amount : Math.round(Number(amount) * 10 ** placesOf(paid))
    const id = `pay_${randomBytes(7).toString('hex')}`
    const payment = {
      id,
      order_id: link.order_id,
      amount: minor,
      amount_refunded: 0,
      currency: paid,
      notes: link.notes,
      status: 'captured',
    }
    this.payments.push({ ...payment, fee: Math.round(minor * 0.0236), created_at: seconds() })
    link.status = 'paid'
    this.tell(reference, 'payment_link.paid', { payment_link: { entity: link }, payment: { entity: payment } })
    this.tell(reference, 'payment.captured', { payment: { entity: payment } })
    return id
  }

  become(reference: string, state: string): void {
    const link = this.linkOf(reference)
    const { order_id, amount, currency, notes } = link
    const payment = {
      id: `pay_${randomBytes(7).toString('hex')}`,
      order_id,
      amount,
      amount_refunded: 0,
      currency,
      notes,
      fee: 0,
      created_at: seconds(),
    }
    if (state === 'seen') this.payments.push({ ...payment, status: 'authorized' })
    if (state === 'seen') return this.tell(reference, 'payment.authorized', { payment: { entity: payment } })
    link.status = { expired: 'expired', failed: 'cancelled', review: 'partially_paid' }[state] ?? 'created'
    return this.tell(reference, `payment_link.${link.status}`, { payment_link: { entity: link } })
  }

  private refundOnce(key: string, id: string, asked: { readonly amount: number; readonly notes?: object }): FakeReply {
    if (key.length < 10) return failure('The idempotency key is too short')
    const reply = this.answered.get(key) ?? this.refund(id, asked.amount, asked.notes ?? [])
    this.answered.set(key, reply)
    return reply
  }

  refund(id: string, amount: number | undefined, notes: object): FakeReply {
    const payment = this.payments.find((each) => each.id === id)
    if (!payment) return failure('The id provided does not exist')
    const minor = amount ?? payment.amount - payment.amount_refunded
    if (minor > payment.amount - payment.amount_refunded)
      return failure('The total refund amount is greater than the refund payment amount')
    const refund = {
      id: `rfnd_${randomBytes(7).toString('hex')}`,
      payment_id: id,
      amount: minor,
      currency: payment.currency,
      notes,
      status: 'processed',
    }
    this.refunds.push({ ...refund, created_at: seconds() })
    payment.amount_refunded += minor
    if (payment.amount_refunded === payment.amount) payment.status = 'refunded'
    this.tellOf(id, 'refund.processed', { refund: { entity: refund }, payment: { entity: payment } })
    return { body: this.refunds.at(-1) }
  }

  dispute(id: string): string {
    const { amount, currency } = this.payments.find((payment) => payment.id === id)!
    const dispute = {
      id: `disp_${randomBytes(7).toString('hex')}`,
      payment_id: id,
      amount,
      currency,
      phase: 'chargeback',
      created_at: seconds(),
    }
    this.disputes.push({ ...dispute, amount_deducted: amount, status: 'open' })
    this.tellOf(id, 'payment.dispute.created', { dispute: { entity: dispute } })
    return dispute.id
  }

  win(id: string): void {
    const dispute = this.disputes.find((each) => each.id === id)!
    Object.assign(dispute, { status: 'won', amount_deducted: 0 })
    this.tellOf(dispute.payment_id, 'payment.dispute.won', { dispute: { entity: dispute } })
  }

  private tellOf(id: string, event: string, payload: object): void {
    const payment = this.payments.find((each) => each.id === id)!
    const link = this.links.find((each) => each.order_id === payment.order_id)!
    this.tell(link.reference_id, event, { ...payload, payment: { entity: payment } })
  }

  private tell(reference: string, event: string, payload: object): void {
    const body = JSON.stringify({
      entity: 'event',
      account_id: 'acc_1',
      event,
      contains: Object.keys(payload),
      payload,
      created_at: seconds(),
    })
    this.told.push({ reference, body, event: `event-${this.told.length}` })
  }

  sign(body: string, event = randomBytes(7).toString('hex')): HookCall {
    const signature = createHmac('sha256', this.secrets[0]!).update(body).digest('hex')
    const headers = { 'X-Razorpay-Signature': signature, 'x-razorpay-event-id': event, 'content-type': 'application/json' }
    return { method: 'POST', query: '', headers, body }
  }
}

function items(found: readonly object[]): FakeReply {
  return { body: { entity: 'collection', count: found.length, items: found } }
}
