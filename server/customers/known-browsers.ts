import type { Queryable } from '../db/pool.ts'
import { hashToken, isToken, makeToken } from './token.ts'

const MOST_PER_USER = 50

/** Seconds for which a browser is known after its last sign-in. */
export const BROWSER_SECONDS = 400 * 24 * 3600

const IS_KNOWN = 'select exists (select from known_browsers where token_hash = $1 and user_id = $2) as known'
const NOBODY = 0

/** Whether the user has signed in with this browser before. An address that no user has costs the same statement. */
export async function isKnownBrowser(db: Queryable, token: string | undefined, userId: number | undefined): Promise<boolean> {
  if (!isToken(token)) return false
  const values = [hashToken(token), userId ?? NOBODY]
  const { rows } = await db.query<{ known: boolean }>({ name: 'known browser', text: IS_KNOWN, values })
  return rows[0]!.known
}

const SEEN = 'update known_browsers set seen_at = $3 where token_hash = $1 and user_id = $2'
const ADD = 'insert into known_browsers (token_hash, user_id, seen_at) values ($1, $2, $3)'
const FORGET_OLDEST = `
  delete from known_browsers where token_hash in (
    select token_hash from known_browsers where user_id = $1 order by seen_at desc offset ${MOST_PER_USER})`

/** Remembers the browser and answers the token for its cookie: the one it has, or a new one when the browser did not get its token from us. */
export async function rememberBrowser(tx: Queryable, token: string | undefined, userId: number, now: Date): Promise<string> {
  if (isToken(token)) {
    const { rowCount } = await tx.query(SEEN, [hashToken(token), userId, now])
    if (rowCount === 1) return token
  }
  const fresh = makeToken()
  await tx.query(ADD, [hashToken(fresh), userId, now])
  await tx.query(FORGET_OLDEST, [userId])
  return fresh
}

const IS_OF_ACCOUNT = `
  select exists (select from known_browsers k join users u on u.id = k.user_id where k.token_hash = $1 and u.account_id = $2) as known`

/** Whether somebody of an account has signed in with this browser before. */
export async function isKnownBrowserOf(db: Queryable, token: string | undefined, accountId: number): Promise<boolean> {
  if (!isToken(token)) return false
  const { rows } = await db.query<{ known: boolean }>(IS_OF_ACCOUNT, [hashToken(token), accountId])
  return rows[0]!.known
}
