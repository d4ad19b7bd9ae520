import { z } from 'zod'
import { type Json, readJson } from '../../json.ts'
import { type Amount, formatAmount, isSameAmount, readAmount } from '../amounts.ts'
import { type Ask, type Call, type GatewayContext, gateway, type Heard, type Hint, type Looked, type OpenGateway } from '../gateway.ts'
import type { Started, Tested } from '../gateway.ts'
import { parseUrl } from '../../url.ts'
import { sealed } from '../sealed-field.ts'
import { type Answer, readAnswer } from './answers.ts'
import { standingOf } from './btcpay-standing.ts'
import { ExactNumber, listAt, textAt, writeJson } from './json.ts'
import { isReference } from './references.ts'
import { isSignedBy } from './signatures.ts'

const settings = z.object({
  /** Of the operator's own BTCPay Server, or one that others run for them. */
  address: z.url({ protocol: /^https?$/ }),
  storeId: z
    .string()
    .trim()
    .regex(/^\w{5,100}$/),
  apiKey: sealed(
    z
      .string()
      .trim()
      .regex(/^\w{10,200}$/),
  ),
  webhookSecret: sealed(z.string().trim().min(8).max(200)),
})

export const btcpay = gateway({
  name: 'btcpay',
  title: 'BTCPay Server',
  settings,
  currencies: 'any',
  collects: 'what comes',
  openMinutes: 60,
  open: (values, context) => new OpenBtcPay(values, context),
})

/**
 * The Greenfield API (docs.btcpayserver.org/API/Greenfield/v1). Money is not given back by it: a refund there is a page at which the payer must claim
 * it, so it is made by hand.
 */
class OpenBtcPay implements OpenGateway {
  readonly hookAnswer = null
  readonly #settings: z.output<typeof settings>
  readonly #context: GatewayContext

  constructor(values: z.output<typeof settings>, context: GatewayContext) {
    this.#settings = values
    this.#context = context
  }

  async test(): Promise<Tested> {
    const answer = await this.#ask('GET', 'invoices?take=1')
    if (answer.kind === 'unknown') return { ok: false, words: answer.words }
    if (answer.kind === 'no') return { ok: false, words: `BTCPay Server refuses the API key for this store: ${answer.words}` }
    if (!Array.isArray(answer.json)) return { ok: false, words: 'This is not the address of a BTCPay Server' }
    return { ok: true, words: 'BTCPay Server takes the API key for this store' }
  }

  /** BTCPay keeps no keys: an invoice whose answer was lost is found by our reference, before another is made. */
  async start(ask: Ask): Promise<Started> {
    const found = await this.#find(ask.reference)
    if (found.kind !== 'yes') return { kind: found.kind === 'no' ? 'refused' : 'unknown', words: found.words }
    const made = listAt(found.json).find((invoice) => isAskedFor(invoice, ask))
    if (made !== undefined) return startedBy(made)
    const minutes = Math.ceil((ask.until.getTime() - this.#context.now().getTime()) / 60_000)
    const body = {
      amount: formatAmount(ask.amount, ask.currency),
      currency: ask.currency,
      metadata: { orderId: ask.reference, itemDesc: ask.about, ...(ask.email === null ? {} : { buyerEmail: ask.email }) },
      // Its page speaks the language of the browser: a language that this server does not have would be an error.
      checkout: { expirationMinutes: new ExactNumber(BigInt(Math.max(minutes, 1))), redirectURL: ask.returnUrl },
    }
    const answer = await this.#ask('POST', 'invoices', writeJson(body))
    return answer.kind === 'yes' ? startedBy(answer.json) : { kind: answer.kind === 'no' ? 'refused' : 'unknown', words: answer.words }
  }

  /** `BTCPay-Sig: sha256=…`: HMAC-SHA256 in hex over the body. It carries no time: whoever sends it again makes us look again. */
  heard(call: Call): Heard {
    const given = /^sha256=([0-9a-f]{64})$/i.exec(call.headers['btcpay-sig'] ?? '')?.[1] ?? ''
    const isSigned = isSignedBy({ hash: 'sha256', secret: this.#settings.webhookSecret, message: [call.body], encoding: 'hex' }, [given])
    if (!isSigned) return { kind: 'forged', why: 'the signature is not right' }
    const event = readJson(call.body.toString('utf8'))
    // A redelivery names the first delivery.
    const eventId = textAt(event, 'originalDeliveryId') || textAt(event, 'deliveryId') || null
    const [theirId, orderId] = [textAt(event, 'invoiceId'), textAt(event, 'metadata', 'orderId')]
    const isOurs = textAt(event, 'storeId') === this.#settings.storeId && IS_ID.test(theirId) && (orderId === '' || isReference(orderId))
    return { kind: 'heard', eventId, hints: isOurs ? [{ theirId, reference: orderId || null }] : [] }
  }

  async look({ theirId, reference }: Hint): Promise<Looked> {
    if (theirId === null || !IS_ID.test(theirId)) {
      const found = reference === null ? undefined : await this.#find(reference)
      if (found?.kind === 'unknown') return found
      const id = found?.kind === 'yes' ? textAt(listAt(found.json)[0], 'id') : ''
      return IS_ID.test(id) ? this.look({ theirId: id, reference }) : { kind: 'none' }
    }
    const invoice = await this.#ask('GET', `invoices/${theirId}`)
    if (invoice.kind !== 'yes') return notFound(invoice)
    if (textAt(invoice.json, 'id') !== theirId)
      return { kind: 'unknown', words: 'BTCPay Server answered something that is not this invoice' }
    const methods = await this.#ask('GET', `invoices/${theirId}/payment-methods`)
    if (methods.kind !== 'yes') return notFound(methods)
    return { kind: 'standing', standing: standingOf(invoice.json, listAt(methods.json)) }
  }

  #find(reference: string): Promise<Answer> {
    return this.#ask('GET', `invoices?${new URLSearchParams({ orderId: reference, take: '20' }).toString()}`)
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: string): Promise<Answer> {
    const { address, storeId, apiKey } = this.#settings
    const url = `${address.replace(/\/$/, '')}/api/v1/stores/${storeId}/${path}`
    const headers = { authorization: `token ${apiKey}` }
    return readAnswer(await this.#context.outgoing.call(url, { method, headers, ...(body === undefined ? {} : { body }) }))
  }
}

const IS_ID = /^\w{5,60}$/

function notFound(answer: Exclude<Answer, { kind: 'yes' }>): Looked {
  return answer.kind === 'no' && answer.status === 404 ? { kind: 'none' } : { kind: 'unknown', words: answer.words }
}

function isAskedFor(invoice: Json | undefined, ask: Ask): boolean {
  const amount = readAmount(textAt(invoice, 'amount'))
  const asked: Amount | undefined = amount && { amount, currency: textAt(invoice, 'currency') }
  return asked !== undefined && isSameAmount(asked, ask) && textAt(invoice, 'metadata', 'orderId') === ask.reference
}

function startedBy(invoice: Json | undefined): Started {
  const [theirId, url] = [textAt(invoice, 'id'), parseUrl(textAt(invoice, 'checkoutLink'))]
  if (!IS_ID.test(theirId) || !url || !['http:', 'https:'].includes(url.protocol))
    return { kind: 'unknown', words: 'BTCPay Server answered without a page to pay at' }
  return { kind: 'redirect', theirId, url: url.href }
}
