import { createHmac, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { nowpayments } from '../../../server/payments/gateways/nowpayments.ts'
import type { GatewayCase, GatewayFake, HookCall, PayOptions } from '../gateway-case.ts'
import { type FakeReply, type FakeRequest, openFakeServer } from './fake-server.ts'

type Settings = typeof nowpayments.settings

interface Invoice {
  readonly id: string
  readonly order_id: string
  readonly price_amount: number
  readonly price_currency: string
}

type Payment = Record<string, unknown> & { readonly payment_id: number; payment_status: string }

const COINS_PER_PRICE: Readonly<Record<string, number>> = { usdttrc20: 1, btc: 0.00002 }
const EMAIL = 'owner@example.com'

/** Payments come into being when the payer picks a coin, so an invoice alone is none. More coins to the same address make a payment with a parent. */
class FakeNowpayments {
  readonly apiKey = randomBytes(16).toString('hex')
  readonly password = randomBytes(16).toString('hex')
  ipnSecret = randomBytes(16).toString('hex')
  readonly invoices: Invoice[] = []
  readonly payments: Payment[] = []
  readonly told: { readonly order: string; readonly body: string }[] = []
  private count = 5_000_000_000

  reply({ method, path, query, headers, body }: FakeRequest): FakeReply {
    if (path === '/v1/auth')
      return JSON.parse(body).password === this.password ? { body: { token: 'jwt' } } : { status: 403, body: { message: 'Access denied' } }
    if (headers['x-api-key'] !== this.apiKey)
      return { status: 403, body: { statusCode: 403, code: 'INVALID_API_KEY', message: 'Invalid api key' } }
    if (path === '/v1/merchant/coins') return { body: { selectedCurrencies: ['BTC', 'USDTTRC20'] } }
    if (path === '/v1/min-amount') return { body: { currency_from: query.get('currency_from'), min_amount: 8, fiat_equivalent: 8.25 } }
    if (path === '/v1/invoice' && method === 'POST') return this.invoice(JSON.parse(body))
    if (path === '/v1/payment/' && headers.authorization === 'Bearer jwt') return this.list(query)
    return { status: 401, body: { statusCode: 401, code: 'AUTH_REQUIRED', message: 'Authorization header is empty' } }
  }

  private invoice(asked: Invoice): FakeReply {
    if (typeof asked.price_amount !== 'number')
      return { status: 400, body: { code: 'BAD_REQUEST', message: 'price_amount must be a number' } }
    const id = String(++this.count)
    this.invoices.push({ ...asked, id })
    return { body: { ...asked, id, invoice_url: `https://nowpayments.io/payment/?iid=${id}` } }
  }

  private list(query: URLSearchParams): FakeReply {
    const invoice = query.get('invoiceId')
    const data = this.payments.filter((payment) => invoice === null || String(payment['invoice_id']) === invoice).toReversed()
    return { body: { data, limit: 500, page: 0, pagesCount: 1, total: data.length } }
  }

  invoiceOf(order: string): Invoice {
    const found = this.invoices.findLast((invoice) => invoice.order_id === order)
    return found ?? { id: String(++this.count), order_id: order, price_amount: 103, price_currency: 'usd' }
  }

  paymentsOf(order: string): readonly Payment[] {
    return this.payments.filter((payment) => payment['order_id'] === order)
  }

  open(order: string, coin: string, parent: number | null): Payment {
    const { id, price_amount, price_currency } = this.invoiceOf(order)
    const now = new Date().toISOString()
    const payment = {
      payment_id: ++this.count,
      parent_payment_id: parent,
      invoice_id: Number(id),
      payment_status: 'waiting',
      pay_address: 'T-address',
      price_amount,
      price_currency,
      pay_amount: rounded(price_amount * (COINS_PER_PRICE[coin] ?? 1)),
      pay_currency: coin,
      actually_paid: 0,
      actually_paid_at_fiat: 0,
      order_id: order,
      order_description: 'Saldo für Konto 12',
      purchase_id: String(++this.count),
      payment_extra_ids: null,
      fee: { currency: coin, depositFee: 1e-7, withdrawalFee: 0, serviceFee: 0 },
      created_at: now,
      updated_at: now,
    }
    this.payments.push(payment)
    return payment
  }

  pay(order: string, { amount, currency = 'USDTTRC20', late }: PayOptions): string {
    const coin = currency.toLowerCase()
    const last = this.paymentsOf(order).at(-1)
    const isOpen = last !== undefined && ['waiting', 'confirming'].includes(last.payment_status)
    const parent = isOpen ? null : (last ?? (late ? this.open(order, coin, null) : null))
    const payment = isOpen ? last : this.open(order, coin, parent?.payment_id ?? null)
    const paid = amount === undefined ? Number(payment['pay_amount']) : Number(amount)
    const worth = rounded(paid / (COINS_PER_PRICE[coin] ?? 1))
    Object.assign(payment, { actually_paid: paid, actually_paid_at_fiat: parent ? worth : 0, pay_currency: coin })
    this.become(payment, paid < Number(payment['pay_amount']) ? 'partially_paid' : 'finished')
    return String(payment.payment_id)
  }

  become(payment: Payment, status: string): void {
    payment.payment_status = status
    payment['updated_at'] = new Date().toISOString()
    this.told.push({ order: String(payment['order_id']), body: JSON.stringify(payment) })
  }

  /** What they send was written by JavaScript too. */
  sign(text: string): HookCall {
    const body = JSON.stringify(JSON.parse(text))
    const signature = createHmac('sha512', this.ipnSecret)
      .update(JSON.stringify(sorted(JSON.parse(body))))
      .digest('hex')
    return { method: 'POST', query: '', headers: { 'x-nowpayments-sig': signature, 'content-type': 'application/json' }, body }
  }
}

/** As their example for Node.js sorts: a list becomes an object too. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}

function rounded(amount: number): number {
  return Number(amount.toFixed(8))
}

const STATUSES = {
  open: 'waiting',
  seen: 'confirming',
  paid: 'finished',
  expired: 'expired',
  failed: 'failed',
  review: 'wrong_asset_confirmed',
} as const

export const nowpaymentsCase: GatewayCase<Settings> = {
  gateway: nowpayments,
  currencies: ['USD', 'JPY', 'KWD'],
  keepsNoKey: true,
  async openFake(): Promise<GatewayFake<Settings>> {
    const fake = new FakeNowpayments()
    const server = await openFakeServer((request) => fake.reply(request))
    const settings = (): z.input<Settings> => ({
      apiKey: fake.apiKey,
      ipnSecret: fake.ipnSecret,
      email: EMAIL,
      password: fake.password,
      apiUrl: server.url,
    })
    return Object.assign(server, {
      settings: settings(),
      rotate() {
        fake.ipnSecret = randomBytes(16).toString('hex')
        return settings()
      },
      started: () => new Set(fake.invoices.map((invoice) => invoice.order_id)).size,
      pay: (reference: string, options: PayOptions = {}) => fake.pay(reference, options),
      become(reference: string, state: keyof typeof STATUSES) {
        fake.become(fake.paymentsOf(reference).at(-1) ?? fake.open(reference, 'usdttrc20', null), STATUSES[state])
      },
      hooks: (reference: string) => fake.told.filter(({ order }) => order === reference).map(({ body }) => fake.sign(body)),
      foreign: () => [
        fake.sign(
          JSON.stringify({ payment_id: 1, payment_status: 'finished', order_id: 'ANOTHER-SHOP-77', pay_currency: 'btc', actually_paid: 1 }),
        ),
        fake.sign(JSON.stringify({ id: '123', batch_withdrawal_id: '9', status: 'FINISHED', currency: 'trx', amount: '50', hash: null })),
      ],
      sign: (body: string) => fake.sign(body),
    })
  },
}
