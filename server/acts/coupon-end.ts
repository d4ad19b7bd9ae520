import { z } from 'zod'
import { couponNumbered, endCoupon } from '../payments/coupon-book.ts'
import { act, changed } from './act.ts'
import { couponNumber, toldCoupon } from './coupon-fields.ts'

export const couponEnd = act({
  name: 'coupon end',
  does: 'end a coupon; it counts for no payment any more, not even for those that were begun with it',
  permission: 'payments.manage',
  input: z.object({ coupon: couponNumber() }),
  async run({ tx, now }, { coupon: number }) {
    const { code } = await couponNumbered(tx, number)
    const before = await toldCoupon(tx, number)
    await endCoupon(tx, number, now)
    return { result: { coupon: number, code }, ...changed(before, await toldCoupon(tx, number)) }
  },
  says: ({ coupon, code }) => `Coupon ${coupon} (${code}) has ended`,
})
