import { z } from 'zod'
import { couponNumbered, setCoupon } from '../payments/coupon-book.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import { couponNumber, lastDayOfCoupon, timesOfCoupon, toldCoupon } from './coupon-fields.ts'

export const couponSet = act({
  name: 'coupon set',
  does: 'change how often and how long a coupon may be used; for other per cent, end it and add another',
  permission: 'payments.manage',
  overwrites: true,
  input: z.object({ coupon: couponNumber(), times: timesOfCoupon(), until: lastDayOfCoupon() }),
  async run({ tx }, { coupon: number, times, until }) {
    const row = await couponNumbered(tx, number)
    if (row.endedAt !== null) throw refuse('coupon_has_ended')
    const before = await toldCoupon(tx, number)
    await setCoupon(tx, number, { times: times === undefined ? row.times : times, until: until === undefined ? row.until : until })
    return { result: { coupon: number, code: row.code }, ...changed(before, await toldCoupon(tx, number)) }
  },
  says: ({ coupon, code }) => `Coupon ${coupon} (${code}) is changed`,
})
