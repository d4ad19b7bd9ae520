import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Json } from '../../json.ts'
import { parseUrl } from '../../url.ts'
import { type Amount, formatAmount, isSameAmount, readAmount } from '../amounts.ts'
import { type Ask, type Call, type GatewayContext, type GivenBack, gateway, type Looked, type OpenGateway } from '../gateway.ts'
import type { Hint, ReportedReceipt, Started, Tested } from '../gateway.ts'
import { sealed } from '../sealed-field.ts'
import { listAt, textAt, writeJson } from './json.ts'
import { PayPalCertificates } from './paypal-certificates.ts'
import { issueOf, PayPalClient } from './paypal-client.ts'
import { heardFromPayPal } from './paypal-hook.ts'
import { orderOf, valueAtPayPal } from './paypal-order.ts'
import { reportedByPayPal } from './paypal-reported.ts'
import { KEY_PREFIX, standingOf } from './paypal-standing.ts'

const ADDRESSES = { live: 'https://api-m.paypal.com', sandbox: 'https://api-m.sandbox.paypal.com' }
/** The hosts that certificates of the two are named at, in calls that were seen. */
const CERTIFICATE_HOSTS = { live: 'https://api.paypal.com', sandbox: 'https://api.sandbox.paypal.com' }

const settings = z.object({
  clientId: z
    .string()
    .trim()
    .regex(/^[\w-]{10,200}$/),
  clientSecret: sealed(
    z
      .string()
      .trim()
      .regex(/^[\w-]{10,200}$/),
  ),
  webhookId: z
    .string()
    .trim()
    .regex(/^[A-Z0-9]{5,50}$/),
  environment: z.enum(['live', 'sandbox']).default('live'),
  /** Another address of the API, for a proxy of the operator's. */
  address: z.url({ protocol: /^https?$/ }).optional(),
})

export const paypal = gateway({
  name: 'paypal',
  title: 'PayPal',
  settings,
  // developer.paypal.com/reference/currency-codes, without those that only accounts of one country can use.
  currencies: 'AUD CAD CHF CZK DKK EUR GBP HKD HUF ILS JPY MXN NOK NZD PHP PLN SEK SGD THB TWD USD BRL MYR'.split(' '),
  collects: 'exactly',
  // An order must be approved within three hours.
  openMinutes: 180,
  open: (values, context) => new OpenPayPal(values, context),
})

class OpenPayPal implements OpenGateway {
  readonly hookAnswer = null
  readonly #webhookId: string
  readonly #now: () => Date
  readonly #client: PayPalClient
  readonly #certificates: PayPalCertificates

  constructor(
    { clientId, clientSecret, webhookId, environment, address: other }: z.output<typeof settings>,
    { outgoing, now }: GatewayContext,
  ) {
    const address = new URL(other ?? ADDRESSES[environment]).origin
    this.#webhookId = webhookId
    this.#now = now
    this.#client = new PayPalClient({ clientId, clientSecret, address }, outgoing, now)
    this.#certificates = new PayPalCertificates(other ? [address] : [address, CERTIFICATE_HOSTS[environment]], outgoing, now)
  }

  async prepare(call: Call): Promise<void> {
    await this.#certificates.learn(call.headers['paypal-cert-url'] ?? '')
  }

