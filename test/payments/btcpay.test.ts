import { expect, test } from 'vitest'
import { formatAmount } from '../../server/payments/amounts.ts'
import { btcpayCase, type BtcPayFake } from './cases/btcpay.ts'
import { askFor, openCase } from './opened.ts'

async function begun(amount = '103.10', currency = 'USD') {
  const { fake, open } = await openCase(btcpayCase)
  const ask = askFor(amount, currency)
  const started = await open.start(ask)
  if (started.kind !== 'redirect') throw new Error(started.kind)
  const store = (fake as BtcPayFake).store
  const look = async () => {
    const looked = await open.look!({ theirId: started.theirId, reference: ask.reference, wants: ask })
    if (looked.kind !== 'standing') throw new Error(looked.kind)
    const { receipts, state, words } = looked.standing
    const worths = receipts.map(({ worth }) => worth && `${formatAmount(worth.amount, worth.currency)} ${worth.currency}`)
    return {
      state,
      words,
      worths,
      late: receipts.map(({ late }) => late),
      coins: receipts.map((each) => formatAmount(each.amount, each.currency)),
    }
  }
  return { fake, open, ask, store, invoice: store.of(ask.reference), look }
}

test('a part and the rest are two receipts, which together are worth what was asked', async () => {
  const { fake, ask, look } = await begun()
  fake.pay(ask.reference, { amount: '40.00' })
  expect(await look()).toMatchObject({ state: 'seen', worths: ['40.00 USD'], words: 'New, PaidPartial' })
  fake.pay(ask.reference, { amount: '63.10' })
  expect(await look()).toMatchObject({ state: 'paid', worths: ['40.00 USD', '63.10 USD'], late: [false, false] })
})

test('what is paid over is worth more, in coins and in the currency of the invoice', async () => {
  const { fake, ask, look } = await begun()
  fake.pay(ask.reference, { amount: '0.01', currency: 'BTC' })
  expect(await look()).toMatchObject({ state: 'paid', words: 'Settled, PaidOver', worths: ['601.23 USD'], coins: ['0.01000000'] })
})

test('what is paid after the time of the invoice is late, with or without a part before', async () => {
  const { fake, ask, look } = await begun()
  fake.pay(ask.reference, { amount: '40.00' })
  fake.become(ask.reference, 'expired')
  fake.pay(ask.reference, { amount: '63.10', late: true })
  expect(await look()).toMatchObject({ state: 'paid', words: 'Expired, PaidLate', late: [false, true] })
})

test('a fee that the payer was asked for on top is not worth anything', async () => {
  const { store, invoice, look } = await begun()
  store.pay(invoice, {}, '0.00000500')
  expect(await look()).toMatchObject({ state: 'paid', worths: ['103.10 USD'] })
})

test('a payment that is under way, or was replaced, is no receipt', async () => {
  const { fake, ask, invoice, look } = await begun()
  fake.pay(ask.reference)
  for (const status of ['Processing', 'Invalid', 'Whatever']) {
    invoice.payments[0]!.status = status
    invoice.status = 'Processing'
    expect(await look()).toMatchObject({ state: 'seen', worths: [] })
  }
})

test('settled by hand without a payment waits for a person', async () => {
  const { invoice, look } = await begun()
  Object.assign(invoice, { status: 'Settled', additionalStatus: 'Marked' })
  expect(await look()).toMatchObject({ state: 'review', worths: [], words: 'Settled, Marked' })
})

test('money of an invoice that was marked as invalid waits for a person', async () => {
  const { fake, ask, invoice, look } = await begun()
  fake.pay(ask.reference)
  Object.assign(invoice, { status: 'Invalid', additionalStatus: 'Marked' })
  expect(await look()).toMatchObject({ state: 'review', worths: [] })
})

test('an invoice that was confirmed too late is money all the same', async () => {
  const { fake, ask, invoice, look } = await begun()
  fake.pay(ask.reference)
  Object.assign(invoice, { status: 'Invalid', additionalStatus: 'None' })
  expect(await look()).toMatchObject({ state: 'review', worths: ['103.10 USD'] })
})

test('a payment is found by our reference alone, when the answer of its start was lost', async () => {
  const { fake, open, ask } = await begun()
  const receiptId = fake.pay(ask.reference)
  const looked = await open.look!({ theirId: null, reference: ask.reference, wants: ask })
  expect(looked).toMatchObject({ kind: 'standing', standing: { receipts: [{ id: receiptId }] } })
  expect(await open.look!({ theirId: null, reference: 'ZZZZ99998888', wants: null })).toEqual({ kind: 'none' })
})

test.each(['JPY', 'EUR', 'BTC'])('the next whole satoshi of %s is worth exactly what was asked', async (currency) => {
  const amount = currency === 'JPY' ? '12345' : currency === 'EUR' ? '99.99' : '0.00123456'
  const { fake, ask, look } = await begun(amount, currency)
  fake.pay(ask.reference)
  expect((await look()).worths).toEqual([`${amount} ${currency}`])
})
