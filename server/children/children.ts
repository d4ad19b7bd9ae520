import type { Queryable } from '../db/pool.ts'
import { type Refusal, refuse } from '../refusal.ts'

export type ChildState = 'making' | 'open' | 'suspended' | 'closed' | 'dropping' | 'dropped'

/** A panel that this one has sold. */
export interface Child {
  readonly id: number
  readonly accountId: number
  /** The name in the Host header: small letters, without a port. */
  readonly host: string
  /** The address of its pages, without a slash at the end. */
  readonly url: string
  readonly name: string
  /** Its database, and the role that owns it. */
  readonly database: string
  readonly keyId: number
  /** A key that is still to be brought into its database. */
  readonly sealedKey: Buffer | null
  /** The number of the key that is to take the place of `keyId`. */
  readonly newKeyId: number | null
  /** When that key came into its database. */
  readonly newKeyAt: Date | null
  readonly setupHash: Buffer | null
  readonly setupExpiresAt: Date | null
  readonly state: ChildState
  readonly why: 'rent' | 'staff' | null
  readonly since: Date
  readonly keptUntil: Date | null
  readonly madeAt: Date
  /** Units of the account's currency per month. */
  readonly rent: bigint
  readonly rentFrom: Date
  readonly rentMonths: number
  readonly rentDueAt: Date
  readonly graceUntil: Date | null
  readonly currency: string
  readonly email: string
}

const CHILDREN = `
  select c.id, c.account_id as "accountId", c.host, c.url, c.name, c.database, c.key_id as "keyId", c.sealed_key as "sealedKey",
    c.new_key_id as "newKeyId", c.new_key_at as "newKeyAt", c.setup_hash as "setupHash", c.setup_expires_at as "setupExpiresAt", c.state, c.why, c.since, c.kept_until as "keptUntil", c.made_at as "madeAt",
    c.rent, c.rent_from as "rentFrom", c.rent_months as "rentMonths", c.rent_due_at as "rentDueAt", c.grace_until as "graceUntil",
    a.currency, a.email
  from child_panels c join accounts a on a.id = c.account_id`

/** Those that have a database, or are to get one. */
export async function readChildren(db: Queryable): Promise<Child[]> {
  return (await db.query<Child>({ name: 'children', text: `${CHILDREN} where c.state <> 'dropped' order by c.id` })).rows
}

/** How a child stands, for lists. */
export interface ChildSeen extends Child {
  readonly wallet: bigint
  /** Why we refuse its orders: its key was revoked, or the account of its owner is suspended; null: we take them. */
  readonly refusedFor: 'key' | 'account' | null
  readonly lookedAt: Date | null
  /** Why it does not answer; null: it does, or nobody has looked yet. */
  readonly fault: string | null
  readonly version: string | null
  readonly lastOrderAt: Date | null
  readonly ordersOpen: number | null
}

const SEEN = CHILDREN.replace(
  'a.email',
  `a.email, coalesce(b.wallet, 0) as wallet,
    case when a.suspended_at is not null then 'account' when k.revoked_at is not null and c.new_key_id is null then 'key' end as "refusedFor",
    h.looked_at as "lookedAt", h.fault, h.version, h.last_order_at as "lastOrderAt", h.orders_open as "ordersOpen"`,
)
const BESIDE = `
  join api_keys k on k.id = c.key_id left join books b on b.account_id = c.account_id and not b.play left join child_health h on h.child_id = c.id`

/** Children in the order in which they were sold, those behind a number; of one account, or of all. Without `most` there is no limit. */
export async function listChildren(
  db: Queryable,
  { accountId = null, behind = 0, most = null }: { accountId?: number | null; behind?: number; most?: number | null } = {},
): Promise<ChildSeen[]> {
  const [text, values] =
    accountId === null
      ? [`${SEEN} ${BESIDE} where c.id > $1 order by c.id limit $2`, [behind, most]]
      : [`${SEEN} ${BESIDE} where c.account_id = $3 and c.id > $1 order by c.id limit $2`, [behind, most, accountId]]
  return (await db.query<ChildSeen>(text, values)).rows
}

export async function findChildById(db: Queryable, id: number): Promise<ChildSeen | undefined> {
  return (await db.query<ChildSeen>(`${SEEN} ${BESIDE} where c.id = $1`, [id])).rows[0]
}

/** What is owed of the rent now: a month that is due and was not paid yet. */
export function owedRent({ state, rent, rentDueAt, why }: Child, now: Date): bigint {
  const isForRent = state === 'open' || (state === 'suspended' && why === 'rent')
  return isForRent && rentDueAt <= now ? rent : 0n
}

