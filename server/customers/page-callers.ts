import { randomBytes } from 'node:crypto'
import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { openBook } from '../ledger/post.ts'
import { refuse } from '../refusal.ts'
import { type Caller, CALLER_COLUMNS, type CallerRow, callerOf, invalidKey } from './callers.ts'

const FIND = `${CALLER_COLUMNS} where k.account_id = $1 and k.of_pages and not k.refused`

/**
 * The caller for orders from an account's own pages. It pays and is refused like a key, but nobody has its text. Looked up each time, so that prices
 * are current. Throws the Refusal of a revoked key when the account is suspended, and one when there is no such account.
 */
export async function pageCaller(db: Database | Transaction, accountId: number, now: Date): Promise<Caller> {
  const caller = (await find(db, accountId)) ?? (await prepare(db, accountId, now))
  if (!caller) throw invalidKey()
  return caller
}

async function find(db: Queryable, accountId: number): Promise<Caller | undefined> {
  const { rows } = await db.query<CallerRow>({ name: 'caller of pages', text: FIND, values: [accountId] })
  return rows[0] && callerOf(rows[0])
}

// The share lock waits for a suspension that is under way, as for any new key.
const ACCOUNT = 'select id, currency from accounts where id = $1 for share'
const ADD_KEY = `
  insert into api_keys (account_id, hash, prefix, label, created_at, refused, of_pages)
  select id, $2, '', '', $3, suspended_at is not null, true from accounts where id = $1
  on conflict (account_id) where of_pages do nothing`

/** The first time, it adds the row. The stored hash is random: no key has it. */
function prepare(db: Database | Transaction, accountId: number, now: Date): Promise<Caller | undefined> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: number; currency: string }>(ACCOUNT, [accountId])
    if (!rows[0]) throw refuse('unknown_account', accountId)
    await openBook(tx, rows[0], false)
    await tx.query(ADD_KEY, [accountId, randomBytes(32), now])
    return find(tx, accountId)
  })
}
