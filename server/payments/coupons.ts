import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'

/** So much of a deposit is given on top to whoever has the code. */
export interface Coupon {
  readonly id: number
  readonly code: string
  readonly basisPoints: number
  /** Of one deposit, in the coupon's currency. */
  readonly most: Units | null
  readonly currency: string | null
  readonly firstDepositOnly: boolean
}

const COUPONS = `
  select id, code, basis_points as "basisPoints", most, currency, first_deposit_only as "firstDepositOnly" from coupons c`
const USABLE = `
  ended_at is null and (times is null or used < times) and (until is null or until > $2) and (currency is null or currency = $3)
  and not exists (select from coupon_uses u where u.coupon_id = c.id and u.account_id = $4)
  and (not first_deposit_only or not exists (
    select from payment_receipts r join books b on b.id = r.book_id where b.account_id = $4 and r.state = 'credited'))`

interface Account {
  readonly id: number
  readonly currency: string
}

/** The coupon of this code, if this account may use it now. Throws a Refusal otherwise: one text for all reasons, so that nobody can try codes out. */
export async function findCoupon(db: Queryable, code: string, account: Account, now: Date): Promise<Coupon> {
  const text = `${COUPONS} where upper(code) = upper($1) and ${USABLE}`
  const { rows } = await db.query<Coupon>({ name: 'coupon of code', text, values: [code.trim(), now, account.currency, account.id] })
  if (!rows[0]) throw refuse('coupon_not_valid')
  return rows[0]
}

/**
 * The coupon of a payment that is being credited, if it may still be used; its row is locked until the commit, so that nobody uses it beyond its limits.
 * What counts for its last day is when the payment was begun.
 */
export async function holdCoupon(tx: Queryable, id: number, account: Account, begunAt: Date): Promise<Coupon | null> {
  const text = `${COUPONS} where id = $1 and ${USABLE} for update of c`
  return (await tx.query<Coupon>({ name: 'coupon held', text, values: [id, begunAt, account.currency, account.id] })).rows[0] ?? null
}

const USED = 'update coupons set used = used + 1 where id = $1'
const NOTE_USE = `
  insert into coupon_uses (coupon_id, account_id, receipt_id, given)
  select $1, $2, r.id, least(r.units * $4::bigint / 10000, coalesce($5, r.units)) from payment_receipts r where r.id = $3`

/** Notes that a held coupon was used for this receipt. */
export async function useCoupon(tx: Queryable, coupon: Coupon, accountId: number, receiptId: bigint): Promise<void> {
  await tx.query(USED, [coupon.id])
  await tx.query(NOTE_USE, [coupon.id, accountId, receiptId, coupon.basisPoints, coupon.most])
}
