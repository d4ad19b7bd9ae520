import { expect, onTestFinished, test } from 'vitest'
import { paypal } from '../../server/payments/gateways/paypal.ts'
import { openOutgoing, type Outcome, type Outgoing } from '../../server/outgoing/fetch.ts'
import { paypalCase, type PayPalFake } from './cases/paypal.ts'
import { losing } from './open-gateway.ts'
import { askFor, callOf, openCase, openWith } from './opened.ts'

async function approved(amount = '103.10', currency = 'USD') {
  const { fake, open } = await openCase(paypalCase)
  const ask = askFor(amount, currency)
  const started = await open.start(ask)
  if (started.kind !== 'redirect') throw new Error(started.kind)
  const receiptId = fake.pay(ask.reference)
  const hint = { theirId: started.theirId, reference: ask.reference }
  return { fake: fake as PayPalFake, open, ask, receiptId, hint }
}

const capturesOf = (fake: PayPalFake) => fake.calls.filter((call) => call.endsWith('/capture')).length

test('an order is captured once, also when ten look at once', async () => {
  const { open, fake, ask, hint, receiptId } = await approved()
  const looked = await Promise.all(Array.from({ length: 10 }, () => open.look!({ ...hint, wants: ask })))
  for (const each of looked) expect(each).toMatchObject({ kind: 'standing', standing: { state: 'paid', receipts: [{ id: receiptId }] } })
  expect(fake.books.orders[0]!.captures).toHaveLength(1)
})

test('an order is captured once when the answer to the capture was lost', async () => {
  const { fake, ask, hint, receiptId } = await approved()
  const outgoing = openOutgoing({ allowPrivate: true, timeLimitMs: 5000 })
  onTestFinished(() => outgoing.close())
  // The token, the order, the capture.
  const shaky = paypal.open(paypal.settings.parse(fake.settings), { outgoing: losing(outgoing, 3), now: () => new Date() })
  expect(await shaky.look!({ ...hint, wants: ask })).toMatchObject({ kind: 'unknown' })
  expect(await shaky.look!({ ...hint, wants: ask })).toMatchObject({ standing: { receipts: [{ id: receiptId }] } })
  expect(capturesOf(fake)).toBe(1)
})

test.each([
  ['of another amount', { amount: '103.11', currency: 'USD' }],
  ['of another currency', { amount: '103.10', currency: 'EUR' }],
  ['that nobody asked for', null],
])('an order %s is not captured', async (_, other) => {
  const { open, fake, ask, hint } = await approved()
  const wants = other && { amount: askFor(other.amount, other.currency).amount, currency: other.currency }
  expect(await open.look!({ ...hint, wants })).toMatchObject({ standing: { state: 'seen', receipts: [] } })
  expect(capturesOf(fake)).toBe(0)
  expect(await open.look!({ ...hint, wants: ask })).toMatchObject({ standing: { state: 'paid' } })
})

test.each([
  ['5000.00', 'HUF', { value: '5000', currency_code: 'HUF' }],
  ['800', 'TWD', { value: '800', currency_code: 'TWD' }],
  ['5000', 'JPY', { value: '5000', currency_code: 'JPY' }],
  ['7', 'EUR', { value: '7.00', currency_code: 'EUR' }],
])('%s %s is asked for as PayPal writes it', async (amount, currency, written) => {
  const { fake } = await approved(amount, currency)
  expect(fake.books.orders[0]!.amount).toEqual(written)
})

test.each([
  ['5000.50', 'HUF'],
  ['0.5', 'JPY'],
  ['1.005', 'USD'],
])('%s %s cannot be asked for', async (amount, currency) => {
  const { fake, open } = await openCase(paypalCase)
  expect(await open.start(askFor(amount, currency))).toMatchObject({ kind: 'refused' })
  expect(fake.calls).toEqual([])
})

test('a token is kept until it ends, and renewed when PayPal withdraws it', async () => {
  const time = { now: new Date() }
  const { fake, open } = await openCase(paypalCase, () => time.now)
  const tokens = () => fake.calls.filter((call) => call === 'POST /v1/oauth2/token').length
  for (let count = 0; count < 3; count += 1) await open.test()
  expect(tokens()).toBe(1)
  time.now = new Date(time.now.getTime() + 9 * 3_600_000)
  await open.test()
  expect(tokens()).toBe(2)
  // Another client of the same keys takes a token, and the fake keeps only the newest.
  await openWith(paypal, fake.settings).test()
  expect(await open.test()).toMatchObject({ ok: true })
  expect(tokens()).toBe(4)
})

