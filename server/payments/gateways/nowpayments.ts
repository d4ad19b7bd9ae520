import { z } from 'zod'
import { type Json, readJson } from '../../json.ts'
import { compareDecimals, formatAmount, readAmount } from '../amounts.ts'
import { type Ask, type Call, gateway, type GatewayContext, type Heard, type Looked, type Started, type Tested } from '../gateway.ts'
import { sealed } from '../sealed-field.ts'
import { type Answer, readAnswer } from './answers.ts'
import { ExactNumber, listAt, sortedJson, textAt, writeJson } from './json.ts'
import { belongTogether, paymentReceipts, standingOf } from './nowpayments-payments.ts'
import { isSignedBy } from './signatures.ts'

/** NOWPayments: an invoice on their page, paid in any coin. Facts from documenter.getpostman.com/view/7907941/2s93JusNJt. */
export const nowpayments = gateway({
  name: 'nowpayments',
  title: 'NOWPayments',
  settings: z.object({
    apiKey: sealed(z.string().trim().min(10).max(200)),
    ipnSecret: sealed(z.string().trim().min(10).max(200)),
    /** The list of payments wants a token, which they give for the sign-in of the dashboard. Without it their calls are all we know. */
    email: z.string().trim().max(200).optional(),
    password: sealed(z.string().max(200)).optional(),
    /** One coin, like `usdttrc20`; absent: the payer picks one. */
    coin: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9]{2,20}$/)
      .optional(),
    apiUrl: z.url().default('https://api.nowpayments.io'),
  }),
  currencies: 'any',
  collects: 'what comes',
  openMinutes: 24 * 60,
  open(settings, context) {
    const api = openApi(settings, context)
    const canBeAsked = Boolean(settings.email && settings.password)
    return {
      test: () => test(api),
      start: (ask) => start(api, ask, settings.coin),
      heard: (call) => heard(call, settings.ipnSecret, { now: context.now(), canBeAsked }),
      hookAnswer: null,
      look: (asked) => look(api, asked, context.now()),
      async reported({ from, until }) {
        // The list goes by the time when a payment was made, which may be a day before it was paid.
        const since = new Date(from.getTime() - 2 * 24 * 60 * 60 * 1000)
        const listed = await listPayments(api, `&dateFrom=${since.toISOString()}&dateTo=${until.toISOString()}`)
        if (listed.kind === 'unknown') return null
        const receipts = listed.payments.flatMap((payment) =>
          paymentReceipts(payment, from).map((receipt) => ({ ...receipt, reference: textAt(payment, 'order_id') || null })),
        )
        return receipts.filter(({ at }) => at >= from && at < until)
      },
    }
  },
})

type Token = { readonly kind: 'token'; readonly token: string | null } | Exclude<Answer, { kind: 'yes' }>

interface Api {
  get(path: string, withToken?: boolean): Promise<Answer>
  post(path: string, body: string): Promise<Answer>
  /** Null: no sign-in is set. */
  token(): Promise<Token>
}

const TOKEN_LIVES_MS = 4 * 60 * 1000

function openApi(settings: z.output<typeof nowpayments.settings>, { outgoing, now }: GatewayContext): Api {
  const { apiKey, email, password } = settings
  const base = settings.apiUrl.replace(/\/$/, '')
  let kept: { readonly token: string; readonly until: number } | null = null
  const call = async (method: 'GET' | 'POST', path: string, headers: Record<string, string>, body?: string) =>
    readAnswer(
      await outgoing.call(`${base}${path}`, {
        method,
        headers: { 'x-api-key': apiKey, ...headers },
        ...(body === undefined ? {} : { body }),
      }),
    )
  const api: Api = {
    async get(path, withToken) {
      const got = withToken ? await api.token() : null
      if (got && got.kind !== 'token') return got
      return call('GET', path, got?.token ? { authorization: `Bearer ${got.token}` } : {})
    },
    post: (path, body) => call('POST', path, {}, body),
    async token() {
      if (!email || !password) return { kind: 'token', token: null }
      if (kept && kept.until > now().getTime()) return { kind: 'token', token: kept.token }
      const answer = await call('POST', '/v1/auth', {}, writeJson({ email, password }))
      if (answer.kind !== 'yes') return answer
      kept = { token: textAt(answer.json, 'token'), until: now().getTime() + TOKEN_LIVES_MS }
      return { kind: 'token', token: kept.token }
    },
  }
  return api
}

async function test(api: Api): Promise<Tested> {
  const coins = await api.get('/v1/merchant/coins')
  if (coins.kind !== 'yes') return { ok: false, words: coins.words }
  const signIn = await api.token()
  if (signIn.kind !== 'token') return { ok: false, words: signIn.words }
  const known =
    signIn.token === null
      ? 'The key is right. Without e-mail and password, payments are known by their calls alone.'
      : 'The key and the sign-in are right.'
  return { ok: true, words: known }
}

