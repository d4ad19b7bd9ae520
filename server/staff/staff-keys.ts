import { randomBytes } from 'node:crypto'
import { hashKey } from '../customers/key.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'

const PREFIX = 'dk_staff_'
const SHOWN = PREFIX.length + 4
const LONGEST_KEY = 512
const LONGEST_LABEL = 100

const SUPPLIER_IDS = 'select id, name from suppliers where name = any($1::text[])'
const ADD =
  'insert into staff_keys (hash, prefix, label, supplier_ids, funds_a_day, tickets, created_at) values ($1, $2, $3, $4, $5, $6, $7) returning id'

/**
 * Adds a key for a person or a bot, shown here and never again. `suppliers` are names; null: all suppliers. `fundsADay`: how much it may book into
 * accounts a day, in each currency; null: nothing. `tickets`: whether it reads and answers tickets. Throws a Refusal for an unknown supplier.
 */
export async function addStaffKey(
  db: Queryable,
  wanted: { label: string; suppliers: readonly string[] | null; fundsADay: Units | null; tickets: boolean },
  now: Date,
): Promise<{ id: number; key: string }> {
  const label = wanted.label.trim()
  if (label === '' || label.length > LONGEST_LABEL || /\p{Cc}/u.test(label)) {
    throw refuse('incorrect_label', LONGEST_LABEL)
  }
  const key = PREFIX + randomBytes(24).toString('base64url')
  const suppliers = wanted.suppliers && (await supplierIds(db, wanted.suppliers))
  const { rows } = await db.query<{ id: number }>(ADD, [
    hashKey(key),
    key.slice(0, SHOWN),
    label,
    suppliers,
    wanted.fundsADay,
    wanted.tickets,
    now,
  ])
  return { id: rows[0]!.id, key }
}

async function supplierIds(db: Queryable, names: readonly string[]): Promise<number[]> {
  const { rows } = await db.query<{ id: number; name: string }>(SUPPLIER_IDS, [names])
  const found = new Set(rows.map((row) => row.name))
  const missing = names.find((name) => !found.has(name))
  if (missing !== undefined || rows.length === 0) {
    throw refuse('unknown_supplier', missing ?? '')
  }
  return rows.map((row) => row.id)
}

export interface StaffKeyRow {
  readonly id: number
  readonly prefix: string
  readonly label: string
  /** Names of suppliers; null: all. */
  readonly suppliers: readonly string[] | null
  /** What it may book into accounts a day, in each currency; null: nothing. */
  readonly fundsADay: Units | null
  /** Whether it reads and answers tickets. */
  readonly tickets: boolean
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

const LIST = `
  select k.id, k.prefix, k.label, k.funds_a_day as "fundsADay", k.tickets, k.created_at as "createdAt", k.revoked_at as "revokedAt",
    case when k.supplier_ids is not null then array(select s.name from suppliers s where s.id = any(k.supplier_ids) order by s.id) end as suppliers
  from staff_keys k order by k.id`

export async function listStaffKeys(db: Queryable): Promise<StaffKeyRow[]> {
  return (await db.query<StaffKeyRow>(LIST)).rows
}

const REVOKE = 'update staff_keys set revoked_at = coalesce(revoked_at, $2) where id = $1'

/** Revokes a key: from the commit on every node refuses it, because no node caches staff keys. */
export async function revokeStaffKey(db: Queryable, id: number, now: Date): Promise<void> {
  const { rowCount } = await db.query(REVOKE, [id, now])
  if (rowCount === 0) throw refuse('unknown_staff_key', id)
}

/** The staff key of a call, and the suppliers whose orders it may see and change. */
export interface Staff {
  readonly keyId: number
  readonly label: string
  /** The name shown in timelines. */
  readonly by: string
  /** Manual suppliers whose orders the key may see and change. */
  readonly suppliers: readonly number[]
  /** Those of them that are not paused: only their orders are handed out. */
  readonly handingOut: readonly number[]
  /** The suppliers that the key is restricted to, of any protocol; null: all. */
  readonly restrictedTo: readonly number[] | null
  /** What it may book into accounts a day, in each currency; null: nothing. */
  readonly fundsADay: Units | null
  /** Whether it reads and answers tickets. */
  readonly tickets: boolean
}

const FIND = `
  select k.id as "keyId", k.label, k.supplier_ids as "restrictedTo", k.funds_a_day as "fundsADay", k.tickets, coalesce(array_agg(s.id order by s.id) filter (where s.id is not null), '{}') as suppliers,
    coalesce(array_agg(s.id order by s.id) filter (where not s.paused), '{}') as "handingOut"
  from staff_keys k left join suppliers s on s.protocol = 'manual' and (k.supplier_ids is null or s.id = any(k.supplier_ids))
  where k.hash = $1 and k.revoked_at is null
  group by k.id`

/** Undefined when no usable key has this text. */
export async function findStaff(db: Queryable, key: string): Promise<Staff | undefined> {
  if (!key.startsWith(PREFIX) || key.length > LONGEST_KEY) return undefined
  const { rows } = await db.query<Omit<Staff, 'by'>>({ name: 'staff by key', text: FIND, values: [hashKey(key)] })
  return rows[0] && { ...rows[0], by: `staff ${rows[0].label}` }
}
