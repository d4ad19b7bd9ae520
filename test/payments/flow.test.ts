import { describe, expect, onTestFinished, test } from 'vitest'
import { lookAtDue, lookForPayer } from '../../server/payments/look.ts'
import { findPayment } from '../../server/payments/payments.ts'
import { allCases } from './cases/all.ts'
import { asAsked, beginPayment, bookNow, depositsOf, offer, openPaymentDocket, paymentsOf, sendHook, sendHooks } from './world.ts'

const docket = openPaymentDocket()

describe.each(allCases.map((each) => [each.gateway.name, each] as const))('%s', (_, played) => {
  async function world() {
    const fake = await played.openFake()
    onTestFinished(() => fake.close())
    const payments = await paymentsOf(docket)
    const [currency] = played.currencies
    const account = { id: (await docket.account({ balance: '0', currency })).account, currency, email: 'ada@example.com' }
    const method = await offer(docket, played, fake.settings)
    return { fake, payments, method, account }
  }

  test('what was paid is credited once, whoever hears of it and however often', async () => {
    const { fake, payments, method, account } = await world()
    const payment = await beginPayment(docket, payments, method, '100', { account })
    expect(payment.nextStep).not.toBeNull()
    fake.pay(payment.reference, asAsked(payment))
    const call = fake.hooks(payment.reference, { at: docket.clock.now() }).at(-1)!
    docket.clock.forward({ minutes: 1 })
    const statuses = await Promise.all([
      ...Array.from({ length: 50 }, () =>
        sendHook(docket, method, fake.hooks(payment.reference, { at: docket.clock.now() }).at(-1) ?? call),
      ),
      lookForPayer(payments, payment).then(() => 200),
      lookAtDue(payments).then(() => 200),
    ])
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await depositsOf(docket, payment.bookId)).toEqual([10_000_000n])
    expect(await findPayment(docket.db, payment.id)).toMatchObject({ state: 'paid' })
    const { rows } = await docket.db.query('select kind, number from payment_documents where book_id = $1', [payment.bookId])
    expect(rows).toHaveLength(1)
  })

  test('a forged call leaves nothing', async () => {
    const { fake, payments, method, account } = await world()
    const payment = await beginPayment(docket, payments, method, '50', { account })
    fake.pay(payment.reference, asAsked(payment))
    const [call] = fake.hooks(payment.reference, { at: docket.clock.now() }).slice(-1)
    const headers = Object.fromEntries(
      Object.entries(call!.headers).map(([name, value]) => [name, value.replaceAll(/[0-9a-f]{6}/g, 'abcdef')]),
    )
    expect(await sendHook(docket, method, { ...call!, headers })).toBe(401)
    expect(await sendHook(docket, { ...method, token: 'x'.repeat(32) }, call!)).toBe(404)
    expect(await depositsOf(docket, payment.bookId)).toEqual([])
    expect((await docket.db.query('select from payment_calls where method_id = $1', [method.id])).rowCount).toBe(0)
  })

  test('money that came and went back is taken from the wallet, and the rest is owed', async () => {
    const { fake, payments, method, account } = await world()
    if (!fake.refund) return expect('chargeback' in fake).toBe(false)
    const payment = await beginPayment(docket, payments, method, '100', { account })
    const receipt = fake.pay(payment.reference, asAsked(payment))
    await sendHooks(docket, method, fake, payment.reference)
    expect(await depositsOf(docket, payment.bookId)).toEqual([10_000_000n])
    await docket.db.query(`select post_transfer($1, 'payout', 8000000, null, null, 'paid out', now())`, [payment.bookId])
    fake.refund(receipt)
    await sendHooks(docket, method, fake, payment.reference)
    expect(await bookNow(docket, payment.bookId)).toMatchObject({ wallet: 0n, owed: -8_000_000n })
  })
})
