import { createHmac } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { formatAmount } from '../../server/payments/amounts.ts'
import { razorpay } from '../../server/payments/gateways/razorpay.ts'
import { openFakeServer } from './cases/fake-server.ts'
import { FakeRazorpay } from './cases/razorpay-fake.ts'
import { razorpayCase } from './cases/razorpay.ts'
import { askFor, callOf, openCase, openWith } from './opened.ts'

const REFERENCE = 'K7MP3XQ9RT4W'

describe('a call of Razorpay', () => {
  const open = () => openWith(razorpay, { keyId: 'rzp_test_1', keySecret: 'the key secret', webhookSecret: 'new-secret old-secret' })
  const call = (body: string, secret: string) =>
    callOf({
      method: 'POST',
      query: '',
      headers: { 'x-razorpay-signature': createHmac('sha256', secret).update(body).digest('hex'), 'x-razorpay-event-id': 'event-1' },
      body,
    })

  test('is signed over its bytes with the secret of the webhook, also the one before a change', () => {
    const body = '{ "event":"payment_link.paid", "payload":{"payment_link":{"entity":{"id":"plink_1","reference_id":"K7MP3XQ9RT4W"}}}}\n'
    const heard = { kind: 'heard', eventId: 'event-1', hints: [{ theirId: 'plink_1', reference: REFERENCE }] }
    expect([open().heard(call(body, 'new-secret')), open().heard(call(body, 'old-secret'))]).toEqual([heard, heard])
    const forged = [call(body, 'the key secret'), call(body, ''), { ...call(body, 'new-secret'), body: Buffer.from(body.trim()) }]
    expect(forged.map((each) => open().heard(each).kind)).toEqual(['forged', 'forged', 'forged'])
  })

  test('about a refund or a dispute names our payment by the note that its link gave it', () => {
    const body = `{"event":"payment.dispute.created","payload":{"payment":{"entity":{"id":"pay_1","notes":{"docket_reference":"${REFERENCE}"}}}}}`
    expect(open().heard(call(body, 'new-secret'))).toMatchObject({ hints: [{ theirId: null, reference: REFERENCE }] })
  })

  test('about a payment without notes is about that payment; about a settlement it has no consequences', () => {
    const payment = '{"event":"payment.captured","payload":{"payment":{"entity":{"id":"pay_1","notes":[]}}}}'
    expect(open().heard(call(payment, 'new-secret'))).toMatchObject({ hints: [{ theirId: 'pay_1', reference: null }] })
    expect(open().heard(call('{"event":"settlement.processed","payload":{}}', 'new-secret'))).toMatchObject({ kind: 'heard', hints: [] })
  })
})

describe('a payment link', () => {
  test.each([
    ['103.10', 'INR', 10310],
    ['5000', 'JPY', 5000],
    ['12.500', 'KWD', 12500],
  ])('asks for %s %s in its smallest unit', async (text, currency, minor) => {
    const { open, fake } = await openCase(razorpayCase)
    expect((await open.start(askFor(text, currency))).kind).toBe('redirect')
    const id = fake.pay(REFERENCE)
    const looked = await open.look!({ theirId: null, reference: REFERENCE, wants: null })
    expect(looked).toMatchObject({ standing: { state: 'paid', receipts: [{ id, amount: { digits: BigInt(minor) }, currency }] } })
  })

  test('is found by one of its payments too', async () => {
    const { open, fake } = await openCase(razorpayCase)
    await open.start(askFor('103.10', 'INR'))
    const id = fake.pay(REFERENCE)
    expect(await open.look!({ theirId: id, reference: null, wants: null })).toMatchObject({ standing: { reference: REFERENCE } })
    expect(await open.look!({ theirId: 'plink_unknown', reference: null, wants: null })).toEqual({ kind: 'none' })
  })

  test('has the fee of a payment in rupees, and in no other currency', async () => {
    const { open, fake } = await openCase(razorpayCase)
    await open.start(askFor('100.00', 'INR'))
    fake.pay(REFERENCE)
    const looked = await open.look!({ theirId: null, reference: REFERENCE, wants: null })
    const fee = looked.kind === 'standing' ? looked.standing.receipts[0]!.fee : null
    expect(fee && formatAmount(fee, 'INR')).toBe('2.36')
    await open.start(askFor('100.00', 'USD', { reference: 'ZZZZ99998888' }))
    fake.pay('ZZZZ99998888')
    expect(await open.look!({ theirId: null, reference: 'ZZZZ99998888', wants: null })).toMatchObject({
      standing: { receipts: [{ fee: null }] },
    })
  })

  test('lives for a quarter of an hour at least, as they want it', async () => {
    const now = new Date('2026-03-25T07:00:00Z')
    const fake = new FakeRazorpay()
    const server = await openFakeServer((request) => fake.reply(request))
    onTestFinished(() => server.close())
    const settings = { keyId: fake.keyId, keySecret: fake.keySecret, webhookSecret: 'the secret', apiUrl: server.url }
    const open = openWith(razorpay, settings, () => now)
    await open.start(askFor('1.00', 'INR', { until: new Date(now.getTime() + 60_000) }))
    expect(fake.links[0]!.expire_by).toBe(now.getTime() / 1000 + 16 * 60)
  })

  test('cannot ask for a part of a paisa', async () => {
    const { open, fake } = await openCase(razorpayCase)
    expect((await open.start(askFor('1.005', 'INR'))).kind).toBe('refused')
    expect(fake.calls).toEqual([])
  })
})
