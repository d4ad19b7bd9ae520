import { type Queryable, violatedConstraint } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import type { Coupon } from './coupons.ts'

/** A coupon as the operator sees it. */
export interface CouponRow extends Coupon {
  /** Null: any number of times. */
  readonly times: number | null
  readonly used: number
  readonly until: Date | null
  readonly createdAt: Date
  readonly endedAt: Date | null
  /** What it gave so far, by the currency of the accounts. */
  readonly given: readonly { readonly currency: string; readonly units: Units }[]
}

const COUPONS = `
  select c.id, c.code, c.basis_points as "basisPoints", c.most, c.currency, c.first_deposit_only as "firstDepositOnly", c.times, c.used, c.until,
    c.created_at as "createdAt", c.ended_at as "endedAt",
    coalesce((
      select jsonb_agg(jsonb_build_object('currency', g.currency, 'units', g.units::text) order by g.currency)
      from (
        select b.currency, sum(u.given)::bigint as units from coupon_uses u
          join payment_receipts r on r.id = u.receipt_id join books b on b.id = r.book_id
        where u.coupon_id = c.id group by b.currency
      ) g), '[]') as given
  from coupons c`

type Read = Omit<CouponRow, 'given'> & { readonly given: readonly { readonly currency: string; readonly units: string }[] }

const rowsOf = (rows: readonly Read[]): CouponRow[] =>
  rows.map((row) => ({ ...row, given: row.given.map(({ currency, units }) => ({ currency, units: BigInt(units) })) }))

/** A page of coupons, the newest first; `before` is the last number of the page before. */
export async function listCoupons(db: Queryable, page: { readonly before: number | null; readonly most: number }): Promise<CouponRow[]> {
  const text = `${COUPONS} where $1::int is null or c.id < $1 order by c.id desc limit $2`
  return rowsOf((await db.query<Read>({ name: 'coupons', text, values: [page.before, page.most] })).rows)
}

/** Throws a Refusal when there is none. */
export async function couponNumbered(db: Queryable, id: number): Promise<CouponRow> {
  const [coupon] = rowsOf((await db.query<Read>({ name: 'coupon', text: `${COUPONS} where c.id = $1`, values: [id] })).rows)
  if (!coupon) throw refuse('unknown_coupon', id)
  return coupon
}

const ADD = `
  insert into coupons (code, basis_points, most, currency, first_deposit_only, times, until, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
  returning id`

/** Adds a coupon; answers its number. Throws a Refusal when its code was used before: nobody should get another coupon than they were told of. */
export async function addCoupon(
  tx: Queryable,
  wanted: Omit<CouponRow, 'id' | 'used' | 'createdAt' | 'endedAt' | 'given'>,
  now: Date,
): Promise<number> {
  const { code, basisPoints, most, currency, firstDepositOnly, times, until } = wanted
  if (most !== null && currency === null) throw refuse('coupon_most_needs_currency')
  try {
    const values = [code, basisPoints, most, currency, firstDepositOnly, times, until, now]
    return (await tx.query<{ id: number }>(ADD, values)).rows[0]!.id
  } catch (error) {
    if (violatedConstraint(error) === 'one_coupon_a_code') throw refuse('coupon_code_taken', code)
    throw error
  }
}

const SET = `update coupons set times = $2, until = $3 where id = $1`

/** Changes how often and how long a coupon may be used. What it gives stays: it was told to those who pay at this moment. */
export async function setCoupon(tx: Queryable, id: number, { times, until }: Pick<CouponRow, 'times' | 'until'>): Promise<void> {
  await tx.query(SET, [id, times, until])
}

/** Ends a coupon: it counts for no payment any more, not even for one that was begun with it. */
export async function endCoupon(tx: Queryable, id: number, now: Date): Promise<void> {
  await tx.query('update coupons set ended_at = coalesce(ended_at, $2) where id = $1', [id, now])
}
