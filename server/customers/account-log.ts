import type { Queryable } from '../db/pool.ts'

/** The acts of an account that are logged; the pages have a sentence for each. */
export type Act =
  | 'registered'
  | 'terms accepted'
  | 'invited'
  | 'signed in'
  | 'sign-in failed'
  | 'code refused'
  | 'recovery code used'
  | 'proof failed'
  | 'signed out'
  | 'session ended'
  | 'other sessions ended'
  | 'all sessions ended'
  | 'password changed'
  | 'password reset asked'
  | 'password reset'
  | 'mail change asked'
  | 'mail changed'
  | 'sign-in linked'
  | 'sign-in unlinked'
  | 'second factor on'
  | 'second factor off'
  | 'recovery codes made'
  | 'language changed'
  | 'key added'
  | 'key changed'
  | 'key revoked'
  | 'webhook added'
  | 'webhook removed'
  | 'webhook paused'
  | 'webhook resumed'
  | 'webhook changed'
  | 'webhook secret changed'
  | 'suspended'
  | 'resumed'
  | 'funded'
  | 'terms changed'
  | 'viewed'

/** Who acts: a customer in a browser, a member of staff, or somebody unknown. */
export interface Actor {
  readonly by: 'customer' | 'staff' | 'nobody'
  readonly userId: number | null
  readonly address: string | null
  readonly agent: string | null
}

/** Staff, who act by the command line. */
export const STAFF: Actor = { by: 'staff', userId: null, address: null, agent: null }

const LONGEST_AGENT = 400

const WRITE = `
  insert into account_log (account_id, user_id, at, by, act, address, agent, about) values ($1, $2, $3, $4, $5, $6, $7, $8)`

/** Logs an act in the transaction that does it. `accountId` null: somebody tried an address that no account has. */
export async function logAct(
  tx: Queryable,
  accountId: number | null,
  actor: Actor,
  act: Act,
  now: Date,
  about: string | null = null,
): Promise<void> {
  const values = [accountId, actor.userId, now, actor.by, act, actor.address, actor.agent?.slice(0, LONGEST_AGENT) ?? null, about]
  await tx.query({ name: 'log act', text: WRITE, values })
}

export interface LogLine {
  readonly id: bigint
  readonly at: Date
  readonly by: Actor['by']
  readonly act: Act
  /** The person of the account who acted; null for anybody else. */
  readonly email: string | null
  readonly address: string | null
  readonly agent: string | null
  readonly about: string | null
}

const READ = `
  select l.id, l.at, l.by, l.act, u.email, l.address, l.agent, l.about
  from account_log l left join users u on u.id = l.user_id
  where l.account_id = $1 and ($2::bigint is null or l.id < $2) order by l.id desc limit $3`

/** One page of the log, newest first; `before` is the last id of the previous page. */
export async function readAccountLog(db: Queryable, accountId: number, page: { before: bigint | null; most: number }): Promise<LogLine[]> {
  return (await db.query<LogLine>({ name: 'account log', text: READ, values: [accountId, page.before, page.most] })).rows
}
