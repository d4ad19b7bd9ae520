import { z } from 'zod'
import type { Json } from '../../json.ts'
import { type Amount, formatAmount } from '../amounts.ts'
import { type Ask, type Call, gateway, type GivenBack, type Heard, type Hint, type Looked } from '../gateway.ts'
import type { OpenGateway, ReportedReceipt, Started, Tested } from '../gateway.ts'
import { sealed } from '../sealed-field.ts'
import { type Answer, readAnswer } from './answers.ts'
import { ExactNumber, listAt, textAt, writeJson } from './json.ts'
import { receiptsOf, standingOf } from './mercadopago-payments.ts'
import { isSignedBy } from './signatures.ts'

/** Mercado Pago, Pix: a payment whose code the payer scans or copies. Facts from mercadopago.com.br/developers (Checkout API, payments). */
export const mercadopago = gateway({
  name: 'mercadopago',
  title: 'Mercado Pago (Pix)',
  settings: z.object({
    accessToken: sealed(z.string().trim().min(10).max(300)),
    webhookSecret: sealed(z.string().trim().min(10).max(300)),
    apiUrl: z.url().default('https://api.mercadopago.com'),
  }),
  currencies: ['BRL'],
  collects: 'exactly',
  openMinutes: 60,
  open(settings, { outgoing, now }) {
    const base = settings.apiUrl.replace(/\/$/, '')
    const call: Api = async (method, path, { headers, body } = {}) =>
      readAnswer(
        await outgoing.call(`${base}${path}`, {
          method,
          headers: { authorization: `Bearer ${settings.accessToken}`, ...headers },
          ...(body === undefined ? {} : { body }),
        }),
      )
    return {
      test: () => test(call),
      start: (ask) => start(call, ask, now()),
      heard: (hook) => heard(hook, settings.webhookSecret),
      hookAnswer: null,
      look: (asked) => look(call, asked),
      giveBack: (receipt, key) => giveBack(call, receipt, key),
      reported: (day) => reported(call, day),
    } satisfies OpenGateway
  },
})

type Api = (
  method: 'GET' | 'POST',
  path: string,
  options?: { readonly headers?: Readonly<Record<string, string>>; readonly body?: string },
) => Promise<Answer>

async function test(call: Api): Promise<Tested> {
  const answer = await call('GET', '/v1/payment_methods')
  if (answer.kind !== 'yes') return { ok: false, words: answer.words }
  const hasPix = Array.isArray(answer.json) && answer.json.some((method) => textAt(method, 'id') === 'pix')
  return hasPix
    ? { ok: true, words: 'The token is right, and Pix is there.' }
    : { ok: false, words: 'The token is right, but this account has no Pix.' }
}

const LEAST_MINUTES = 30

async function start(call: Api, ask: Ask, now: Date): Promise<Started> {
  const body = writeJson({
    transaction_amount: new ExactNumber(formatAmount(ask.amount, ask.currency)),
    description: ask.about,
    payment_method_id: 'pix',
    external_reference: ask.reference,
    notification_url: ask.hookUrl,
    date_of_expiration: writtenTime(new Date(Math.max(ask.until.getTime(), now.getTime() + LEAST_MINUTES * 60_000))),
    // They want an address; it need not be the one of the account that pays.
    payer: { email: ask.email ?? `payer@${new URL(ask.returnUrl).hostname}` },
  })
  const answer = await call('POST', '/v1/payments', { headers: { 'x-idempotency-key': ask.key }, body })
  if (answer.kind !== 'yes') return { kind: answer.kind === 'no' ? 'refused' : 'unknown', words: answer.words }
  const theirId = textAt(answer.json, 'id')
  const code = textAt(answer.json, 'point_of_interaction', 'transaction_data', 'qr_code')
  const status = textAt(answer.json, 'status')
  if (status === 'rejected') return { kind: 'refused', words: `rejected: ${textAt(answer.json, 'status_detail')}` }
  if (theirId === '' || code === '') return { kind: 'unknown', words: 'A payment without id or code' }
  const lines = [{ name: 'amount', text: formatAmount(ask.amount, ask.currency) } as const, { name: 'code', text: code } as const]
  return { kind: 'transfer', theirId, lines, qr: code }
}

/** With the zone as digits: a Z is not among their examples. */
function writtenTime(time: Date): string {
  return time.toISOString().replace('Z', '+00:00')
}