/** The child with this host, or the last one that had it. Throws a Refusal when there never was one. */
export async function findChild(db: Queryable, host: string): Promise<Child> {
  const { rows } = await db.query<Child>(`${CHILDREN} where c.host = $1 order by c.id desc limit 1`, [host])
  if (!rows[0]) throw refuse('unknown_child_panel', host)
  return rows[0]
}

/** The same, locked until the end of the transaction. */
export async function lockChild(tx: Queryable, host: string): Promise<Child> {
  await tx.query('select from child_panels where host = $1 order by id desc limit 1 for no key update', [host])
  return findChild(tx, host)
}

export interface NewChild {
  readonly accountId: number
  readonly host: string
  readonly url: string
  readonly name: string
  readonly database: string
  readonly keyId: number
  readonly sealedKey: Buffer
  readonly setupHash: Buffer
  readonly setupExpiresAt: Date
  readonly rent: bigint
}

const ADD = `
  insert into child_panels (account_id, host, url, name, database, key_id, sealed_key, setup_hash, setup_expires_at, state, since, made_at, rent,
    rent_from, rent_due_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'making', $11, $11, $10, $11, $11)
  on conflict (host) where state <> 'dropped' do nothing returning id`

/** Notes a child that is to be made. Throws a Refusal when another has this host. */
export async function addChild(tx: Queryable, child: NewChild, now: Date): Promise<number> {
  const { accountId, host, url, name, database, keyId, sealedKey, setupHash, setupExpiresAt, rent } = child
  const values = [accountId, host, url, name, database, keyId, sealedKey, setupHash, setupExpiresAt, rent, now]
  const { rows } = await tx.query<{ id: number }>(ADD, values)
  if (!rows[0]) throw refuse('child_host_taken', host)
  return rows[0].id
}

export interface Move {
  readonly to: ChildState
  readonly why?: 'rent' | 'staff'
  readonly keptUntil?: Date
}

const MOVE = `update child_panels set state = $2, why = $3, kept_until = $4, since = $5 where id = $1`

export async function moveChild(tx: Queryable, id: number, { to, why, keptUntil }: Move, now: Date): Promise<void> {
  await tx.query(MOVE, [id, to, why ?? null, keptUntil ?? null, now])
}

/** What a child is, where something else is wanted. */
export function refuseState({ host, state }: Child): Refusal {
  return refuse('child_is', host, state)
}

export async function setRent(tx: Queryable, id: number, rent: bigint): Promise<void> {
  await tx.query('update child_panels set rent = $2 where id = $1', [id, rent])
}

const RESTART = `
  update child_panels set rent_from = $2::timestamptz, rent_months = $3::int, rent_due_at = $2::timestamptz + make_interval(months => $3::int), grace_until = null
  where id = $1`

/** The months of its rent are counted from this moment; so many of them are paid. */
export async function restartRent(tx: Queryable, id: number, { from, months }: { from: Date; months: number }): Promise<void> {
  await tx.query(RESTART, [id, from, months])
}

/** Whoever looks after the children brings the link into its database. */
export async function waitForSetupLink(tx: Queryable, id: number, { hash, endsAt }: { hash: Buffer; endsAt: Date }): Promise<void> {
  await tx.query('update child_panels set setup_hash = $2, setup_expires_at = $3 where id = $1', [id, hash, endsAt])
}

/** The link is there. */
export async function noteSetupLink(db: Queryable, { id, setupHash }: Child): Promise<void> {
  await db.query('update child_panels set setup_hash = null, setup_expires_at = null where id = $1 and setup_hash = $2', [id, setupHash])
}

const NEW_KEY = 'update child_panels set new_key_id = $2, sealed_key = $3, new_key_at = null where id = $1'

/** Whoever looks after the children brings the key into its database. */
export async function setNewKey(tx: Queryable, id: number, { keyId, sealedKey }: { keyId: number; sealedKey: Buffer }): Promise<void> {
  await tx.query(NEW_KEY, [id, keyId, sealedKey])
}

/** The new key is in its database. */
export async function noteNewKey(db: Queryable, id: number, { keyId, at }: { keyId: number; at: Date }): Promise<void> {
  await db.query('update child_panels set new_key_at = $3, sealed_key = null where id = $1 and new_key_id = $2', [id, keyId, at])
}

const USE_NEW_KEY = 'update child_panels set key_id = new_key_id, new_key_id = null, new_key_at = null where id = $1 and new_key_id = $2'

/** It orders with the new key by now. False when it was not waited for any more. */
export async function useNewKey(tx: Queryable, id: number, newKeyId: number): Promise<boolean> {
  return (await tx.query(USE_NEW_KEY, [id, newKeyId])).rowCount === 1
}
