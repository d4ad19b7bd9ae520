import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { placesOf } from '../../server/payments/amounts.ts'
import { keepCall } from '../../server/payments/calls.ts'
import { fund } from '../../server/payments/fund.ts'
import { handleLeftCalls } from '../../server/payments/hear.ts'
import { expirePayments, lookAtDue, lookForPayer } from '../../server/payments/look.ts'
import { findMethod } from '../../server/payments/methods.ts'
import { findPayment, type PaymentRow } from '../../server/payments/payments.ts'
import { parseUnits, UNITS_PER_WHOLE } from '../../server/ledger/money.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { allCases } from './cases/all.ts'
import { callOf } from './opened.ts'
import {
  asAsked,
  beginPayment,
  bookNow,
  depositsOf,
  type MethodTerms,
  offer,
  openPaymentDocket,
  paymentsOf,
  sendHook,
  sendHooks,
} from './world.ts'

// The seventeen stories of payments that went wrong elsewhere, against the stateful, signing other side of each gateway. After each, the books are audited.
const docket = openPaymentDocket()
const HUNDRED = parseUnits('100')

// The other sides sign with the clock of the machine.
beforeEach(() => docket.clock.forward({ seconds: (Date.now() - docket.clock.now().getTime()) / 1000 }))

describe.each(allCases.map((each) => [each.gateway.name, each] as const))('%s', (_, played) => {
  const [usual] = played.currencies
  const isExact = played.gateway.collects === 'exactly'

  async function world(terms: MethodTerms = {}, currency = usual) {
    const fake = await played.openFake()
    onTestFinished(() => fake.close())
    const payments = await paymentsOf(docket)
    const { account, key } = await docket.account({ balance: '0', currency })
    const method = await offer(docket, played, fake.settings, terms)
    const begin = (amount = '100', more = {}) =>
      beginPayment(docket, payments, method, amount, { account: { id: account, currency, email: 'ada@example.com' }, ...more })
    const hear = (payment: PaymentRow) => sendHooks(docket, method, fake, payment.reference)
    const now = async (payment: PaymentRow) => ({
      state: (await findPayment(docket.db, payment.id))!.state,
      deposits: await depositsOf(docket, payment.bookId),
      ...(await bookNow(docket, payment.bookId)),
    })
    return { fake, payments, method, account, key, begin, hear, now }
  }

  test('1 fifty calls at once beside the return page and the poller: one deposit, one receipt', async () => {
    const { fake, payments, method, begin, now } = await world()
    const payment = await begin()
    expect(payment.nextStep).not.toBeNull()
    fake.pay(payment.reference, asAsked(payment))
    const calls = fake.hooks(payment.reference, { at: docket.clock.now() })
    docket.clock.forward({ minutes: 1 })
    const statuses = await Promise.all([
      ...Array.from({ length: 50 }, () => sendHook(docket, method, calls.at(-1)!)),
      lookForPayer(payments, payment).then(() => 200),
      lookAtDue(payments).then(() => 200),
    ])
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await now(payment)).toMatchObject({ state: 'paid', deposits: [HUNDRED], wallet: HUNDRED })
    const { rows } = await docket.db.query('select kind from payment_documents where book_id = $1', [payment.bookId])
    expect(rows).toEqual([{ kind: 'receipt' }])
  })

  test('2 the answer of a call that credited is lost: sent again, it credits nothing', async () => {
    const { fake, begin, hear, now } = await world()
    const payment = await begin()
    fake.pay(payment.reference, asAsked(payment))
    await hear(payment)
    await hear(payment)
    docket.clock.forward({ hours: 2 })
    await hear(payment)
    expect(await now(payment)).toMatchObject({ state: 'paid', deposits: [HUNDRED], wallet: HUNDRED })
  })

  test('3 a call was kept, and the node died before it was handled: the worker credits it', async () => {
    const { fake, payments, method, begin, now } = await world()
    const payment = await begin()
    fake.pay(payment.reference, asAsked(payment))
    const call = callOf(fake.hooks(payment.reference, { at: docket.clock.now() }).at(-1)!)
    const gateway = payments.gateways.of((await findMethod(docket.db, method.id))!)
    await gateway.prepare?.(call)
    const heard = gateway.heard(call)
    if (heard.kind !== 'heard') throw new Error(heard.why)
    await keepCall(docket.db, method.id, call, heard, docket.clock.now())
    docket.clock.forward({ minutes: 20 })
    await handleLeftCalls(payments)
    expect(await now(payment)).toMatchObject({ state: 'paid', deposits: [HUNDRED] })
    expect(await handleLeftCalls(payments)).toBe(0)
  })

  test('4 altered by one byte, or with the secret of somebody else, it credits nothing and leaves no row; a new secret is taken', async () => {
    const { fake, method, begin, now } = await world()
    const payment = await begin()
    fake.pay(payment.reference, asAsked(payment))
    const call = fake.hooks(payment.reference, { at: docket.clock.now() }).at(-1)!
    const other = (text: string) => text.replaceAll(/[1-8]/g, (digit) => String(Number(digit) + 1))
    const altered = { ...call, query: other(call.query), body: other(call.body) }
    const stranger = await world()
    const [foreign] = stranger.fake.hooks((await stranger.begin()).reference, { at: docket.clock.now() })
    const statuses = [await sendHook(docket, method, altered)]
    if (foreign) statuses.push(await sendHook(docket, method, foreign))
    expect(statuses.every((status) => status === 401 || status === 200)).toBe(true)
    expect(await now(payment)).toMatchObject({ deposits: [], wallet: 0n })
    const rotated = await offer(docket, played, fake.rotate())
    const after = fake.hooks(payment.reference, { at: docket.clock.now() }).at(-1)!
    expect(await sendHook(docket, rotated, after)).toBe(200)
  })

  test('6 another amount than was asked: exact rails ask a person, the others credit what came; nothing credits nothing', async () => {
    const { fake, begin, hear, now } = await world()
    const places = placesOf(usual)
    const unit = UNITS_PER_WHOLE / 10n ** BigInt(Math.min(places, 5))
    for (const [amount, units] of [
      [HUNDRED - unit, HUNDRED - unit],
      [HUNDRED + unit, HUNDRED + unit],
    ] as const) {
      const payment = await begin()
      const paid = `${amount / UNITS_PER_WHOLE}.${(amount % UNITS_PER_WHOLE).toString().padStart(5, '0')}`.slice(
        0,
        places === 0 ? -6 : places - 5 || undefined,
      )
      fake.pay(payment.reference, { amount: paid, currency: payment.currency })
      await hear(payment)
      const { state, deposits } = await now(payment)
      if (isExact) expect({ paid, state, deposits: deposits.length }).toMatchObject({ state: 'review' })
      else expect({ paid, deposits: deposits.at(-1) }).toEqual({ paid, deposits: units })
    }
  })

  test.each(played.currencies)('7 %s: a hundred is a hundred', async (currency) => {
    const { fake, begin, hear, now } = await world({}, currency)
    const payment = await begin()
    fake.pay(payment.reference, asAsked(payment))
    await hear(payment)
    expect(await now(payment)).toMatchObject({ state: 'paid', deposits: [HUNDRED] })
  })

  test('8 paid twice: exact rails ask a person about the second, the others credit both', async () => {
    const { fake, begin, hear, now } = await world()
    const payment = await begin()
    fake.pay(payment.reference, asAsked(payment))
    await hear(payment)
    fake.pay(payment.reference, { amount: '40', currency: payment.currency })
    await hear(payment)
    const { deposits } = await now(payment)
    expect(deposits).toEqual(isExact ? [HUNDRED] : [HUNDRED, parseUnits('40')])
  })

  test('8 late, and after it was given up: late money always wins', async () => {
    const { fake, payments, begin, hear, now } = await world()
    const payment = await begin()
    fake.become(payment.reference, 'expired')
    await hear(payment)
    docket.clock.forward({ days: 8 })
    await lookAtDue(payments)
    await expirePayments(payments)
    expect((await now(payment)).state).not.toBe('paid')
    fake.pay(payment.reference, { ...asAsked(payment), late: true })
    await hear(payment)
    expect(await now(payment)).toMatchObject({ state: 'paid', deposits: [HUNDRED] })
  })

  test('9 refunded before anybody heard that it was paid: both are booked', async () => {
    const { fake, begin, hear, now } = await world()
    if (!fake.refund) return expect(Object.keys(fake)).not.toContain('refund')
    const payment = await begin()
    fake.refund(fake.pay(payment.reference, asAsked(payment)))
    await hear(payment)
    expect(await now(payment)).toMatchObject({ deposits: [HUNDRED], wallet: 0n, owed: 0n, paid_in: 0n })
  })

  test("10 somebody else's payment and unknown events are answered with 200, and nothing is done", async () => {
    const { fake, method, begin, now } = await world()
    const payment = await begin()
    for (const call of fake.foreign()) expect(await sendHook(docket, method, call)).toBe(200)
    expect(await now(payment)).toMatchObject({ deposits: [] })
  })

  test('11 and 12 the gateway is away, or its answer is lost: the same form starts one payment', async () => {
    const { fake, begin, now } = await world()
    const startKey = 'the same form'
    fake.isAway = true
    const first = await begin('100', { startKey }).catch((error: unknown) => error)
    fake.isAway = false
    fake.loseNextAnswer()
    await begin('100', { startKey }).catch(() => {})
    const payment = await begin('100', { startKey })
    const repeated = await begin('100', { startKey })
    expect(repeated.id).toBe(payment.id)
    expect(fake.started()).toBeLessThanOrEqual(1)
    if (first instanceof Error) expect(first).toMatchObject({ code: 'payment_gateway_away' })
    expect(await now(payment)).toMatchObject({ state: 'open', deposits: [] })
    await expect(begin('101', { startKey })).rejects.toMatchObject({ code: 'payment_key_used' })
  })

  test.each(['full', 'short', 'empty'] as const)('13 taken back with a %s wallet, twice, and won back', async (wallet) => {
    const { fake, key, begin, hear, now } = await world()
    if (!fake.chargeback) return expect(Object.keys(fake)).not.toContain('chargeback')
    const payment = await begin()
    const receipt = fake.pay(payment.reference, asAsked(payment))
    await hear(payment)
    const spent = { full: 0, short: 40, empty: 100 }[wallet]
    const order =
      spent === 0
        ? null
        : await placed(docket, key, { service: await onSale(docket, { rate: String(spent), currency: usual }), quantity: 1000 })
    const reversal = fake.chargeback(receipt)
    await hear(payment)
    await hear(payment)
    const owed = -parseUnits(String(spent))
    expect(await now(payment)).toMatchObject({ wallet: 0n, owed, paid_in: 0n })
    if (spent > 0) {
      // The order under way ends, and what it gives back pays what is owed.
      await tell(docket, order!, 'Canceled')
      expect(await now(payment)).toMatchObject({ wallet: 0n, owed: 0n })
    }
    if (!fake.winBack) return
    fake.winBack(reversal)
    await hear(payment)
    await hear(payment)
    expect(await now(payment)).toMatchObject({ wallet: HUNDRED, owed: 0n, paid_in: -HUNDRED })
  })

  test('14 a bonus is given from its tier on, and taken back with the money', async () => {
    const { fake, begin, hear, now } = await world({ bonuses: [{ currency: usual, from: '100', basis_points: 500 }] })
    const edge = await begin()
    const receipt = fake.pay(edge.reference, asAsked(edge))
    await hear(edge)
    expect(await now(edge)).toMatchObject({ wallet: HUNDRED + parseUnits('5'), given: -parseUnits('5') })
    const below = await begin('99')
    fake.pay(below.reference, asAsked(below))
    await hear(below)
    expect(await now(below)).toMatchObject({ given: -parseUnits('5') })
    if (!fake.refund) return
    fake.refund(receipt)
    await hear(edge)
    expect(await now(edge)).toMatchObject({ wallet: parseUnits('99'), given: 0n })
  })

  test('15 staff booked by hand what the gateway then brings: it is shown as a match, and not credited twice', async () => {
    const { fake, account, begin, hear, now } = await world()
    const payment = await begin()
    await fund(docket.db, account, { amount: HUNDRED, note: 'seen at the bank', reference: null }, docket.clock.now())
    fake.pay(payment.reference, asAsked(payment))
    await hear(payment)
    expect(await now(payment)).toMatchObject({ state: 'review', deposits: [HUNDRED], wallet: HUNDRED })
    const { rows } = await docket.db.query(`select evidence ->> 'same_as' as same from payment_receipts where payment_id = $1`, [
      payment.id,
    ])
    expect(rows).toEqual([{ same: expect.stringMatching(/^\d+$/) }])
  })

  test('16 clocks ten minutes apart: refused or taken, and credited once when it is sent again', async () => {
    const { fake, payments, method, begin, hear, now } = await world()
    const payment = await begin()
    fake.pay(payment.reference, asAsked(payment))
    for (const minutes of [-10, 10]) {
      const at = new Date(docket.clock.now().getTime() + minutes * 60_000)
      for (const call of fake.hooks(payment.reference, { at })) expect([200, 401]).toContain(await sendHook(docket, method, call))
    }
    docket.clock.forward({ minutes: 1 })
    await lookAtDue(payments)
    await hear(payment)
    expect(await now(payment)).toMatchObject({ state: 'paid', deposits: [HUNDRED] })
  })
})
