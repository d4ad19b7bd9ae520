import { z } from 'zod'
import { formatUnits } from '../ledger/money.ts'
import { couponNumbered, type CouponRow } from '../payments/coupon-book.ts'
import type { Queryable } from '../db/pool.ts'
import { cli, id, moment } from './fields.ts'

export const couponNumber = () => cli(id(), { argument: true }).describe('number of the coupon: "docket coupon list" shows all')

export const timesOfCoupon = () =>
  cli(z.int('It must be a positive whole number.').min(1).max(1_000_000_000).nullable(), { placeholder: '<number>' })
    .optional()
    .describe('how often it may be used in all; each account uses it once')

export const lastDayOfCoupon = () => moment().nullable().optional().describe('its last day (UTC), or moment')

/** A coupon as the log tells it. */
export async function toldCoupon(tx: Queryable, number: number): Promise<object> {
  return shownCoupon(await couponNumbered(tx, number))
}

export function shownCoupon({ id: number, basisPoints, most, firstDepositOnly, given, endedAt, createdAt, ...row }: CouponRow) {
  return {
    coupon: number,
    code: row.code,
    percent: String(basisPoints / 100),
    most: most === null ? null : formatUnits(most),
    currency: row.currency,
    first_deposit_only: firstDepositOnly,
    times: row.times,
    used: row.used,
    until: row.until,
    given: given.map(({ currency, units }) => ({ currency, amount: formatUnits(units) })),
    created: createdAt,
    ended: endedAt,
  }
}
