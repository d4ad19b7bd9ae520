import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatAmount } from '../../server/payments/amounts.ts'
import { nowpayments } from '../../server/payments/gateways/nowpayments.ts'
import { nowpaymentsCase } from './cases/nowpayments.ts'
import { askFor, callOf, openCase, openWith } from './opened.ts'

const REFERENCE = 'K7MP3XQ9RT4W'
const SECRET = 'ipn-secret-0123456789'
const settings = { apiKey: 'NP-KEY-0123456789', ipnSecret: SECRET }

/** A call whose signature is over these very bytes, which are written sorted by hand. */
function callOver(sorted: string, sent: string) {
  const signature = createHmac('sha512', SECRET).update(sorted).digest('hex')
  return callOf({ method: 'POST', query: '', headers: { 'x-nowpayments-sig': signature }, body: sent })
}

describe('a call of NOWPayments', () => {
  const open = () => openWith(nowpayments, settings)

  test('is signed over its JSON with sorted names, whatever their order was', () => {
    const sent = `{"payment_id":5,"fee":{"serviceFee":0,"currency":"btc"},"order_id":"${REFERENCE}","actually_paid":1e-7}`
    const sorted = `{"actually_paid":1e-7,"fee":{"currency":"btc","serviceFee":0},"order_id":"${REFERENCE}","payment_id":5}`
    expect(open().heard(callOver(sorted, sent)).kind).toBe('heard')
  })

  test('keeps the text of its numbers: 5.10 is not 5.1, and ids keep all digits', () => {
    const sent = `{"payment_id":9223372036854775807,"order_id":"${REFERENCE}","price_amount":5.10}`
    const sorted = `{"order_id":"${REFERENCE}","payment_id":9223372036854775807,"price_amount":5.10}`
    expect(open().heard(callOver(sorted, sent)).kind).toBe('heard')
    expect(open().heard(callOver(sorted.replace('5.10', '5.1'), sent)).kind).toBe('forged')
  })

  test('may have white space, other letters and a list, which their examples sort in two ways', () => {
    const sent = `{ "payment_id": 5,\n "order_id": "${REFERENCE}", "order_description": "Zü\\u00fcrich \\/", "payment_extra_ids": [7, 8] }`
    const asList = `{"order_description":"Züürich /","order_id":"${REFERENCE}","payment_extra_ids":[7,8],"payment_id":5}`
    const asObject = asList.replace('[7,8]', '{"0":7,"1":8}')
    expect([asList, asObject].map((sorted) => open().heard(callOver(sorted, sent)).kind)).toEqual(['heard', 'heard'])
  })

  test('is forged when it is altered, unsigned, signed for another secret, no JSON or nested without end', () => {
    const sent = `{"order_id":"${REFERENCE}","payment_id":5}`
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
    const calls = [
      callOver(sent, sent.replace('5', '6')),
      callOf({ method: 'POST', query: '', headers: {}, body: sent }),
      callOver('not json', 'not json'),
      callOver(deep, deep),
    ]
    expect(calls.map((call) => open().heard(call).kind)).toEqual(['forged', 'forged', 'forged', 'forged'])
    expect(openWith(nowpayments, { ...settings, ipnSecret: 'another-secret' }).heard(callOver(sent, sent)).kind).toBe('forged')
  })

  test('is all there is to know while no sign-in for their list is set', () => {
    const sent = `{"actually_paid":25,"order_id":"${REFERENCE}","pay_amount":50,"pay_currency":"trx","payment_id":5,"payment_status":"partially_paid","price_amount":3,"price_currency":"usd"}`
    const heard = open().heard(callOver(sent, sent))
    expect(heard).toMatchObject({
      hints: [{ reference: REFERENCE }],
      told: { state: 'paid', receipts: [{ id: '5', currency: 'TRX', late: false }] },
    })
    const worth = heard.kind === 'heard' ? heard.told?.receipts[0]?.worth : undefined
    expect(worth && formatAmount(worth.amount, 'USD')).toBe('1.50')
  })
})