  heard(call: Call) {
    return heardFromPayPal(call, this.#webhookId, this.#certificates, this.#now())
  }

  async test(): Promise<Tested> {
    const answer = await this.#client.ask({ method: 'GET', path: `/v1/notifications/webhooks/${this.#webhookId}` })
    if (answer.kind === 'unknown') return { ok: false, words: answer.words }
    if (answer.kind === 'yes') {
      const url = textAt(answer.json, 'url')
      return url === ''
        ? { ok: false, words: 'PayPal answered something that cannot be read' }
        : { ok: true, words: `PayPal takes the keys, and calls ${url}` }
    }
    if (answer.status === 404) return { ok: false, words: 'PayPal takes the keys, but knows no webhook with this ID' }
    return { ok: false, words: `PayPal refuses the client ID and secret: ${answer.words}` }
  }

  async start(ask: Ask): Promise<Started> {
    const body = orderOf(ask)
    if (body === undefined)
      return { kind: 'refused', words: `PayPal cannot ask for ${formatAmount(ask.amount, ask.currency)} ${ask.currency}` }
    const answer = await this.#client.ask({ method: 'POST', path: '/v2/checkout/orders', body, requestId: requestIdOf(ask.key) })
    if (answer.kind !== 'yes') return { kind: answer.kind === 'no' ? 'refused' : 'unknown', words: answer.words }
    const theirId = textAt(answer.json, 'id')
    const link = listAt(answer.json, 'links').find((each) => ['payer-action', 'approve'].includes(textAt(each, 'rel')))
    const url = parseUrl(textAt(link, 'href'))
    if (!IS_ID.test(theirId) || url?.protocol !== 'https:') return { kind: 'unknown', words: 'PayPal answered without a page to pay at' }
    return { kind: 'redirect', theirId, url: url.href }
  }

  async look({ theirId, wants }: Hint & { readonly wants: Amount | null }): Promise<Looked> {
    // PayPal finds orders by its own id alone. One whose id we never got was never shown to a payer.
    if (theirId === null || !IS_ID.test(theirId)) return { kind: 'none' }
    const path = `/v2/checkout/orders/${theirId}`
    const found = await this.#client.ask({ method: 'GET', path })
    if (found.kind === 'no') return found.status === 404 ? { kind: 'none' } : { kind: 'unknown', words: found.words }
    if (found.kind === 'unknown') return found
    if (textAt(found.json, 'id') !== theirId) return { kind: 'unknown', words: 'PayPal answered something that is not this order' }
    if (textAt(found.json, 'status') !== 'APPROVED' || !isWanted(found.json, wants)) return this.#standing(found.json)
    const captured = await this.#client.ask({ method: 'POST', path: `${path}/capture`, requestId: `capture-${theirId}` })
    if (captured.kind === 'unknown') return captured
    if (captured.kind === 'yes' && textAt(captured.json, 'id') === theirId) return this.#standing(captured.json)
    // Captured by another look, or declined by the payer's bank: then the payer may choose another way to pay.
    const again = await this.#client.ask({ method: 'GET', path })
    if (again.kind !== 'yes') return { kind: 'unknown', words: again.words }
    const looked = await this.#standing(again.json)
    if (looked.kind !== 'standing' || captured.kind === 'yes' || looked.standing.receipts.length > 0) return looked
    const state = issueOf(captured) === 'INSTRUMENT_DECLINED' ? 'open' : looked.standing.state
    return { kind: 'standing', standing: { ...looked.standing, state, words: captured.words } }
  }

  async #standing(order: Json): Promise<Looked> {
    const [capture] = listAt(listAt(order, 'purchase_units')[0], 'payments', 'captures')
    const captureId = textAt(capture, 'id')
    return { kind: 'standing', standing: standingOf(order, IS_ID.test(captureId) ? await this.#disputes(captureId) : []) }
  }

  /** Undefined: this key may not read disputes. None while they cannot be read just now: what was found before stays. */
  async #disputes(captureId: string): Promise<readonly Json[] | undefined> {
    const listed = await this.#client.ask({ method: 'GET', path: `/v1/customer/disputes?disputed_transaction_id=${captureId}` })
    if (listed.kind === 'no' && [401, 403].includes(listed.status)) return undefined
    const ids = listed.kind === 'yes' ? listAt(listed.json, 'items').map((item) => textAt(item, 'dispute_id')) : []
    const found: Json[] = []
    for (const id of ids.filter((each) => IS_ID.test(each)).slice(0, MOST_DISPUTES)) {
      const shown = await this.#client.ask({ method: 'GET', path: `/v1/customer/disputes/${id}` })
      if (shown.kind === 'yes') found.push(shown.json)
    }
    return found
  }

  async giveBack(receipt: { readonly id: string; readonly theirId: string | null } & Amount, key: string): Promise<GivenBack> {
    const looked = await this.look({ theirId: receipt.theirId, reference: null, wants: null })
    if (looked.kind === 'unknown') return looked
    const made = looked.kind === 'standing' ? looked.standing.reversals.find((each) => each.key === key) : undefined
    if (made) return { kind: 'given back', reversalId: made.id }
    if (!IS_ID.test(receipt.id)) return { kind: 'refused', words: 'This is no payment of PayPal' }
    const amount = { currency_code: receipt.currency, value: valueAtPayPal(receipt) ?? '0' }
    const answer = await this.#client.ask({
      method: 'POST',
      path: `/v2/payments/captures/${receipt.id}/refund`,
      body: writeJson({ amount, custom_id: KEY_PREFIX + key }),
      requestId: requestIdOf(key),
    })
    if (answer.kind !== 'yes') return { kind: answer.kind === 'no' ? 'refused' : 'unknown', words: answer.words }
    return givenBack(textAt(answer.json, 'id'), textAt(answer.json, 'status'))
  }

  reported(day: { readonly from: Date; readonly until: Date }): Promise<readonly ReportedReceipt[] | null> {
    return reportedByPayPal(this.#client, day)
  }
}

const IS_ID = /^[\w-]{3,60}$/
const MOST_DISPUTES = 10

/** At most 38 letters are safe everywhere. */
function requestIdOf(key: string): string {
  return /^[\w-]{1,38}$/.test(key) ? key : createHash('sha256').update(key).digest('hex').slice(0, 38)
}

/** Only what we asked for is captured. */
function isWanted(order: Json, wants: Amount | null): boolean {
  const [unit, ...others] = listAt(order, 'purchase_units')
  const amount = readAmount(textAt(unit, 'amount', 'value'))
  return (
    wants !== null &&
    amount !== undefined &&
    others.length === 0 &&
    isSameAmount({ amount, currency: textAt(unit, 'amount', 'currency_code') }, wants)
  )
}

function givenBack(reversalId: string, status: string): GivenBack {
  if (reversalId === '') return { kind: 'unknown', words: 'PayPal answered without a refund' }
  if (status === 'COMPLETED') return { kind: 'given back', reversalId }
  return status === 'PENDING' ? { kind: 'under way', reversalId } : { kind: 'refused', words: `The refund is ${status}` }
}
