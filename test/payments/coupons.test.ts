import { describe, expect, onTestFinished, test } from 'vitest'
import { couponAdd } from '../../server/acts/coupon-add.ts'
import { couponEnd } from '../../server/acts/coupon-end.ts'
import { couponSet } from '../../server/acts/coupon-set.ts'
import { couponNumbered, listCoupons } from '../../server/payments/coupon-book.ts'
import { houseOf, run } from '../support/acts.ts'
import { signedHookCase } from './cases/signed-hook.ts'
import { asAsked, beginPayment, bookNow, offer, openPaymentDocket, paymentsOf, sendHooks } from './world.ts'

describe('coupons', () => {
  const docket = openPaymentDocket()
  const house = () => houseOf(docket.db, docket.clock.now)

  async function world() {
    const fake = await signedHookCase.openFake()
    onTestFinished(() => fake.close())
    const payments = await paymentsOf(docket)
    const method = await offer(docket, signedHookCase, fake.settings)
    const deposit = async (coupon: string, amount = '100', account?: number) => {
      const id = account ?? (await docket.account({ balance: '0' })).account
      const payment = await beginPayment(docket, payments, method, amount, { coupon, account: { id, currency: 'USD', email: null } })
      return {
        ...payment,
        async pay() {
          fake.pay(payment.reference, asAsked(payment))
          await sendHooks(docket, method, fake, payment.reference)
          return bookNow(docket, payment.bookId)
        },
      }
    }
    return { deposit }
  }

  test('what a coupon gives comes on top, and its list says how often and how much', async () => {
    const { deposit } = await world()
    const { coupon } = await run(house(), couponAdd, { coupon_code: 'SPRING-10', percent: '10', most: '15', currency: 'USD' })
    expect(await (await deposit('spring-10')).pay()).toMatchObject({ wallet: 11_000_000n, given: -1_000_000n })
    expect(await (await deposit('SPRING-10', '500')).pay()).toMatchObject({ wallet: 51_500_000n, given: -1_500_000n })
    const listed = (await listCoupons(docket.db, { before: null, most: 10 })).find(({ id }) => id === coupon)
    expect(listed).toMatchObject({ used: 2, given: [{ currency: 'USD', units: 2_500_000n }] })
  })

  test('it is used as often as it may, also by payments that were begun before', async () => {
    const { deposit } = await world()
    const { coupon } = await run(house(), couponAdd, { coupon_code: 'ONCE', percent: '50', times: 1 })
    const [one, other] = [await deposit('ONCE'), await deposit('ONCE')]
    expect([(await one.pay()).given, (await other.pay()).given]).toEqual([-5_000_000n, 0n])
    await expect(deposit('ONCE')).rejects.toMatchObject({ code: 'coupon_not_valid' })
    await run(house(), couponSet, { coupon, times: 2 })
    expect((await (await deposit('ONCE')).pay()).given).toBe(-5_000_000n)
    await run(house(), couponSet, { coupon, times: null, until: '2020-01-01' })
    await expect(deposit('ONCE')).rejects.toMatchObject({ code: 'coupon_not_valid' })
    expect(await couponNumbered(docket.db, coupon)).toMatchObject({ times: null, used: 2 })
  })

  test('an ended coupon counts for nobody, and its code is never given to another one', async () => {
    const { deposit } = await world()
    const { coupon } = await run(house(), couponAdd, { coupon_code: 'OVER', percent: '10' })
    const begun = await deposit('OVER')
    await run(house(), couponEnd, { coupon })
    expect((await begun.pay()).given).toBe(0n)
    await expect(deposit('OVER')).rejects.toMatchObject({ code: 'coupon_not_valid' })
    await expect(run(house(), couponSet, { coupon, times: 5 })).rejects.toMatchObject({ code: 'coupon_has_ended' })
    await expect(run(house(), couponAdd, { coupon_code: 'over', percent: '20' })).rejects.toMatchObject({ code: 'coupon_code_taken' })
  })

  test.each([
    [{ coupon_code: 'x', percent: '10' }, 'incorrect_act_field'],
    [{ coupon_code: 'A B C', percent: '10' }, 'incorrect_act_field'],
    [{ coupon_code: 'NOTHING', percent: '0' }, 'zero_amount'],
    [{ coupon_code: 'HUNDRED', percent: '100' }, 'incorrect_act_field'],
    [{ coupon_code: 'MOST', percent: '10', most: '5' }, 'coupon_most_needs_currency'],
    [{ coupon_code: 'NEVER', percent: '10', times: 0 }, 'incorrect_act_field'],
  ])('%j is refused', async (input, code) => {
    await expect(run(house(), couponAdd, input)).rejects.toMatchObject({ code })
  })
})