describe('a payment at NOWPayments', () => {
  test('is worth its price times what came by what was asked for, also in bitcoin', async () => {
    const { fake, open } = await openCase(nowpaymentsCase)
    await open.start(askFor('103.00', 'USD'))
    const id = fake.pay(REFERENCE, { amount: '0.00103', currency: 'BTC' })
    const looked = await open.look!({ theirId: null, reference: REFERENCE, wants: null })
    expect(looked).toMatchObject({
      kind: 'standing',
      standing: { state: 'paid', reference: REFERENCE, receipts: [{ id, currency: 'BTC' }] },
    })
    const [receipt] = looked.kind === 'standing' ? looked.standing.receipts : []
    expect(formatAmount(receipt!.worth!.amount, 'USD')).toBe('51.50')
  })

  test('that is sent again to its address is a receipt of its own, late, and worth what they say it was worth then', async () => {
    const { fake, open } = await openCase(nowpaymentsCase)
    await open.start(askFor('100.00', 'USD'))
    const [first, second] = [fake.pay(REFERENCE), fake.pay(REFERENCE, { amount: '1' })]
    const looked = await open.look!({ theirId: null, reference: REFERENCE, wants: null })
    const receipts = looked.kind === 'standing' ? looked.standing.receipts.toSorted((one, other) => (one.id < other.id ? -1 : 1)) : []
    expect(receipts.map(({ id, late, worth }) => [id, late, formatAmount(worth!.amount, 'USD')])).toEqual([
      [first, false, '100.00'],
      [second, true, '1.00'],
    ])
  })

  test('whose worth at a later time is not told waits for a person: its price may be that of its parent', () => {
    const sent = `{"actually_paid":1,"actually_paid_at_fiat":0,"order_id":"${REFERENCE}","parent_payment_id":4,"pay_amount":1,"pay_currency":"trx","payment_id":5,"payment_status":"finished","price_amount":100,"price_currency":"usd"}`
    const heard = openWith(nowpayments, settings).heard(callOver(sent, sent))
    expect(heard).toMatchObject({ told: { receipts: [{ id: '5', late: true, worth: null }] } })
  })

  test('that they refunded is a receipt and its reversal', () => {
    const sent = `{"actually_paid":25,"order_id":"${REFERENCE}","pay_amount":25,"pay_currency":"trx","payment_id":5,"payment_status":"refunded","price_amount":3,"price_currency":"usd"}`
    const heard = openWith(nowpayments, settings).heard(callOver(sent, sent))
    expect(heard).toMatchObject({ told: { receipts: [{ id: '5' }], reversals: [{ id: '5:refunded', receiptId: '5', state: 'taken' }] } })
  })

  test('that nobody opened yet is open; one that they never had is none', async () => {
    const { open } = await openCase(nowpaymentsCase)
    const started = await open.start(askFor('20.00', 'USD'))
    const theirId = started.kind === 'redirect' ? started.theirId : null
    expect(await open.look!({ theirId, reference: REFERENCE, wants: null })).toMatchObject({ standing: { state: 'open', receipts: [] } })
    expect(await open.look!({ theirId: null, reference: 'ZZZZ99998888', wants: null })).toEqual({ kind: 'none' })
  })

  test('below the least amount of its coin is refused in words', async () => {
    const fake = await nowpaymentsCase.openFake()
    const open = openWith(nowpayments, { ...fake.settings, coin: 'TRX' })
    expect(await open.start(askFor('5.00', 'USD'))).toEqual({ kind: 'refused', words: 'The least amount in trx is 8.25 USD' })
    expect((await open.start(askFor('9.00', 'USD'))).kind).toBe('redirect')
    await fake.close()
  })

  test('cannot be started with a wrong key, which the test of the connection tells before', async () => {
    const fake = await nowpaymentsCase.openFake()
    const open = openWith(nowpayments, { ...fake.settings, apiKey: 'a wrong key' })
    expect(await open.test()).toEqual({ ok: false, words: 'HTTP 403: INVALID_API_KEY: Invalid api key' })
    expect(await open.start(askFor('5.00', 'USD'))).toMatchObject({ kind: 'refused' })
    expect(await openWith(nowpayments, { ...fake.settings, password: 'wrong' }).test()).toMatchObject({ ok: false })
    await fake.close()
  })
})
