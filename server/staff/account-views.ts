import { logAct, STAFF } from '../customers/account-log.ts'
import { findAccount } from '../customers/accounts.ts'
import type { Session } from '../customers/sessions.ts'
import { hashToken, isToken, makeToken } from '../customers/token.ts'
import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from './actor.ts'

/** A view ends after so many minutes, whatever its reader does. */
const MINUTES = 30

const BEGIN = `
  insert into account_views (account_id, staff_id, who, reason, token_hash, started_at, ends_at) values ($1, $2, $3, $4, $5, $6, $7)`

/**
 * Lets a member of staff look at the pages of an account, and do nothing there. The token opens it once; the account's own log tells its beginning
 * and its reason.
 */
export async function beginView(
  tx: Queryable,
  asked: { readonly account: number; readonly reason: string; readonly actor: StaffActor },
  now: Date,
): Promise<{ token: string; email: string; until: Date }> {
  const { account, reason, actor } = asked
  const { email, suspended } = await findAccount(tx, account)
  if (suspended) throw refuse('account_suspended', account)
  const token = makeToken()
  const until = new Date(now.getTime() + MINUTES * 60_000)
  await tx.query(BEGIN, [account, actor.staffId, actor.who, reason, hashToken(token), now, until])
  await logAct(tx, account, STAFF, 'viewed', now, reason)
  return { token, email, until }
}

const OPEN = 'update account_views set token_hash = $2, opened_at = $3 where token_hash = $1 and opened_at is null and ends_at > $3'

/** Uses the link of a view up, and answers the token for the cookie; undefined: it was used before, or is too old. */
export async function openView(db: Queryable, linkToken: string, now: Date): Promise<string | undefined> {
  if (!isToken(linkToken)) return undefined
  const token = makeToken()
  const { rowCount } = await db.query(OPEN, [hashToken(linkToken), hashToken(token), now])
  return rowCount === 1 ? token : undefined
}

/** The session of a view: what the pages of a customer see, and who really reads them. */
export interface ViewSession extends Session {
  readonly viewedBy: ViewedBy
}

export interface ViewedBy {
  readonly who: string
  readonly until: Date
}

interface ViewRow extends Omit<Session, 'fresh' | 'viewedBy'> {
  readonly who: string
  readonly until: Date
}

// The account is seen as its first person sees it. A view ends with the access of whoever began it.
const FIND = `
  select 0::bigint as id, u.id as "userId", a.id as "accountId", u.email, u.locale, false as "secondFactor", true as "hasPassword", a.currency,
    coalesce((select b.wallet from books b where b.account_id = a.id and not b.play), 0)::bigint as wallet, v.who, v.ends_at as until
  from account_views v join accounts a on a.id = v.account_id and a.suspended_at is null
  join lateral (select id, email, locale from users where account_id = a.id order by id limit 1) u on true
  left join staff s on s.id = v.staff_id
  where v.token_hash = $1 and v.opened_at is not null and v.ends_at > $2 and s.ended_at is null`

export async function findView(db: Queryable, token: string | undefined, now: Date): Promise<ViewSession | undefined> {
  if (!isToken(token)) return undefined
  const { rows } = await db.query<ViewRow>({ name: 'view by token', text: FIND, values: [hashToken(token), now] })
  if (!rows[0]) return undefined
  const { who, until, ...session } = rows[0]
  return { ...session, fresh: false, viewedBy: { who, until } }
}

const END = 'update account_views set ends_at = least(ends_at, $2) where token_hash = $1 returning account_id as account'

/** Ends a view before its time, and answers the account that was seen. */
export async function endView(db: Queryable, token: string, now: Date): Promise<number | undefined> {
  return (await db.query<{ account: number }>(END, [hashToken(token), now])).rows[0]?.account
}
