import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { suspendAccount } from '../../server/customers/accounts.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { addRate } from '../../server/payments/rates.ts'
import { findTopUp, switchTopUpOff, switchTopUpOn, topUpDue } from '../../server/payments/top-up.ts'
import { ownPages } from '../support/own-pages.ts'
import { stripeCase } from './cases/stripe.ts'
import { asAsked, beginPayment, bookNow, depositsOf, offer, openPaymentDocket, paymentsOf, sendHooks } from './world.ts'

const docket = openPaymentDocket()
const RULE = { below: parseUnits('10'), amount: parseUnits('25'), mostPerDay: parseUnits('60') }

afterEach(() => docket.db.query('update top_ups set is_on = false'))
beforeEach(() => docket.clock.forward({ seconds: (Date.now() - docket.clock.now().getTime()) / 1000 }))

/** A customer whose card was kept with a payment of 20.00. */
async function withCard({ keepsCard = true } = {}) {
  const fake = await stripeCase.openFake()
  onTestFinished(() => fake.close())
  const payments = await paymentsOf(docket)
  const account = { id: (await docket.account({ balance: '0' })).account, currency: 'USD', email: 'ada@example.com' }
  const method = await offer(docket, stripeCase, fake.settings)
  const payment = await beginPayment(docket, payments, method, '20', { account, keepsCard })
  fake.pay(payment.reference, asAsked(payment))
  await sendHooks(docket, method, fake, payment.reference)
  const now = () => docket.clock.now()
  const spend = (amount: string) =>
    docket.db.query(`select post_transfer($1, 'correction', $2, null, null, 'spent', now(), true)`, [payment.bookId, parseUnits(amount)])
  const charges = () => fake.calls.filter((call) => call === 'POST /v1/payment_intents').length
  return { fake, method, payments, account, bookId: payment.bookId, now, spend, charges }
}

async function dueAt(account: number): Promise<number> {
  const { rows } = await docket.db.query<{ due_at: Date }>('select due_at from top_ups where account_id = $1', [account])
  return rows[0]!.due_at.getTime()
}

