import { randomInt } from 'node:crypto'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'

/** A customer with a link. */
export interface Referrer {
  readonly accountId: number
  readonly code: string
  /** Agreed with this customer, in hundredths of a per cent; null: the share of the house. */
  readonly basisPoints: number | null
  /** What was paid in all. */
  readonly paid: Units
  readonly refusedAt: Date | null
  readonly refusedWhy: string | null
}

/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const CODE_LENGTH = 10
const CODE = /^[a-z2-9]{10}$/

/** 49 random bits: no one comes from the number of an account to its code, and guessing one brings nothing but a foreign referrer. */
function makeCode(): string {
  return Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
}

/** Whether a text of an address can be a code; any other is not kept. */
export function isReferralCode(text: string | null | undefined): text is string {
  return typeof text === 'string' && CODE.test(text)
}

const ADD = 'insert into referrers (account_id, code, made_at) values ($1, $2, $3) on conflict do nothing'
const COLUMNS = `
  account_id as "accountId", code, basis_points as "basisPoints", paid, refused_at as "refusedAt", refused_why as "refusedWhy" from referrers`

/** The customer's link; makes it when there is none. A code that another one has is drawn again. */
export async function makeReferrer(tx: Queryable, accountId: number, now: Date): Promise<Referrer> {
  for (;;) {
    const found = await findReferrer(tx, accountId)
    if (found) return found
    await tx.query(ADD, [accountId, makeCode(), now])
  }
}

export async function findReferrer(db: Queryable, accountId: number): Promise<Referrer | undefined> {
  return (await db.query<Referrer>(`select ${COLUMNS} where account_id = $1`, [accountId])).rows[0]
}

const OF_CODE = `
  select ${COLUMNS} where code = $1 and refused_at is null and exists (select from accounts a where a.id = account_id and a.suspended_at is null)`

/** Whose link it is; undefined: nobody's, or it brings nobody any more. */
export async function referrerOfCode(db: Queryable, code: string): Promise<Referrer | undefined> {
  return isReferralCode(code) ? (await db.query<Referrer>(OF_CODE, [code])).rows[0] : undefined
}

const SET_SHARE = 'update referrers set basis_points = $2 where account_id = $1'

/** Agrees a share with a customer, for whoever comes from now on; null: that of the house. Answers how it was before. */
export async function setShareOf(
  tx: Queryable,
  accountId: number,
  basisPoints: number | null,
  now: Date,
): Promise<{ readonly basisPoints: number | null }> {
  const before = await makeReferrer(tx, accountId, now)
  await tx.query(SET_SHARE, [accountId, basisPoints])
  return before
}

const LOCK = 'select from referrers where account_id = $1 for update'
const REFUSE = 'update referrers set refused_at = $2, refused_why = $3 where account_id = $1'
// In the order of their ids, like everywhere.
const LOCK_ALL = 'select from referrals where referrer_id = $1 and ended_at is null order by id for update'
const END_ALL = `
  update referrals set ended_at = $2, ended_by_rule = 'abuse', ended_why = $3 where referrer_id = $1 and ended_at is null`

/** Refuses a link: it brings nobody any more, and nothing more is paid for whoever came by it. Answers how many referrals ended. */
export async function refuseReferrer(tx: Queryable, accountId: number, why: string, now: Date): Promise<number> {
  await tx.query(LOCK, [accountId])
  const referrer = await findReferrer(tx, accountId)
  if (!referrer) throw refuse('no_referrer', accountId)
  if (referrer.refusedAt) throw refuse('referrer_refused', accountId)
  await tx.query(REFUSE, [accountId, now, why])
  await tx.query(LOCK_ALL, [accountId])
  return (await tx.query(END_ALL, [accountId, now, why])).rowCount ?? 0
}

/** Lets a refused link bring customers again. What has ended stays ended. */
export async function allowReferrer(tx: Queryable, accountId: number): Promise<Referrer> {
  await tx.query(LOCK, [accountId])
  const referrer = await findReferrer(tx, accountId)
  if (!referrer) throw refuse('no_referrer', accountId)
  if (!referrer.refusedAt) throw refuse('referrer_not_refused', accountId)
  await tx.query(REFUSE, [accountId, null, null])
  return referrer
}
