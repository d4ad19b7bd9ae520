import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Json, readJson } from '../../json.ts'
import { type Amount, formatAmount, toMinor } from '../amounts.ts'
import { type Ask, type Call, gateway, type GivenBack, type Heard, type Hint, type Looked } from '../gateway.ts'
import type { ReportedReceipt, Started } from '../gateway.ts'
import { sealed } from '../sealed-field.ts'
import { type Answer, readAnswer } from './answers.ts'
import { ExactNumber, listAt, textAt, writeJson } from './json.ts'
import { keyOf, NOTE_OF_KEY, NOTE_OF_REFERENCE, receiptsOf, standingOf } from './razorpay-payments.ts'
import { isSignedBy } from './signatures.ts'

/** Razorpay: a payment link, paid by UPI, card or from a bank. Facts from razorpay.com/docs (Payment Links, Refunds, Disputes, Webhooks). */
export const razorpay = gateway({
  name: 'razorpay',
  title: 'Razorpay',
  settings: z.object({
    keyId: z.string().trim().min(8).max(100),
    keySecret: sealed(z.string().trim().min(8).max(200)),
    /** Set with the webhook. After a change the old one stays behind it, with a space between: what is sent again is signed as it was at first. */
    webhookSecret: sealed(z.string().trim().min(8).max(400)),
    apiUrl: z.url().default('https://api.razorpay.com'),
  }),
  currencies: ['INR', 'USD', 'EUR', 'GBP', 'SGD', 'AED', 'AUD', 'CAD', 'MYR', 'JPY', 'KWD', 'BHD', 'OMR'],
  collects: 'exactly',
  openMinutes: 60,
  open(settings, { outgoing, now }) {
    const base = settings.apiUrl.replace(/\/$/, '')
    const authorization = `Basic ${Buffer.from(`${settings.keyId}:${settings.keySecret}`).toString('base64')}`
    const api: Api = {
      get: async (path) => readAnswer(await outgoing.call(`${base}${path}`, { method: 'GET', headers: { authorization } })),
      post: async (path, body, headers = {}) =>
        readAnswer(await outgoing.call(`${base}${path}`, { method: 'POST', headers: { authorization, ...headers }, body })),
    }
    return {
      async test() {
        const answer = await api.get('/v1/payments?count=1')
        return answer.kind === 'yes' ? { ok: true, words: 'The key is right.' } : { ok: false, words: answer.words }
      },
      start: (ask) => start(api, ask, now()),
      heard: (call) => heard(call, settings.webhookSecret),
      hookAnswer: null,
      look: (asked) => look(api, asked),
      giveBack: (receipt, key) => giveBack(api, receipt, key),
      reported: (day) => reported(api, day),
    }
  },
})

interface Api {
  get(path: string): Promise<Answer>
  post(path: string, body: string, headers?: Readonly<Record<string, string>>): Promise<Answer>
}

// They want a quarter of an hour at least, counted when they read it.
const LEAST_MINUTES = 16

/** A link is unique by its `reference_id`: it is looked for first, so that a lost answer does not make a second one. */
async function start(api: Api, ask: Ask, now: Date): Promise<Started> {
  const minor = toMinor(ask.amount, ask.currency)
  if (minor === undefined) return { kind: 'refused', words: `Too fine an amount: ${formatAmount(ask.amount, ask.currency)}` }
  const known = await api.get(`/v1/payment_links?reference_id=${encodeURIComponent(ask.reference)}`)
  if (known.kind !== 'yes') return { kind: known.kind === 'no' ? 'refused' : 'unknown', words: known.words }
  const link = listAt(known.json, 'payment_links').find((each) => textAt(each, 'reference_id') === ask.reference)
  if (link !== undefined) return startedBy(link)
  const until = Math.max(Math.floor(ask.until.getTime() / 1000), Math.floor(now.getTime() / 1000) + LEAST_MINUTES * 60)
  const body = writeJson({
    amount: new ExactNumber(minor),
    currency: ask.currency,
    accept_partial: false,
    reference_id: ask.reference,
    description: ask.about,
    customer: ask.email === null ? {} : { email: ask.email },
    notify: { sms: false, email: false },
    reminder_enable: false,
    notes: { [NOTE_OF_REFERENCE]: ask.reference },
    callback_url: ask.returnUrl,
    callback_method: 'get',
    expire_by: new ExactNumber(BigInt(until)),
  })
  const made = await api.post('/v1/payment_links', body)
  return made.kind === 'yes' ? startedBy(made.json) : { kind: made.kind === 'no' ? 'refused' : 'unknown', words: made.words }
}

function startedBy(link: Json): Started {
  const [theirId, url] = [textAt(link, 'id'), textAt(link, 'short_url')]
  return theirId === '' || url === ''
    ? { kind: 'unknown', words: 'A payment link without id or address' }
    : { kind: 'redirect', theirId, url }
}

function heard({ body, headers }: Call, secrets: string): Heard {
  const given = [headers['x-razorpay-signature'] ?? '']
  const isRight = secrets.split(/\s+/).some((secret) => isSignedBy({ hash: 'sha256', secret, message: [body], encoding: 'hex' }, given))
  if (!isRight) return { kind: 'forged', why: 'X-Razorpay-Signature is not right' }
  const event = readJson(body.toString('utf8'))
  const [link, payment] = [
    {
      id: textAt(event, 'payload', 'payment_link', 'entity', 'id'),
      reference: textAt(event, 'payload', 'payment_link', 'entity', 'reference_id'),
    },
    {
      id: textAt(event, 'payload', 'payment', 'entity', 'id'),
      reference: textAt(event, 'payload', 'payment', 'entity', 'notes', NOTE_OF_REFERENCE),
    },
  ]
  const [theirId, reference] = [link.id || null, link.reference || payment.reference || null]
  // Events of refunds and disputes name a payment; our reference is in the notes that it has from its link.
  const hint = theirId === null && reference === null ? { theirId: payment.id || null, reference: null } : { theirId, reference }
  const hints = hint.theirId === null && hint.reference === null ? [] : [hint]
  return { kind: 'heard', eventId: headers['x-razorpay-event-id'] ?? null, hints }
}