describe('automatic top-up', () => {
  test('charges the kept card once when the balance is low, and never above the sum of a day', async () => {
    const { payments, account, bookId, now, spend, charges } = await withCard()
    expect(await topUpDue(payments)).toBe(0)
    expect(await switchTopUpOn(docket.db, account.id, RULE, now())).toBe(true)
    expect(await topUpDue(payments)).toBe(0)
    await spend('15')
    await Promise.all([topUpDue(payments), topUpDue(payments)])
    expect(await topUpDue(payments)).toBe(0)
    expect(await depositsOf(docket, bookId)).toEqual([parseUnits('20'), parseUnits('25')])
    await spend('29')
    await topUpDue(payments)
    await spend('25')
    expect(await topUpDue(payments)).toBe(0)
    expect(await bookNow(docket, bookId)).toMatchObject({ wallet: parseUnits('1') })
    expect(charges()).toBe(2)
    docket.clock.forward({ hours: 25 })
    expect(await topUpDue(payments)).toBe(1)
    expect(charges()).toBe(3)
  })

  test('a lost answer is asked for again, and charges once', async () => {
    const { fake, payments, account, bookId, now, spend } = await withCard()
    await switchTopUpOn(docket.db, account.id, RULE, now())
    await spend('15')
    fake.loseNextAnswer()
    await topUpDue(payments)
    expect(await topUpDue(payments)).toBe(0)
    docket.clock.forward({ minutes: 1 })
    await topUpDue(payments)
    await topUpDue(payments)
    expect(await depositsOf(docket, bookId)).toEqual([parseUnits('20'), parseUnits('25')])
  })

  test('of a gateway that is away waits longer and longer, and holds up no other', async () => {
    const away = await withCard()
    const well = await withCard()
    for (const each of [away, well]) {
      await switchTopUpOn(docket.db, each.account.id, RULE, each.now())
      await each.spend('15')
    }
    await away.fake.close()
    expect(away.account.id).toBeLessThan(well.account.id)
    while ((await topUpDue(well.payments)) > 0);
    expect(await depositsOf(docket, well.bookId)).toEqual([parseUnits('20'), parseUnits('25')])
    const pauses: number[] = []
    for (let turn = 0; turn < 12; turn += 1) {
      const due = await dueAt(away.account.id)
      pauses.push((due - docket.clock.now().getTime()) / 1000)
      docket.clock.forward({ seconds: pauses.at(-1)! })
      expect(await topUpDue(well.payments)).toBe(1)
      expect(await topUpDue(well.payments)).toBe(0)
    }
    expect(pauses[0]).toBeLessThanOrEqual(5)
    expect(pauses[4]).toBeGreaterThanOrEqual(40)
    expect(Math.max(...pauses)).toBeLessThanOrEqual(600)
    const { rows } = await docket.db.query(`select distinct start_key from payments where account_id = $1 and opened_by = 'top-up'`, [
      away.account.id,
    ])
    expect(rows).toEqual([{ start_key: 'top-up 1' }])
  })

  test('of a suspended account is not made, and holds up no other; after it, it is', async () => {
    const suspended = await withCard()
    const well = await withCard()
    for (const each of [suspended, well]) {
      await switchTopUpOn(docket.db, each.account.id, RULE, each.now())
      await each.spend('15')
    }
    await suspendAccount(docket.db, suspended.account.id, true, suspended.now())
    while ((await topUpDue(well.payments)) > 0);
    expect([suspended.charges(), well.charges()]).toEqual([0, 1])
    await suspendAccount(docket.db, suspended.account.id, false, suspended.now())
    await topUpDue(suspended.payments)
    expect(suspended.charges()).toBe(1)
  })

  test('that a crash has left half done is asked for again under its number', async () => {
    const { payments, account, bookId, now, spend, fake } = await withCard()
    await switchTopUpOn(docket.db, account.id, RULE, now())
    await spend('15')
    fake.loseNextAnswer()
    await topUpDue(payments)
    // As the claim leaves it: no answer was noted.
    await docket.db.query(`update top_ups set due_at = $2::timestamptz + interval '3 minutes' where account_id = $1`, [account.id, now()])
    expect(await topUpDue(payments)).toBe(0)
    docket.clock.forward({ minutes: 3 })
    expect(await topUpDue(payments)).toBe(1)
    expect(await depositsOf(docket, bookId)).toEqual([parseUnits('20'), parseUnits('25')])
  })

  test('waits while its exchange rate is too old, and is not switched off', async () => {
    const { payments, account, now, spend, charges, method } = await withCard()
    await switchTopUpOn(docket.db, account.id, RULE, now())
    await spend('15')
    await docket.db.query(`update payment_methods set currency = 'EUR' where id = $1`, [method.id])
    expect(await topUpDue(payments)).toBe(1)
    expect(await topUpDue(payments)).toBe(0)
    expect(await findTopUp(docket.db, account.id)).toMatchObject({ isOn: true, failures: 0 })
    await addRate(docket.db, { base: 'USD', currency: 'EUR', rate: '0.9', source: 'test', at: now() }, now())
    docket.clock.forward({ minutes: 10 })
    await topUpDue(payments)
    expect(charges()).toBe(1)
  })

  test('is off by default, needs a card that was kept, and ends when the customer says so', async () => {
    const without = await withCard({ keepsCard: false })
    expect(await findTopUp(docket.db, without.account.id)).toBeUndefined()
    expect(await switchTopUpOn(docket.db, without.account.id, RULE, without.now())).toBe(false)
    const { payments, account, now, spend, charges } = await withCard()
    expect(await findTopUp(docket.db, account.id)).toMatchObject({ isOn: false, card: expect.stringContaining('4242') })
    await switchTopUpOn(docket.db, account.id, RULE, now())
    await switchTopUpOff(docket.db, account.id, true, now())
    await spend('15')
    expect(await topUpDue(payments)).toBe(0)
    expect(charges()).toBe(0)
    expect(await findTopUp(docket.db, account.id)).toMatchObject({ isOn: false, card: null })
  })

  test('three refusals in a row switch it off, and the page says why', async () => {
    const { payments, account, now, spend } = await withCard()
    await docket.db.query(`update saved_cards set card_id = 'no card of theirs' where account_id = $1`, [account.id])
    await switchTopUpOn(docket.db, account.id, RULE, now())
    await spend('15')
    const turn = async (hours: number) => {
      docket.clock.forward({ hours })
      await topUpDue(payments)
      await topUpDue(payments)
      return (await findTopUp(docket.db, account.id))!.failures
    }
    expect([await turn(0), await turn(0.9), await turn(0.2), await turn(3.9), await turn(0.2), await turn(48)]).toEqual([1, 1, 2, 2, 3, 3])
    expect(await findTopUp(docket.db, account.id)).toMatchObject({ isOn: false, failures: 3, words: expect.stringMatching(/\w/) })
  })
})

describe('the page of automatic top-up', () => {
  test('switches it on and off, says what is wrong, and forgets the card', async () => {
    const me = await ownPages(docket, { balance: '0' })
    expect((await me.get('/funds/top-up')).html).toContain('No card is kept')
    const method = await offer(docket, stripeCase, (await stripeCase.openFake()).settings)
    await docket.db.query(
      `insert into saved_cards (account_id, method_id, card_id, label, kept_at) values ($1, $2, 'cus_1 pm_1', 'visa 4242', now())`,
      [me.account, method.id],
    )
    expect((await me.get('/funds/top-up')).html).toContain('visa 4242')
    const wrong = await me.post('/funds/top-up', { below: '10', amount: '50', most: '20' })
    expect([wrong.status, wrong.html.includes('At least the amount that is added each time.')]).toEqual([422, true])
    await me.post('/funds/top-up', { below: '10', amount: '25', most: '60' })
    expect(await findTopUp(docket.db, me.account)).toMatchObject({ isOn: true, ...RULE })
    expect((await me.get('/funds/top-up')).html).toContain('It is on')
    await me.post('/funds/top-up', { do: 'off' })
    expect(await findTopUp(docket.db, me.account)).toMatchObject({ isOn: false, card: 'visa 4242' })
    await me.post('/funds/top-up', { do: 'forget' })
    expect(await findTopUp(docket.db, me.account)).toMatchObject({ card: null })
  })
})
