import type { Queryable } from '../db/pool.ts'

/** A person who may sign in. */
export interface User {
  readonly id: number
  readonly accountId: number
  readonly email: string
  /** The language that the user chose for pages and mails; null: none yet. */
  readonly locale: string | null
  /** Null until the user has chosen a first password. */
  readonly passwordHash: string | null
  readonly suspended: boolean
  readonly secondFactor: boolean
}

const USER = `
  select u.id, u.account_id as "accountId", u.email, u.locale, u.password_hash as "passwordHash", a.suspended_at is not null as suspended,
    exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null) as "secondFactor"
  from users u join accounts a on a.id = u.account_id`
const BY_EMAIL = `${USER} where lower(u.email) = lower($1)`
const BY_ID = `${USER} where u.id = $1`

export async function findUserByEmail(db: Queryable, email: string): Promise<User | undefined> {
  return (await db.query<User>({ name: 'user by email', text: BY_EMAIL, values: [email] })).rows[0]
}

export async function findUser(db: Queryable, id: number): Promise<User | undefined> {
  return (await db.query<User>({ name: 'user by id', text: BY_ID, values: [id] })).rows[0]
}

const OF_ACCOUNT = `${USER} where u.account_id = $1 order by u.id`

/** The users of an account. */
export async function usersOf(db: Queryable, accountId: number): Promise<User[]> {
  return (await db.query<User>({ name: 'users of account', text: OF_ACCOUNT, values: [accountId] })).rows
}

const LOCK = 'select from users where id = $1 for no key update'

/**
 * Locks a user until the transaction ends. It comes before the locks on the user's links and sessions, so that two transactions never wait for each
 * other.
 */
export async function lockUser(tx: Queryable, id: number): Promise<void> {
  await tx.query(LOCK, [id])
}

const ADD = `
  insert into users (account_id, email, locale, created_at) values ($1, $2, $3, $4) on conflict (lower(email)) do nothing returning id`

/** Undefined when another user has the address already. */
export async function addUser(
  tx: Queryable,
  user: { accountId: number; email: string; locale: string | null },
  now: Date,
): Promise<number | undefined> {
  return (await tx.query<{ id: number }>(ADD, [user.accountId, user.email, user.locale, now])).rows[0]?.id
}

const SET_PASSWORD = `
  update users set password_hash = $3, password_changed_at = $4, email_confirmed_at = case when $5 then $4 else email_confirmed_at end
  where id = $1 and password_hash is not distinct from $2`
const END_SESSIONS = 'delete from sessions where user_id = $1'
const END_LINKS = 'delete from mail_links where user_id = $1'
const FORGET_BROWSERS = 'delete from known_browsers where user_id = $1'

/**
 * Sets a new password in place of the one that the caller knows; false when that was changed meanwhile. Everything that the old one opened ends with
 * it: sessions, unused links, known browsers.
 */
export async function setPassword(
  tx: Queryable,
  change: { userId: number; oldHash: string | null; newHash: string; byMailLink: boolean },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await tx.query(SET_PASSWORD, [change.userId, change.oldHash, change.newHash, now, change.byMailLink])
  if (rowCount === 0) return false
  await tx.query(END_SESSIONS, [change.userId])
  await tx.query(END_LINKS, [change.userId])
  await tx.query(FORGET_BROWSERS, [change.userId])
  return true
}

const HASH_AGAIN = 'update users set password_hash = $3 where id = $1 and password_hash = $2'

/** Stores the same password hashed with today's parameters. */
export async function replaceHash(tx: Queryable, userId: number, oldHash: string, newHash: string): Promise<boolean> {
  return (await tx.query(HASH_AGAIN, [userId, oldHash, newHash])).rowCount === 1
}
