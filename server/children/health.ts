import type { Queryable } from '../db/pool.ts'
import { inTime } from '../deadline.ts'

const MOST_COUNTED = 10_001

const LOOK = `
  select (select max(name) from migrations) as version, (select o.placed_at from orders o order by o.id desc limit 1) as "lastOrderAt",
    (select count(*)::int from (select from orders where not ended limit ${MOST_COUNTED}) as o) as "ordersOpen"`

const KEEP = `
  insert into child_health (child_id, looked_at, fault, version, last_order_at, orders_open) values ($1, $2, $3, $4, $5, $6)
  on conflict (child_id) do update set looked_at = excluded.looked_at, fault = excluded.fault,
    version = case when excluded.fault is null then excluded.version else child_health.version end,
    last_order_at = coalesce(excluded.last_order_at, child_health.last_order_at), orders_open = coalesce(excluded.orders_open, child_health.orders_open)`

const LOOK_WITHIN_MS = 5000

interface Seen {
  readonly version: string
  readonly lastOrderAt: Date | null
  readonly ordersOpen: number
}

/** Asks a child how it does, and notes it here. A child that does not answer is noted as such, with why. */
export async function lookAtChild(db: Queryable, child: { readonly id: number; readonly db: Queryable }, now: Date): Promise<void> {
  try {
    const { rows } = await inTime(LOOK_WITHIN_MS, child.db.query<Seen>(LOOK))
    const { version, lastOrderAt, ordersOpen } = rows[0]!
    await db.query(KEEP, [child.id, now, null, version, lastOrderAt, ordersOpen])
  } catch (error) {
    await noteFault(db, child.id, error, now)
  }
}

const LONGEST_FAULT = 500

/** What stands in the way of a child. */
export async function noteFault(db: Queryable, childId: number, error: unknown, now: Date): Promise<void> {
  const words = error instanceof Error ? error.message : String(error)
  await db.query(KEEP, [childId, now, words.slice(0, LONGEST_FAULT), '', null, null])
}

export interface Health {
  readonly lookedAt: Date
  /** Why it does not answer; null: it does. */
  readonly fault: string | null
  /** The newest migration of its database. */
  readonly version: string
  readonly lastOrderAt: Date | null
  /** Orders that have not ended; 10001 stands for more. */
  readonly ordersOpen: number | null
}

const HEALTH = `
  select looked_at as "lookedAt", fault, version, last_order_at as "lastOrderAt", orders_open as "ordersOpen" from child_health where child_id = $1`

export async function readHealth(db: Queryable, childId: number): Promise<Health | undefined> {
  return (await db.query<Health>({ name: 'health of a child', text: HEALTH, values: [childId] })).rows[0]
}
