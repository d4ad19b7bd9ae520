import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { stripe } from '../../server/payments/gateways/stripe.ts'
import { openOutgoing, type Outgoing } from '../../server/outgoing/fetch.ts'
import { stripeCase } from './cases/stripe.ts'
import { askFor, callOf, openCase } from './opened.ts'

// docs.stripe.com/currencies: zero-decimal, three-decimal and special cases.
test.each([
  ['5000', 'JPY', '5000'],
  ['250000', 'VND', '250000'],
  ['103.10', 'USD', '10310'],
  ['12.340', 'KWD', '12340'],
  ['40', 'ISK', '4000'],
  ['500', 'UGX', '50000'],
  ['10.45', 'HUF', '1045'],
  ['800.45', 'TWD', '80045'],
  ['700', 'MGA', '700'],
])('%s %s is %s in units of Stripe', async (amount, currency, units) => {
  const { sent, start } = recording()
  await start(askFor(amount, currency))
  expect(sent[0]!.form.get('line_items[0][price_data][unit_amount]')).toBe(units)
  expect(sent[0]!.form.get('line_items[0][price_data][currency]')).toBe(currency.toLowerCase())
})

test.each([
  ['12.341', 'KWD'],
  ['40.50', 'ISK'],
  ['0.5', 'JPY'],
  ['1.234', 'USD'],
  ['700.2', 'MGA'],
  ['0', 'USD'],
  ['99999999999999999999', 'USD'],
])('%s %s cannot be asked for, and nothing is sent', async (amount, currency) => {
  const { sent, start } = recording()
  expect(await start(askFor(amount, currency))).toMatchObject({ kind: 'refused', words: expect.stringContaining(currency) as string })
  expect(sent).toEqual([])
})

test('a session is asked for with our key and reference, in the language of the payer, and nothing is told of this machine', async () => {
  const { sent, start } = recording()
  await start(askFor('5', 'USD', { language: 'pt-BR' }))
  await start(askFor('5', 'USD', { language: 'de-AT' }))
  await start(askFor('5', 'USD', { language: 'sw', email: null }))
  const [first] = sent
  expect(first!.headers['idempotency-key']).toBe('payment-K7MP3XQ9RT4W')
  expect(Object.keys(first!.headers).filter((name) => name.startsWith('x-stripe'))).toEqual([])
  expect(first!.form.get('client_reference_id')).toBe('K7MP3XQ9RT4W')
  expect(first!.form.get('payment_intent_data[metadata][docket_reference]')).toBe('K7MP3XQ9RT4W')
  expect(sent.map(({ form }) => form.get('locale'))).toEqual(['pt-BR', 'de', 'auto'])
  expect(sent[2]!.form.has('customer_email')).toBe(false)
})

test('one of several signatures is enough, and their order does not matter', async () => {
  const { fake, open } = await openCase(stripeCase)
  const [body, time] = ['{"id":"evt_1"}', String(Math.floor(Date.now() / 1000))]
  const right = createHmac('sha256', fake.settings.webhookSecret).update(`${time}.${body}`).digest('hex')
  const heard = (header: string) => open.heard(callOf({ method: 'POST', query: '', headers: { 'stripe-signature': header }, body })).kind
  expect(heard(`v1=${'0'.repeat(64)},v1=${right},t=${time},v0=x`)).toBe('heard')
  expect(heard(`t=${time}, v1=${right}`)).toBe('heard')
  expect(heard(`t=${time},v0=${right}`)).toBe('forged')
  expect(heard(`t=0${time},v1=${right}`)).toBe('forged')
  expect(heard(`v1=${right}`)).toBe('forged')
})