type Found = { readonly kind: 'found'; readonly items: readonly Json[] } | Exclude<Answer, { kind: 'yes' }>

async function look(api: Api, asked: Hint): Promise<Looked> {
  const found = await findLink(api, asked)
  if (found.kind === 'no' && [400, 404].includes(found.status)) return { kind: 'none' }
  if (found.kind !== 'found') return { kind: 'unknown', words: found.words }
  const [link] = found.items
  if (link === undefined || textAt(link, 'id') === '') return { kind: 'none' }
  const order = textAt(link, 'order_id')
  const payments = order === '' ? found : await itemsOf(api, `/v1/orders/${encodeURIComponent(order)}/payments`)
  if (payments.kind !== 'found') return { kind: 'unknown', words: payments.words }
  const paid = order === '' ? [] : payments.items
  const refunds: Json[] = []
  for (const payment of paid.filter((each) => !['', '0'].includes(textAt(each, 'amount_refunded')))) {
    const some = await itemsOf(api, `/v1/payments/${encodeURIComponent(textAt(payment, 'id'))}/refunds?count=100`)
    if (some.kind !== 'found') return { kind: 'unknown', words: some.words }
    refunds.push(...some.items)
  }
  // A payment does not say that it is disputed, and disputes cannot be asked for by payment.
  const disputes = paid.some((each) => receiptsOf(each).length > 0)
    ? await itemsOf(api, '/v1/disputes?count=100')
    : { kind: 'found' as const, items: [] }
  if (disputes.kind !== 'found') return { kind: 'unknown', words: disputes.words }
  return { kind: 'standing', standing: standingOf(link, paid, { refunds, disputes: disputes.items }) }
}

/** By the id of the link, of a payment of it, or by our reference. */
async function findLink(api: Api, { theirId, reference }: Hint): Promise<Found> {
  if (theirId?.startsWith('plink_')) {
    const answer = await api.get(`/v1/payment_links/${encodeURIComponent(theirId)}`)
    return answer.kind === 'yes' ? { kind: 'found', items: [answer.json] } : answer
  }
  const by = theirId === null ? { reference_id: reference ?? '' } : { payment_id: theirId }
  const answer = await api.get(`/v1/payment_links?${new URLSearchParams(by).toString()}`)
  if (answer.kind !== 'yes') return answer
  const links = listAt(answer.json, 'payment_links')
  return { kind: 'found', items: theirId === null ? links.filter((link) => textAt(link, 'reference_id') === reference) : links }
}

async function itemsOf(api: Api, path: string): Promise<Found> {
  const answer = await api.get(path)
  return answer.kind === 'yes' ? { kind: 'found', items: listAt(answer.json, 'items') } : answer
}

/** Their own key for refunds is kept for a time that they do not tell, so the refunds that are there are asked first. */
async function giveBack(api: Api, receipt: { readonly id: string } & Amount, key: string): Promise<GivenBack> {
  const minor = toMinor(receipt.amount, receipt.currency)
  if (minor === undefined) return { kind: 'refused', words: 'The amount is finer than the currency' }
  const path = `/v1/payments/${encodeURIComponent(receipt.id)}`
  const before = await itemsOf(api, `${path}/refunds?count=100`)
  if (before.kind !== 'found') return { kind: before.kind === 'no' ? 'refused' : 'unknown', words: before.words }
  const known = before.items.find((refund) => keyOf(refund) === key)
  if (known !== undefined) return givenBack(known)
  const body = writeJson({ amount: new ExactNumber(minor), speed: 'normal', notes: { [NOTE_OF_KEY]: key } })
  const made = await api.post(`${path}/refund`, body, { 'x-refund-idempotency': createHash('sha256').update(key).digest('hex') })
  return made.kind === 'yes' ? givenBack(made.json) : { kind: made.kind === 'no' ? 'refused' : 'unknown', words: made.words }
}

function givenBack(refund: Json): GivenBack {
  const [reversalId, status] = [textAt(refund, 'id'), textAt(refund, 'status')]
  if (reversalId === '' || status === '') return { kind: 'unknown', words: 'A refund without id or status' }
  if (status === 'failed') return { kind: 'refused', words: 'The refund failed' }
  return status === 'processed' ? { kind: 'given back', reversalId } : { kind: 'under way', reversalId }
}

const PAGE = 100
const MOST_PAGES = 100

async function reported(api: Api, { from, until }: { from: Date; until: Date }): Promise<readonly ReportedReceipt[] | null> {
  const range = `from=${Math.floor(from.getTime() / 1000)}&to=${Math.ceil(until.getTime() / 1000)}&count=${PAGE}`
  const found: ReportedReceipt[] = []
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const payments = await itemsOf(api, `/v1/payments?${range}&skip=${page * PAGE}`)
    if (payments.kind !== 'found') return null
    for (const payment of payments.items) {
      const reference = textAt(payment, 'notes', NOTE_OF_REFERENCE) || null
      found.push(...receiptsOf(payment).map((receipt) => ({ ...receipt, reference })))
    }
    if (payments.items.length < PAGE) return found.filter(({ at }) => at >= from && at < until)
  }
  return null
}
