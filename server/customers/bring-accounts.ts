import { randomBytes } from 'node:crypto'
import type { Queryable } from '../db/pool.ts'

/** An account of another panel, under its own number there. */
export interface BroughtAccount {
  readonly id: number
  readonly email: string
  readonly locale: string | null
  readonly suspended: boolean
  readonly createdAt: Date
}

const TAKEN = `
  select a.id, lower(a.email) as email from accounts a where a.id = any($1::int[]) or lower(a.email) = any($2::text[])
  union all select null, lower(u.email) from users u where lower(u.email) = any($2::text[])`

/** Which of these numbers and addresses somebody has here. */
export async function takenHere(
  db: Queryable,
  accounts: readonly Pick<BroughtAccount, 'id' | 'email'>[],
): Promise<{ ids: ReadonlySet<number>; emails: ReadonlySet<string> }> {
  const values = [accounts.map(({ id }) => id), accounts.map(({ email }) => email.toLowerCase())]
  const { rows } = await db.query<{ id: number | null; email: string }>(TAKEN, values)
  return { ids: new Set(rows.flatMap(({ id }) => id ?? [])), emails: new Set(rows.map(({ email }) => email)) }
}

const TOLD = `
  with told as (
    select * from json_to_recordset($1::json) as t(id int, email text, locale text, suspended boolean, "createdAt" timestamptz, secret text)
  )`
const ADD_ACCOUNTS = `${TOLD}
  insert into accounts (id, email, currency, suspended_at, created_at)
  select id, email, $2, case when suspended then $3::timestamptz end, "createdAt" from told order by id`
const ADD_USERS = `${TOLD}
  insert into users (account_id, email, locale, created_at) select id, email, locale, "createdAt" from told order by id`
// Orders of before belong to the pages of their account: nobody knows which key has ordered them. Nobody has the text of this one either.
const ADD_PAGES = `${TOLD}
  insert into api_keys (account_id, hash, prefix, label, created_at, refused, of_pages)
  select id, decode(secret, 'hex'), '', '', $2, suspended, true from told order by id`
const KEEP_NUMBERS_AHEAD = `select setval(pg_get_serial_sequence('accounts', 'id'), (select max(id) from accounts))`

/** Opens accounts under their own numbers, each with its one person, who has no password yet. None of the numbers and addresses may be taken. */
export async function bringAccounts(tx: Queryable, accounts: readonly BroughtAccount[], currency: string, now: Date): Promise<void> {
  if (accounts.length === 0) return
  const told = JSON.stringify(accounts.map((account) => ({ ...account, secret: randomBytes(32).toString('hex') })))
  await tx.query(ADD_ACCOUNTS, [told, currency, now])
  await tx.query(ADD_USERS, [told])
  await tx.query(ADD_PAGES, [told, now])
  await tx.query(KEEP_NUMBERS_AHEAD)
}

const ADD_KEYS = `
  insert into api_keys (account_id, hash, prefix, label, created_at, refused, scheme)
  select a.id, decode(t.hash, 'hex'), t.prefix, $2, $3, a.suspended_at is not null, 'hmac-sha-256'
  from json_to_recordset($1::json) as t(account int, hash text, prefix text) join accounts a on a.id = t.account
  order by a.id on conflict (hash) do nothing returning account_id as account, id`

export interface BroughtKey {
  readonly account: number
  readonly hash: Buffer
  readonly prefix: string
}

/** Keeps keys that another panel has given out, as hashes by the installation's secret. Answers those that were added: one that exists belongs to somebody. */
export async function bringKeys(
  tx: Queryable,
  keys: readonly BroughtKey[],
  label: string,
  now: Date,
): Promise<ReadonlyMap<number, number>> {
  const told = keys.map(({ account, hash, prefix }) => ({ account, hash: hash.toString('hex'), prefix }))
  const { rows } = await tx.query<{ account: number; id: number }>(ADD_KEYS, [JSON.stringify(told), label, now])
  return new Map(rows.map((row) => [row.account, row.id]))
}
