import { type Database, type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { type Units, UNITS_PER_WHOLE } from '../ledger/money.ts'
import { openBook, post } from '../ledger/post.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { type Actor, logAct, STAFF } from './account-log.ts'
import { checkLimits, type KeyLimits, NO_LIMITS } from './key-rights.ts'
import { hashKey, keyPrefix, makeKey } from './key.ts'

/** The test money that a test key begins with. */
const PLAY_MONEY = 10_000n * UNITS_PER_WHOLE

const ACCOUNT = 'select id, currency from accounts where id = $1'

export interface NewKey {
  readonly test: boolean
  readonly label: string
  readonly limits?: KeyLimits
  /** Id of the form on the page: a form that is sent twice makes one key. */
  readonly form?: string
}

/** Usable keys that an account may make itself. The limit lets the pages list all of them. */
const MOST_IN_USE = 200
const IN_USE = 'select count(*)::int as keys from api_keys where account_id = $1 and revoked_at is null and not of_pages'

/**
 * Adds a key, shown here and never again. A test key orders with test money, from the simulated supplier. Throws a Refusal for limits that cannot be
 * meant, and for a form that has made its key already.
 */
export function addKey(
  db: Database | Transaction,
  accountId: number,
  options: NewKey,
  now: Date,
  actor: Actor = STAFF,
): Promise<{ id: number; key: string }> {
  const limits = checkLimits(options.limits ?? NO_LIMITS, now)
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<{ id: number; currency: string }>(ACCOUNT, [accountId])
    if (!rows[0]) throw refuse('unknown_account', accountId)
    await checkServices(tx, limits)
    if (actor.by === 'customer') await checkRoom(tx, accountId)
    const added = await insertKey(tx, rows[0], { ...options, limits }, now)
    await logAct(tx, accountId, actor, 'key added', now, shown({ prefix: keyPrefix(added.key), label: options.label }))
    return added
  })
}

async function checkRoom(tx: Queryable, accountId: number) {
  const { rows } = await tx.query<{ keys: number }>(IN_USE, [accountId])
  if (rows[0]!.keys >= MOST_IN_USE) throw refuse('too_many_keys', MOST_IN_USE)
}

const UNKNOWN_SERVICE = 'select t.id from unnest($1::int[]) as t(id) where not exists (select from services s where s.id = t.id) limit 1'

async function checkServices(tx: Queryable, limits: KeyLimits) {
  if (!limits.serviceIds) return
  const { rows } = await tx.query<{ id: number }>(UNKNOWN_SERVICE, [limits.serviceIds])
  if (rows[0]) throw refuse('no_such_service', rows[0].id)
}

// The share lock waits for a suspension that is under way: a key that is made meanwhile is refused like the others.
const ADD_KEY = `
  insert into api_keys (account_id, hash, prefix, label, test, created_at, refused, scopes, service_ids, addresses, expires_at, daily_cap, form)
  select id, $2, $3, $4, $5, $6, suspended_at is not null, $7, $8, $9, $10, $11, $12 from accounts where id = $1 for share
  on conflict (account_id, form) where form is not null do nothing returning id`

/** Inserts a key in a transaction that has read the account already. */
export async function insertKey(
  tx: Queryable,
  account: { id: number; currency: string },
  { test, label, limits = NO_LIMITS, form }: NewKey,
  now: Date,
): Promise<{ id: number; key: string }> {
  if (test) await openPlayBook(tx, account, now)
  const key = makeKey(test)
  const values = [account.id, hashKey(key), keyPrefix(key), label, test, now, ...limitColumns(limits), form ?? null]
  const { rows } = await tx.query<{ id: number }>(ADD_KEY, values)
  if (!rows[0]) throw refuse('key_form_used')
  return { id: rows[0].id, key }
}

function limitColumns(limits: KeyLimits) {
  return [limits.scopes, limits.serviceIds, limits.addresses, limits.expiresAt, limits.dailyCap]
}

async function openPlayBook(tx: Queryable, account: { id: number; currency: string }, now: Date) {
  const bookId = await openBook(tx, account, true)
  await post(tx, { bookId, amount: PLAY_MONEY, cause: 'deposit', note: 'test money', reference: 'test money', at: now })
}

export interface KeyRow extends KeyLimits {
  readonly id: number
  readonly accountId: number
  readonly prefix: string
  readonly label: string
  readonly test: boolean
  readonly createdAt: Date
  readonly revokedAt: Date | null
  /** Spent today, as counted against the daily cap so far. */
  readonly spentToday: Units
  /** The last call that was counted; null: none. At most a minute old, unless a node has crashed. */
  readonly lastUsedAt: Date | null
}