test('a dispute names only the payment, and its session is found by that', async () => {
  const { fake, open } = await openCase(stripeCase)
  const ask = askFor('103.10', 'USD')
  const started = await open.start(ask)
  const receiptId = fake.pay(ask.reference)
  fake.chargeback!(receiptId)
  const heard = open.heard(callOf(fake.hooks(ask.reference).at(-1)!))
  if (heard.kind !== 'heard') throw new Error(heard.why)
  const [hint] = heard.hints
  expect(hint).toMatchObject({ theirId: expect.stringMatching(/^pi_/) as string, reference: null })
  const looked = await open.look!({ ...hint!, wants: null })
  const theirId = started.kind === 'redirect' ? started.theirId : ''
  expect(looked).toMatchObject({ standing: { theirId, reference: ask.reference, reversals: [{ kind: 'chargeback', state: 'taken' }] } })
})

test('a payment is found by our reference alone', async () => {
  const { fake, open } = await openCase(stripeCase)
  const ask = askFor('103.10', 'USD')
  await open.start(ask)
  const receiptId = fake.pay(ask.reference)
  const looked = await open.look!({ theirId: null, reference: ask.reference, wants: ask })
  expect(looked).toMatchObject({ kind: 'standing', standing: { receipts: [{ id: receiptId }] } })
  expect(await open.look!({ theirId: null, reference: 'ZZZZ99998888', wants: null })).toEqual({ kind: 'none' })
  expect(await open.look!({ theirId: null, reference: "x' OR 'a", wants: null })).toEqual({ kind: 'none' })
  expect(await open.look!({ theirId: '../../v1/balance', reference: null, wants: null })).toEqual({ kind: 'none' })
})

test('a card is kept only where its owner agreed, and charged once for each key', async () => {
  const { fake, open } = await openCase(stripeCase)
  const saved = async (reference: string, keepsCard: boolean) => {
    const ask = askFor('5', 'USD', { reference, keepsCard, key: reference })
    await open.start(ask)
    fake.pay(ask.reference)
    const looked = await open.look!({ theirId: null, reference, wants: ask })
    return looked.kind === 'standing' ? looked.standing.savedCard : undefined
  }
  expect(await saved('KEEPSN9CARD2', false)).toBeUndefined()
  const card = await saved('KEEPSA9CARD2', true)
  expect(card).toEqual({ id: 'cus_1/pm_card', label: 'visa 4242' })
  const ask = askFor('12.34', 'USD', { reference: 'AUT9MAT9CTPU', key: 'top-up-1' })
  const charged = await open.chargeSaved!(ask, card!.id)
  expect(await open.chargeSaved!(ask, card!.id)).toEqual(charged)
  expect(fake.started()).toBe(3)
  const theirId = charged.kind === 'begun' ? charged.theirId : ''
  const looked = await open.look!({ theirId, reference: ask.reference, wants: ask })
  expect(looked).toMatchObject({
    standing: { theirId, reference: ask.reference, state: 'paid', receipts: [{ amount: { digits: 1234n } }] },
  })
  const declined = await open.chargeSaved!({ ...ask, key: 'top-up-2' }, 'cus_1/pm_other')
  expect(declined).toEqual({ kind: 'refused', words: 'Your card was declined.' })
  expect(await open.chargeSaved!(ask, '../refunds')).toMatchObject({ kind: 'refused' })
})

/** A gateway whose calls are written down and answered with an empty object. */
function recording() {
  const sent: { url: string; headers: Readonly<Record<string, string>>; form: URLSearchParams }[] = []
  const outgoing: Outgoing = {
    ...openOutgoing({ allowPrivate: false }),
    call: async (url, { headers = {}, body = '' }) => {
      sent.push({ url, headers, form: new URLSearchParams(body) })
      return { kind: 'answered', status: 200, contentType: 'application/json', text: '{}', retryAfter: '' }
    },
  }
  const settings = stripe.settings.parse({ secretKey: 'sk_test_12345678', webhookSecret: 'whsec_12345678' })
  const open = stripe.open(settings, { outgoing, now: () => new Date() })
  return { sent, start: open.start.bind(open) }
}