async function start(api: Api, ask: Ask, coin: string | undefined): Promise<Started> {
  const tooLittle = coin === undefined ? null : await whyTooLittle(api, ask, coin)
  if (tooLittle !== null) return { kind: 'refused', words: tooLittle }
  // They keep no key of ours. A second invoice of the same order_id, after a lost answer, does no harm: payments of both are found by it.
  const answer = await api.post(
    '/v1/invoice',
    writeJson({
      price_amount: new ExactNumber(formatAmount(ask.amount, ask.currency)),
      price_currency: ask.currency.toLowerCase(),
      order_id: ask.reference,
      order_description: ask.about,
      ipn_callback_url: ask.hookUrl,
      success_url: ask.returnUrl,
      cancel_url: ask.returnUrl,
      pay_currency: coin,
    }),
  )
  if (answer.kind !== 'yes') return { kind: answer.kind === 'no' ? 'refused' : 'unknown', words: answer.words }
  const theirId = textAt(answer.json, 'id')
  const url = textAt(answer.json, 'invoice_url')
  return theirId === '' || url === '' ? { kind: 'unknown', words: 'An invoice without id or address' } : { kind: 'redirect', theirId, url }
}

/** Each coin has a least amount, which moves with its fees. When they do not tell it, the invoice itself will. */
async function whyTooLittle(api: Api, ask: Ask, coin: string): Promise<string | null> {
  const currency = ask.currency.toLowerCase()
  const answer = await api.get(`/v1/min-amount?${new URLSearchParams({ currency_from: coin, fiat_equivalent: currency }).toString()}`)
  const least = answer.kind === 'yes' ? readAmount(textAt(answer.json, 'fiat_equivalent')) : undefined
  if (least === undefined || compareDecimals(ask.amount, least) >= 0n) return null
  return `The least amount in ${coin} is ${formatAmount(least, ask.currency)} ${ask.currency}`
}

/** They sign the JSON with sorted names and not the bytes, and no time: an old call only repeats what is known. */
function heard({ body, headers }: Call, secret: string, { now, canBeAsked }: { now: Date; canBeAsked: boolean }): Heard {
  const text = body.toString('utf8')
  const given = [headers['x-nowpayments-sig'] ?? '']
  // Their example for Node.js turns a list into an object of its positions, those for PHP and Python leave it a list.
  const isRight = (['lists', 'objects'] as const).some((lists) => {
    const message = sortedJson(text, lists)
    return message !== undefined && isSignedBy({ hash: 'sha512', secret, message: [message], encoding: 'hex' }, given)
  })
  if (!isRight) return { kind: 'forged', why: 'x-nowpayments-sig is not right' }
  const payment = readJson(text)
  const hint = { theirId: textAt(payment, 'invoice_id') || null, reference: textAt(payment, 'order_id') || null }
  // Their calls about payouts have no payment_id. They have no id of the event either.
  if (textAt(payment, 'payment_id') === '' || (hint.theirId === null && hint.reference === null))
    return { kind: 'heard', eventId: null, hints: [] }
  const told = canBeAsked ? {} : { told: standingOf([payment!], hint, now) }
  return { kind: 'heard', eventId: null, hints: [hint], ...told }
}

async function look(api: Api, asked: { theirId: string | null; reference: string | null }, now: Date): Promise<Looked> {
  const filter = asked.theirId === null ? '' : `&invoiceId=${encodeURIComponent(asked.theirId)}`
  const listed = await listPayments(api, filter)
  if (listed.kind === 'unknown') return listed
  const ours = belongTogether(listed.payments.toReversed(), asked)
  // An invoice that nobody has opened yet has no payment.
  if (ours.length === 0 && asked.theirId === null) return { kind: 'none' }
  return { kind: 'standing', standing: standingOf(ours, asked, now) }
}

const PAGE = 500
const MOST_PAGES = 4

type Listed = { readonly kind: 'payments'; readonly payments: readonly Json[] } | { readonly kind: 'unknown'; readonly words: string }

/** The newest payments first. */
async function listPayments(api: Api, filter: string): Promise<Listed> {
  const found: Json[] = []
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await api.get(`/v1/payment/?limit=${PAGE}&page=${page}&sortBy=created_at&orderBy=desc${filter}`, true)
    if (answer.kind !== 'yes') return { kind: 'unknown', words: answer.words }
    const payments = listAt(answer.json, 'data')
    found.push(...payments)
    if (payments.length < PAGE) break
  }
  return { kind: 'payments', payments: found }
}