/**
 * They sign the id in the query, the id of the request and the time, each left out when it is not there, and never the body (docs "Webhooks", validate
 * the origin). So nothing of the body is believed. What is signed has no age limit of theirs, and a replay only makes us look again.
 */
function heard({ headers, query }: Call, secret: string): Heard {
  const parts = new Map(
    (headers['x-signature'] ?? '').split(',', 10).map((part) => [part.split('=')[0]!.trim(), part.slice(part.indexOf('=') + 1).trim()]),
  )
  const [ts = '', v1 = ''] = [parts.get('ts'), parts.get('v1')]
  const id = query.get('data.id') ?? ''
  const request = headers['x-request-id'] ?? ''
  const isPlain = [id, request, ts].every((text) => /^[\w-]{0,100}$/.test(text))
  const manifest = [
    id === '' ? '' : `id:${id.toLowerCase()};`,
    request === '' ? '' : `request-id:${request};`,
    ts === '' ? '' : `ts:${ts};`,
  ].join('')
  const isRight = isPlain && ts !== '' && isSignedBy({ hash: 'sha256', secret, message: [manifest], encoding: 'hex' }, [v1])
  if (!isRight) return { kind: 'forged', why: 'x-signature is not right' }
  const type = query.get('type') ?? query.get('topic') ?? 'payment'
  return { kind: 'heard', eventId: null, hints: id !== '' && type === 'payment' ? [{ theirId: id, reference: null }] : [] }
}

async function look(call: Api, { theirId, reference }: Hint): Promise<Looked> {
  if (theirId === null) {
    const found = await call('GET', `/v1/payments/search?${new URLSearchParams({ external_reference: reference ?? '' }).toString()}`)
    if (found.kind !== 'yes') return { kind: 'unknown', words: found.words }
    // A search by a part of the words finds others too.
    const ours = listAt(found.json, 'results').filter((payment) => textAt(payment, 'external_reference') === reference)
    return ours.length === 0 ? { kind: 'none' } : { kind: 'standing', standing: standingOf(ours) }
  }
  if (!/^\d{1,30}$/.test(theirId)) return { kind: 'none' }
  const answer = await call('GET', `/v1/payments/${theirId}`)
  if (answer.kind === 'no' && answer.status === 404) return { kind: 'none' }
  if (answer.kind !== 'yes') return { kind: 'unknown', words: answer.words }
  if (textAt(answer.json, 'id') !== theirId) return { kind: 'unknown', words: 'An answer about another payment' }
  return { kind: 'standing', standing: standingOf([answer.json]) }
}

async function giveBack(call: Api, receipt: { readonly id: string } & Amount, key: string): Promise<GivenBack> {
  if (!/^\d{1,30}$/.test(receipt.id)) return { kind: 'refused', words: 'This is not a payment of Mercado Pago' }
  const answer = await call('POST', `/v1/payments/${receipt.id}/refunds`, {
    // Without the second header a refund that the central bank has not confirmed yet is answered as a fault (docs "Refund of transactions with Pix").
    headers: { 'x-idempotency-key': key, 'x-render-in-process-refunds': 'true' },
    body: writeJson({ amount: new ExactNumber(formatAmount(receipt.amount, receipt.currency)) }),
  })
  if (answer.kind !== 'yes') return { kind: answer.kind === 'no' ? 'refused' : 'unknown', words: answer.words }
  const [reversalId, status] = [textAt(answer.json, 'id'), textAt(answer.json, 'status')]
  if (reversalId !== '' && status === 'approved') return { kind: 'given back', reversalId }
  if (reversalId !== '' && status === 'in_process') return { kind: 'under way', reversalId }
  return { kind: 'unknown', words: 'A refund without id or status' }
}

const PAGE = 50
const MOST_PAGES = 100

async function reported(call: Api, { from, until }: { from: Date; until: Date }): Promise<readonly ReportedReceipt[] | null> {
  const range = new URLSearchParams({
    range: 'date_approved',
    begin_date: writtenTime(from),
    end_date: writtenTime(until),
    limit: String(PAGE),
  })
  const found: Json[] = []
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await call('GET', `/v1/payments/search?${range.toString()}&offset=${page * PAGE}`)
    if (answer.kind !== 'yes') return null
    const payments = listAt(answer.json, 'results')
    found.push(...payments)
    if (payments.length < PAGE) {
      return found
        .flatMap((payment) =>
          receiptsOf(payment).map((receipt) => ({ ...receipt, reference: textAt(payment, 'external_reference') || null })),
        )
        .filter(({ at }) => at >= from && at < until)
    }
  }
  return null
}
