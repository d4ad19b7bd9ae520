import { hashToken, isToken, makeToken } from '../customers/token.ts'
import type { Queryable } from '../db/pool.ts'

const MOST_PER_PERSON = 50
const NOBODY = 0

const IS_KNOWN = 'select exists (select from staff_browsers where token_hash = $1 and staff_id = $2) as known'

/** Whether the person has signed in with this browser before. An address that nobody has costs the same statement. */
export async function isKnownStaffBrowser(db: Queryable, token: string | undefined, staffId: number | undefined): Promise<boolean> {
  if (!isToken(token)) return false
  return (await db.query<{ known: boolean }>(IS_KNOWN, [hashToken(token), staffId ?? NOBODY])).rows[0]!.known
}

const SEEN = 'update staff_browsers set seen_at = $3 where token_hash = $1 and staff_id = $2'
const ADD = 'insert into staff_browsers (token_hash, staff_id, seen_at) values ($1, $2, $3)'
const FORGET_OLDEST = `
  delete from staff_browsers where token_hash in (
    select token_hash from staff_browsers where staff_id = $1 order by seen_at desc offset ${MOST_PER_PERSON})`

/** Remembers the browser and answers the token for its cookie: the one it has, or a new one when the browser did not get its token from us. */
export async function rememberStaffBrowser(tx: Queryable, token: string | undefined, staffId: number, now: Date): Promise<string> {
  if (isToken(token) && (await tx.query(SEEN, [hashToken(token), staffId, now])).rowCount === 1) return token
  const fresh = makeToken()
  await tx.query(ADD, [hashToken(fresh), staffId, now])
  await tx.query(FORGET_OLDEST, [staffId])
  return fresh
}
