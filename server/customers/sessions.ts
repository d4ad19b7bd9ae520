import type { Queryable } from '../db/pool.ts'
import { hashToken, isToken, makeToken } from './token.ts'
import type { Visit } from './account-context.ts'

const LONGEST_DAYS = 30
const IDLE_DAYS = 7
const FRESH_MINUTES = 15
/** How often at most a session is marked as seen, to save writes. */
const SEEN_EVERY_MS = 60_000
const DAY_MS = 24 * 3_600_000

/** The longest life of the cookie; the session ends earlier on its own. */
export const SESSION_SECONDS = LONGEST_DAYS * 24 * 3600

const START = `
  insert into sessions (token_hash, user_id, address, agent, started_at, seen_at, proved_at, ends_at, linked_sign_in_id)
  select $2, u.id, $3, $4, $5, $5, $5, $6, $9 from users u join accounts a on a.id = u.account_id and a.suspended_at is null
  where u.id = $1
    and case when $9::int is null then u.password_hash = $7
      else exists (select from linked_sign_ins l where l.id = $9 and l.user_id = u.id) end
    and ($8 or not exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null))
  for share of u`

/** What has shown who it is: the password with this hash, or a linked sign-in. */
export type ProvedBy = { readonly passwordHash: string } | { readonly linkedSignIn: number }

/**
 * Starts a session for a user, and answers the token for the cookie. Undefined when the password was changed, the sign-in was unlinked, a code became
 * necessary or the account was suspended meanwhile. The lock makes a change of password wait, and an unlinking too, so that they end this session.
 */
export async function startSession(
  tx: Queryable,
  who: { userId: number; codeGiven: boolean } & ProvedBy,
  visit: Visit,
  now: Date,
): Promise<string | undefined> {
  const token = makeToken()
  const endsAt = new Date(now.getTime() + LONGEST_DAYS * DAY_MS)
  const by = 'linkedSignIn' in who ? [null, who.codeGiven, who.linkedSignIn] : [who.passwordHash, who.codeGiven, null]
  const { rowCount } = await tx.query(START, [who.userId, hashToken(token), visit.address, visit.agent.slice(0, 400), now, endsAt, ...by])
  return rowCount === 1 ? token : undefined
}

/** A signed-in user. */
export interface Session {
  readonly id: bigint
  readonly userId: number
  readonly accountId: number
  readonly email: string
  readonly locale: string | null
  readonly secondFactor: boolean
  /** False: they have not chosen a password, because they sign in by a provider. */
  readonly hasPassword: boolean
  /** The user has shown a short while ago who they are, by password and code or by a provider, so delicate acts may go on. */
  readonly fresh: boolean
  /** The balance of the account in units of 10⁻⁵ of its currency: each page shows it. */
  readonly wallet: bigint
  readonly currency: string
  /** The newest version of the operator's terms that the user has accepted; null: none. */
  readonly acceptedTerms?: number | null
  /** A member of staff reads the pages of this account, and may do nothing; undefined: it is the customer. */
  readonly viewedBy?: { readonly who: string; readonly until: Date } | undefined
}

interface SessionRow extends Omit<Session, 'fresh'> {
  readonly seenAt: Date
  readonly provedAt: Date
}

const FIND = `
  select s.id, s.user_id as "userId", u.account_id as "accountId", u.email, u.locale, s.seen_at as "seenAt", s.proved_at as "provedAt",
    exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null) as "secondFactor",
    u.password_hash is not null as "hasPassword",
    (select max(t.version) from terms_accepted t where t.user_id = u.id) as "acceptedTerms",
    a.currency, coalesce((select b.wallet from books b where b.account_id = a.id and not b.play), 0) as wallet
  from sessions s join users u on u.id = s.user_id join accounts a on a.id = u.account_id and a.suspended_at is null
  where s.token_hash = $1 and s.ends_at > $2 and s.seen_at > $3`
const SEEN = 'update sessions set seen_at = $2, address = $3, agent = $4 where id = $1 and seen_at < $2'

/** The session of a cookie, if it has not ended. No node caches sessions, so an ended session is ended everywhere at once. */
export async function findSession(db: Queryable, token: string | undefined, visit: Visit, now: Date): Promise<Session | undefined> {
  if (!isToken(token)) return undefined
  const values = [hashToken(token), now, new Date(now.getTime() - IDLE_DAYS * DAY_MS)]
  const { rows } = await db.query<SessionRow>({ name: 'session by token', text: FIND, values })
  if (!rows[0]) return undefined
  const { seenAt, provedAt, ...session } = rows[0]
  if (now.getTime() - seenAt.getTime() >= SEEN_EVERY_MS)
    await db.query({ name: 'session seen', text: SEEN, values: [session.id, now, visit.address, visit.agent.slice(0, 400)] })
  return { ...session, fresh: now.getTime() - provedAt.getTime() < FRESH_MINUTES * 60_000 }
}

const PROVED = 'update sessions set proved_at = $2 where id = $1'

/** Notes that the user has shown again who they are. */
export async function noteProof(tx: Queryable, sessionId: bigint, now: Date): Promise<void> {
  await tx.query(PROVED, [sessionId, now])
}

export interface SessionRowShown {
  readonly id: bigint
  readonly address: string
  readonly agent: string
  readonly startedAt: Date
  readonly seenAt: Date
}

const LIST = `
  select id, address, agent, started_at as "startedAt", seen_at as "seenAt" from sessions
  where user_id = $1 and ends_at > $2 and seen_at > $3 order by seen_at desc, id desc`

/** The sessions of a user that have not ended, latest first. */
export async function listSessions(db: Queryable, userId: number, now: Date): Promise<SessionRowShown[]> {
  return (await db.query<SessionRowShown>(LIST, [userId, now, new Date(now.getTime() - IDLE_DAYS * DAY_MS)])).rows
}

const END = 'delete from sessions where user_id = $1 and id = $2 returning agent'
const END_OTHERS = 'delete from sessions where user_id = $1 and id <> $2'
const END_OF_ACCOUNT = 'delete from sessions s using users u where u.id = s.user_id and u.account_id = $1'

/** Ends one session of a user and answers its browser; undefined when the user has no such session or it has ended. */
export async function deleteSession(tx: Queryable, userId: number, id: bigint): Promise<string | undefined> {
  return (await tx.query<{ agent: string }>(END, [userId, id])).rows[0]?.agent
}

/** Ends all other sessions of a user. Answers how many. */
export async function deleteOtherSessions(tx: Queryable, userId: number, keptId: bigint): Promise<number> {
  return (await tx.query(END_OTHERS, [userId, keptId])).rowCount ?? 0
}

/** Ends all sessions of an account. Answers how many. */
export async function deleteSessionsOfAccount(tx: Queryable, accountId: number): Promise<number> {
  return (await tx.query(END_OF_ACCOUNT, [accountId])).rowCount ?? 0
}
