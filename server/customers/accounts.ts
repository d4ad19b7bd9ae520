import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { openBook } from '../ledger/post.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import { logAct, STAFF } from './account-log.ts'
import { checkEmail } from './email.ts'
import { insertKey } from './keys.ts'
import { addUser } from './users.ts'

const ADD_ACCOUNT =
  'insert into accounts (email, currency, created_at) values ($1, $2, $3) on conflict (lower(email)) do nothing returning id'

// A sequence is not rolled back, and customers see their number: a dry run takes none.
const TRY_ACCOUNT = `
  insert into accounts (id, email, currency, created_at) overriding system value
  select greatest((select max(id) from accounts), pg_sequence_last_value(pg_get_serial_sequence('accounts', 'id')::regclass), 0) + 1, $1, $2, $3
  on conflict (lower(email)) do nothing returning id`

/** Opens an account with its book and its first key. The key is shown here and never again. */
export function addAccount(
  db: Database | Transaction,
  account: { email: string; currency: string; dryRun?: boolean },
  now: Date,
): Promise<{ account: number; key: string }> {
  const email = checkEmail(account.email)
  if (!/^[A-Z]{3}$/.test(account.currency)) throw refuse('incorrect_currency', account.currency)
  return transaction(db, async (tx) => {
    const opened = await openAccount(tx, { email, currency: account.currency, locale: null, dryRun: account.dryRun === true }, now)
    if (!opened) throw refuse('email_taken', email)
    const { key } = await insertKey(tx, { id: opened.accountId, currency: account.currency }, { test: false, label: 'first' }, now)
    return { account: opened.accountId, key }
  })
}

/** Opens an account with its book and its one person, who has no password yet. Undefined when the address is taken: the caller then rolls back. */
export async function openAccount(
  tx: Queryable,
  account: { email: string; currency: string; locale: string | null; dryRun?: boolean },
  now: Date,
): Promise<{ accountId: number; userId: number; bookId: number } | undefined> {
  const { rows } = await tx.query<{ id: number }>(account.dryRun ? TRY_ACCOUNT : ADD_ACCOUNT, [account.email, account.currency, now])
  const id = rows[0]?.id
  if (id === undefined) return undefined
  const userId = await addUser(tx, { accountId: id, email: account.email, locale: account.locale }, now)
  if (userId === undefined) return undefined
  return { accountId: id, userId, bookId: await openBook(tx, { id, currency: account.currency }, false) }
}

export interface Account {
  readonly id: number
  readonly email: string
  readonly currency: string
  /** Null when the account has no book yet. */
  readonly wallet: Units | null
  readonly bookId: number | null
  readonly discountBasisPoints: number
  readonly repeatWindowSeconds: number
  readonly suspended: boolean
  readonly createdAt: Date
}

const ACCOUNTS_OF = `
  select a.id, a.email, a.currency, b.wallet, b.id as "bookId", a.discount_basis_points as "discountBasisPoints",
    a.repeat_window_seconds as "repeatWindowSeconds", a.suspended_at is not null as suspended, a.created_at as "createdAt"
  from accounts a left join books b on b.account_id = a.id and not b.play`
const ACCOUNTS = `${ACCOUNTS_OF} where $1::int is null or a.id = $1 order by a.id`

export async function listAccounts(db: Queryable): Promise<Account[]> {
  return (await db.query<Account>(ACCOUNTS, [null])).rows
}

/** Throws a Refusal when there is no such account. */
export async function findAccount(db: Queryable, id: number): Promise<Account> {
  const { rows } = await db.query<Account>(ACCOUNTS, [id])
  if (!rows[0]) throw refuse('unknown_account', id)
  return rows[0]
}

const SET_ACCOUNT = `
  update accounts set discount_basis_points = coalesce($2, discount_basis_points), repeat_window_seconds = coalesce($3, repeat_window_seconds)
  where id = $1`

/** Changes the fields that are given. The discount takes effect between two batches of orders, on every node. */
export async function setAccount(
  tx: Queryable,
  id: number,
  change: { discountBasisPoints?: number | undefined; repeatWindowSeconds?: number | undefined },
): Promise<void> {
  await findAccount(tx, id)
  await tx.query(SET_ACCOUNT, [id, change.discountBasisPoints ?? null, change.repeatWindowSeconds ?? null])
}

const SUSPEND = 'update accounts set suspended_at = case when $2 then coalesce(suspended_at, $3) end where id = $1'
const REFUSE_KEYS = 'update api_keys set refused = $2 or revoked_at is not null where account_id = $1'

/** Suspends an account, or lets it order again. It holds from the commit on, on every node. */
export function suspendAccount(db: Database | Transaction, id: number, suspended: boolean, now: Date): Promise<void> {
  return transaction(db, async (tx) => {
    await findAccount(tx, id)
    await tx.query(SUSPEND, [id, suspended, now])
    await logAct(tx, id, STAFF, suspended ? 'suspended' : 'resumed', now)
    await tx.query(REFUSE_KEYS, [id, suspended])
  })
}
