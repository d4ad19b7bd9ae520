import { createHmac, randomBytes } from 'node:crypto'
import type { z } from 'zod'
import { btcpay } from '../../../server/payments/gateways/btcpay.ts'
import type { GatewayCase, GatewayFake, HookCall, PayOptions } from '../gateway-case.ts'
import { type FakeReply, type FakeRequest, type FakeServer, openFakeServer } from './fake-server.ts'

type Settings = typeof btcpay.settings

/** What a bitcoin costs, as whole numbers of 10⁻². */
const RATES: Readonly<Record<string, bigint>> = { USD: 6_012_345n, EUR: 5_500_117n, JPY: 901_234_560n, BTC: 100n }

export const btcpayCase: GatewayCase<Settings> = {
  gateway: btcpay,
  currencies: ['USD', 'EUR', 'JPY', 'BTC'],
  openFake: async () => {
    const store = new Store()
    return playedBy(store, await openFakeServer((request) => store.reply(request)))
  },
}

interface Payment {
  readonly id: string
  readonly receivedDate: number
  readonly value: string
  readonly fee: string
  status: string
  readonly method: 'BTC-CHAIN' | 'BTC-LN'
}

interface Invoice {
  readonly id: string
  readonly amount: string
  readonly currency: string
  readonly metadata: { readonly orderId: string }
  readonly createdTime: number
  readonly expirationTime: number
  status: string
  additionalStatus: string
  readonly payments: Payment[]
  readonly events: { readonly id: string; readonly type: string }[]
}

interface InvoiceForm {
  readonly amount: string
  readonly currency: string
  readonly metadata: { readonly orderId: string }
  readonly checkout: { readonly expirationMinutes: number }
}

class Store {
  readonly id = randomBytes(16).toString('hex')
  readonly apiKey = randomBytes(20).toString('hex')
  readonly secrets = [randomBytes(12).toString('base64url')]
  readonly invoices: Invoice[] = []
  #count = 0

  newId(): string {
    return `${randomBytes(8).toString('hex')}${++this.#count}`
  }

  of(reference: string): Invoice {
    const found = this.invoices.findLast(({ metadata }) => metadata.orderId === reference)
    if (!found) throw new Error(`no invoice for ${reference}`)
    return found
  }

  tell(invoice: Invoice, type: string): void {
    invoice.events.push({ id: this.newId(), type })
  }

  pay(invoice: Invoice, { amount, currency, late = false }: PayOptions, fee = '0.0'): string {
    const paid = satoshis(amount ?? invoice.amount, currency ?? invoice.currency) + satoshis(fee, 'BTC')
    const receivedDate = late ? invoice.expirationTime + 60 : seconds()
    const method = invoice.payments.length % 2 === 0 ? 'BTC-CHAIN' : 'BTC-LN'
    const payment: Payment = { id: `${this.newId()}-0`, receivedDate, value: coins(paid), fee, status: 'Settled', method }
    invoice.payments.push(payment)
    const total = invoice.payments.reduce((sum, each) => sum + satoshis(each.value, 'BTC') - satoshis(each.fee, 'BTC'), 0n)
    const due = satoshis(invoice.amount, invoice.currency)
    const isFull = total >= due
    if (late || invoice.status === 'Expired') {
      Object.assign(invoice, { status: 'Expired', additionalStatus: 'PaidLate' })
      this.tell(invoice, 'InvoicePaidAfterExpiration')
    } else {
      const additionalStatus = total > due ? 'PaidOver' : isFull ? 'None' : 'PaidPartial'
      Object.assign(invoice, { status: isFull ? 'Settled' : 'New', additionalStatus })
    }
    this.tell(invoice, 'InvoiceReceivedPayment')
    this.tell(invoice, 'InvoicePaymentSettled')
    if (invoice.status === 'Settled') this.tell(invoice, 'InvoiceSettled')
    return payment.id
  }

