import { z } from 'zod'
import { addCoupon } from '../payments/coupon-book.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { lastDayOfCoupon, timesOfCoupon, toldCoupon } from './coupon-fields.ts'
import { amount, cli, flag, percent } from './fields.ts'
import { currencyCode } from './payment-fields.ts'

const A_CODE = 'It must be 3 to 40 letters, digits, dashes and dots, like SPRING-10.'

export const couponAdd = act({
  name: 'coupon add',
  does: 'add a coupon: so many per cent of a deposit are given on top, to each account once',
  permission: 'payments.manage',
  input: z.object({
    coupon_code: cli(
      z
        .string()
        .trim()
        .regex(/^[A-Za-z0-9][A-Za-z0-9.-]{2,39}$/, A_CODE),
      { argument: true, placeholder: '<code>' },
    ).describe('what customers type; capital letters do not count'),
    percent: percent().describe('how many per cent of the deposit, like 10'),
    most: amount().optional().describe('the most for one deposit; it needs a currency'),
    currency: currencyCode().optional().describe('only for accounts in this currency'),
    first_deposit_only: flag().describe('only for the first deposit of an account'),
    times: timesOfCoupon(),
    until: lastDayOfCoupon(),
  }),
  async run(
    { tx, now },
    {
      coupon_code: code,
      percent: basisPoints,
      most = null,
      currency = null,
      first_deposit_only: firstDepositOnly,
      times = null,
      until = null,
    },
  ) {
    if (basisPoints === 0 || (most !== null && most <= 0n)) throw refuse('zero_amount')
    const coupon = await addCoupon(tx, { code, basisPoints, most, currency, firstDepositOnly, times, until }, now)
    return { result: { coupon, code }, after: await toldCoupon(tx, coupon) }
  },
  says: ({ coupon, code }) => `Coupon ${coupon} has the code ${code}`,
})