test('a wrong webhook ID is told apart from wrong keys', async () => {
  const { fake } = await openCase(paypalCase)
  const wrongId = await openWith(paypal, { ...fake.settings, webhookId: 'WH0000000' }).test()
  expect(wrongId).toEqual({ ok: false, words: 'PayPal takes the keys, but knows no webhook with this ID' })
  const wrongKey = await openWith(paypal, { ...fake.settings, clientSecret: 'wrong-secret-1' }).test()
  expect(wrongKey).toMatchObject({
    ok: false,
    words: expect.stringMatching(/refuses the client ID and secret.*Client Authentication failed/) as string,
  })
})

test('what PayPal gives back to end a dispute is not taken twice', async () => {
  const { open, fake, ask, receiptId, hint } = await approved()
  await open.look!({ ...hint, wants: ask })
  const disputeId = fake.chargeback!(receiptId)
  fake.refund!(receiptId)
  const looked = await open.look!({ ...hint, wants: ask })
  expect(looked).toMatchObject({ standing: { reversals: [{ id: disputeId, kind: 'chargeback', state: 'taken' }] } })
  expect(looked.kind === 'standing' ? looked.standing.reversals : []).toHaveLength(1)
})

test('while buyer and seller only talk, nothing is taken', async () => {
  const { open, fake, ask, receiptId, hint } = await approved()
  await open.look!({ ...hint, wants: ask })
  fake.chargeback!(receiptId)
  fake.books.disputes[0]!.dispute_life_cycle_stage = 'INQUIRY'
  expect(await open.look!({ ...hint, wants: ask })).toMatchObject({ standing: { state: 'paid', reversals: [] } })
})

test('what PayPal took back is seen without the right to read disputes', async () => {
  const { open, fake, ask, receiptId, hint } = await approved()
  await open.look!({ ...hint, wants: ask })
  fake.books.showsDisputes = false
  const partId = fake.refund!(receiptId, '3.10')
  fake.books.orders[0]!.captures[0]!.status = 'REFUNDED'
  const looked = await open.look!({ ...hint, wants: ask })
  const rest = { id: `${receiptId}-reversed`, kind: 'chargeback', amount: { digits: 10_000_000n, places: 5 } }
  expect(looked).toMatchObject({ standing: { reversals: [{ id: partId, kind: 'refund' }, rest] } })
})

const PATH = '/v1/notifications/certs/CERT-1'
test.each([
  `https://api.paypal.com${PATH}?x=1`,
  `https://api.paypal.com${PATH}#x`,
  `https://api.paypal.com/v1/notifications/certs/../../x`,
  `https://api.paypal.com/v1/notifications/certs/%2e%2e/x`,
  `https://api.paypal.com.evil.example${PATH}`,
  `https://evil.example/api.paypal.com${PATH}`,
  `https://api.paypal.com@evil.example${PATH}`,
  `https://api.paypal.com:8443${PATH}`,
  `https://evilpaypal.com${PATH}`,
  `https://api.sandbox.paypal.com${PATH}`,
  `http://api.paypal.com${PATH}`,
  `https://api.paypal.com\\@evil.example${PATH}`,
  `file://${PATH}`,
  `x`.repeat(100_000),
  '',
])('no certificate is fetched from %s', async (address) => {
  const { asked, open } = recording({ kind: 'unknown', reason: 'time', words: '' })
  await open.prepare!(certificateCall(address.slice(0, 100_000)))
  expect(asked).toEqual([])
})

test('certificates are fetched from PayPal alone, each once while it is under way, and ten a minute', async () => {
  const { asked, open } = recording({ kind: 'answered', status: 200, text: 'no certificate', contentType: '', retryAfter: '' })
  const address = `https://api.paypal.com${PATH}`
  await Promise.all(Array.from({ length: 20 }, () => open.prepare!(certificateCall(address))))
  expect(asked).toEqual([address])
  for (let count = 0; count < 50; count += 1) await open.prepare!(certificateCall(`${address}${count}`))
  expect(asked).toHaveLength(10)
})

test('a certificate that has ended signs nothing', async () => {
  const time = { now: new Date() }
  const { fake, open } = await openCase(paypalCase, () => time.now)
  const hear = async () => {
    const call = callOf(fake.sign('{}', { at: time.now }))
    await open.prepare!(call)
    return open.heard(call).kind
  }
  expect(await hear()).toBe('heard')
  time.now = new Date(time.now.getTime() + 10 * 86_400_000)
  expect(await hear()).toBe('forged')
})

function certificateCall(address: string) {
  return callOf({ method: 'POST', query: '', headers: { 'paypal-cert-url': address }, body: '{}' })
}

function recording(outcome: Outcome) {
  const asked: string[] = []
  const call = async (url: string) => {
    asked.push(url)
    return outcome
  }
  const outgoing: Outgoing = { call, post: call, check: async () => null, close: async () => {} }
  const settings = paypal.settings.parse({ clientId: 'client-123456', clientSecret: 'secret-123456', webhookId: 'WH1234567' })
  return { asked, open: paypal.open(settings, { outgoing, now: () => new Date(1_700_000_000_000) }) }
}