  reply({ method, path, query, headers, body }: FakeRequest): FakeReply {
    if (headers.authorization !== `token ${this.apiKey}`)
      return { status: 401, body: { code: 'unauthenticated', message: 'Authentication is required for accessing this endpoint' } }
    const base = `/api/v1/stores/${this.id}/invoices`
    if (!path.startsWith(base)) return { status: 403, body: { code: 'missing-permission', message: 'Insufficient API Permissions' } }
    if (path === base && method === 'POST') return { body: this.#create(JSON.parse(body) as InvoiceForm) }
    if (path === base) {
      const wanted = query.getAll('orderId')
      const found = this.invoices.filter(({ metadata }) => wanted.length === 0 || wanted.includes(metadata.orderId))
      return { body: found.slice(0, Number(query.get('take') ?? 50)).map((invoice) => this.#bodyOf(invoice)) }
    }
    const [, id, rest] = /^\/(\w+)(\/payment-methods)?$/.exec(path.slice(base.length)) ?? []
    const invoice = this.invoices.find((each) => each.id === id)
    if (!invoice) return { status: 404, body: { code: 'invoice-not-found', message: 'The invoice was not found' } }
    return { body: rest === undefined ? this.#bodyOf(invoice) : methodsOf(invoice) }
  }

  #create({ amount, currency, metadata, checkout }: InvoiceForm) {
    const createdTime = seconds()
    const invoice: Invoice = {
      id: this.newId(),
      amount,
      currency,
      metadata,
      createdTime,
      expirationTime: createdTime + checkout.expirationMinutes * 60,
      status: 'New',
      additionalStatus: 'None',
      payments: [],
      events: [],
    }
    this.invoices.push(invoice)
    this.tell(invoice, 'InvoiceCreated')
    return this.#bodyOf(invoice)
  }

  #bodyOf({ payments: _payments, events: _events, ...invoice }: Invoice) {
    return { ...invoice, storeId: this.id, type: 'Standard', checkoutLink: `https://btcpay.example/i/${invoice.id}`, archived: false }
  }
}

function methodsOf({ currency, payments }: Invoice) {
  const rate = RATES[currency]!
  return (['BTC-CHAIN', 'BTC-LN'] as const).map((paymentMethodId) => ({
    paymentMethodId,
    currency: 'BTC',
    rate: `${rate / 100n}.${(rate % 100n).toString().padStart(2, '0')}`,
    payments: payments.filter(({ method }) => method === paymentMethodId).map(({ method: _method, ...payment }) => payment),
    activated: true,
  }))
}

/** What an amount is in satoshis, up to the next whole one. */
function satoshis(text: string, currency: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  const digits = BigInt(whole + fraction.padEnd(8, '0').slice(0, 8))
  const rate = RATES[currency]!
  return (digits * 100n + rate - 1n) / rate
}

function coins(count: bigint): string {
  const digits = count.toString().padStart(9, '0')
  return `${digits.slice(0, -8)}.${digits.slice(-8)}`
}

function seconds(): number {
  return Math.floor(Date.now() / 1000)
}

/** What the suites of BTCPay alone also turn. */
export interface BtcPayFake extends GatewayFake<Settings> {
  readonly store: Store
}

function playedBy(store: Store, server: FakeServer): BtcPayFake {
  const settings: z.input<Settings> = {
    address: `${server.url}/`,
    storeId: store.id,
    apiKey: store.apiKey,
    webhookSecret: store.secrets[0]!,
  }
  const sign = (body: string): HookCall => {
    const signature = createHmac('sha256', store.secrets[0]!).update(body).digest('hex')
    return { method: 'POST', query: '', headers: { 'BTCPay-Sig': `sha256=${signature}`, 'content-type': 'application/json' }, body }
  }
  const event = (deliveryId: string, type: string, storeId: string, invoiceId: string, orderId: string) =>
    JSON.stringify({
      deliveryId: `again-${deliveryId}`,
      webhookId: 'W1',
      originalDeliveryId: deliveryId,
      isRedelivery: true,
      type,
      timestamp: seconds(),
      storeId,
      invoiceId,
      metadata: { orderId },
    })
  return Object.assign(server, {
    store,
    settings,
    rotate() {
      store.secrets.unshift(randomBytes(12).toString('base64url'))
      return { ...settings, webhookSecret: store.secrets[0]! }
    },
    started: () => store.invoices.length,
    pay: (reference: string, options: PayOptions = {}) => store.pay(store.of(reference), options),
    become(reference: string, state: string) {
      const statuses: Record<string, string> = { seen: 'Processing', expired: 'Expired', failed: 'Invalid' }
      const invoice = store.of(reference)
      invoice.status = statuses[state]!
      store.tell(invoice, `Invoice${invoice.status}`)
    },
    hooks: (reference: string) => {
      const invoice = store.of(reference)
      return invoice.events.map(({ id, type }) => sign(event(id, type, store.id, invoice.id, reference)))
    },
    foreign: () => [
      sign(event('d1', 'InvoiceSettled', 'another-store', 'An0therInv0ice', 'ZZZZ99998888')),
      sign(event('d2', 'InvoiceSettled', store.id, 'An0therInv0ice', 'order 77')),
      sign(event('d3', 'PayoutCreated', store.id, '', '')),
    ],
    sign,
  })
}