const KEYS = `
  select k.id, k.account_id as "accountId", k.prefix, k.label, k.test, k.created_at as "createdAt", k.revoked_at as "revokedAt", k.scopes,
    k.service_ids as "serviceIds", k.addresses, k.expires_at as "expiresAt", k.daily_cap as "dailyCap",
    case when s.day >= ($2::timestamptz at time zone 'utc')::date then s.spent else 0 end as "spentToday", c.at as "lastUsedAt"
  from api_keys k left join key_spending s on s.key_id = k.id
  left join lateral (
    select max(c.last_at) as at from key_calls c where c.key_id = k.id and c.day = (select max(day) from key_calls where key_id = k.id)
  ) c on true
  where ($1::int is null or k.account_id = $1) and not k.of_pages and ($3::int is null or k.id = $3) order by k.id`

export async function listKeys(db: Queryable, accountId: number | null, now: Date = new Date()): Promise<KeyRow[]> {
  return (await db.query<KeyRow>(KEYS, [accountId, now, null])).rows
}

/** A key of this account. A key of another account is as unknown as one that does not exist. */
export async function findKey(db: Queryable, accountId: number, id: number, now: Date): Promise<KeyRow | undefined> {
  return (await db.query<KeyRow>(KEYS, [accountId, now, id])).rows[0]
}

const OF_FORM = 'select id from api_keys where account_id = $1 and form = $2'

/** The key that this form has made. */
export async function keyOfForm(db: Queryable, accountId: number, form: string): Promise<number | undefined> {
  return (await db.query<{ id: number }>(OF_FORM, [accountId, form])).rows[0]?.id
}

const LIMIT = `
  update api_keys set scopes = $2, service_ids = $3, addresses = $4, expires_at = $5, daily_cap = $6, label = coalesce($8, label)
  where id = $1 and revoked_at is null and not of_pages and ($7::int is null or account_id = $7)
  returning account_id as "accountId", prefix, label`

/**
 * Replaces all limits of a key, and its label when one is given. Call it within changeCatalogue: a cap that is set or removed needs a new version of
 * the catalogue, so that from the commit on every node counts every order.
 */
export async function setKeyLimits(
  tx: Queryable,
  id: number,
  wanted: KeyLimits & { readonly label?: string },
  now: Date,
  by: KeyOwner = ANY_KEY,
): Promise<void> {
  const limits = checkLimits(wanted, now)
  await checkServices(tx, limits)
  const { rows } = await tx.query<NamedKey>(LIMIT, [id, ...limitColumns(limits), by.accountId, wanted.label ?? null])
  if (!rows[0]) throw unknownKey(id)
  await logAct(tx, rows[0].accountId, by.actor, 'key changed', now, shown(rows[0]))
}

const CAP_LEFT = `
  select k.daily_cap - case when s.day >= ($2::timestamptz at time zone 'utc')::date then s.spent else 0 end as left
  from api_keys k left join key_spending s on s.key_id = k.id where k.id = $1`

/** The amount that a key with a cap may still spend today. */
export async function capLeft(db: Queryable, keyId: number, now: Date): Promise<Units> {
  return (await db.query<{ left: Units }>({ name: 'cap left', text: CAP_LEFT, values: [keyId, now] })).rows[0]?.left ?? 0n
}

/** Who changes a key, and which account must own it; null: any account. */
export interface KeyOwner {
  readonly actor: Actor
  readonly accountId: number | null
}

const ANY_KEY: KeyOwner = { actor: STAFF, accountId: null }

interface NamedKey {
  readonly accountId: number
  readonly prefix: string
  readonly label: string
}

const REVOKE = `
  update api_keys k set revoked_at = coalesce(k.revoked_at, $2), refused = true
  from (select id, revoked_at from api_keys where id = $1 for no key update) before
  where k.id = before.id and not k.of_pages and ($3::int is null or k.account_id = $3)
  returning k.account_id as "accountId", k.prefix, k.label, before.revoked_at is null as "wasUsable"`

/** Revokes a key: from the commit on every node refuses it. With an account given, only a key of that account. */
export function revokeKey(db: Database | Transaction, id: number, now: Date, by: KeyOwner = ANY_KEY): Promise<void> {
  return transaction(db, async (tx) => {
    const { rows } = await tx.query<NamedKey & { wasUsable: boolean }>(REVOKE, [id, now, by.accountId])
    if (!rows[0]) throw unknownKey(id)
    if (rows[0].wasUsable) await logAct(tx, rows[0].accountId, by.actor, 'key revoked', now, shown(rows[0]))
  })
}

function unknownKey(id: number): Refusal {
  return refuse('unknown_key', id)
}

/** As the log shows a key. */
function shown({ prefix, label }: { prefix: string; label: string }): string {
  return `${prefix}… ${label}`.trim()
}
