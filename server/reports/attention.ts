import type { Queryable } from '../db/pool.ts'
import type { Permission } from '../staff/roles.ts'
import { type TroubleKind, troubleKinds } from './trouble-kinds.ts'
import { TROUBLES } from './troubles.ts'

/** Something that needs a person, and what it is about. */
export interface Trouble {
  readonly kind: TroubleKind
  /** When it began, or was last seen. */
  readonly at: Date
  /** What was said about it: the supplier's words, the alert's, why a second person must agree. */
  readonly words: string | null
  readonly order: bigint | null
  readonly link: string | null
  readonly supplier: string | null
  readonly service: number | null
  readonly serviceName: string | null
  readonly approval: number | null
  readonly alert: bigint | null
  /** The kind of the alert. */
  readonly alertKind: string | null
  /** How many seconds 95 of 100 orders of its service take. */
  readonly usual: bigint | null
  readonly payment: bigint | null
  /** Of a payment. */
  readonly gateway: string | null
  readonly receipt: bigint | null
  readonly ticket: bigint | null
  /** Whose it is, of payments, tickets and what is owed. */
  readonly account: number | null
  /** The supplier is the panel that made this one. */
  readonly isParent: boolean
  /** A child panel, by its number and its host. */
  readonly panel: number | null
  readonly panelHost: string | null
}

const PERMISSIONS: Readonly<Record<TroubleKind, Permission>> = {
  unconfirmed: 'orders.read',
  refused: 'orders.read',
  stuck: 'orders.read',
  supplier: 'alerts.read',
  'below cost': 'services.read',
  'unknown word': 'alerts.read',
  ticket: 'tickets.read',
  'speed-up': 'orders.read',
  cancel: 'orders.read',
  refill: 'orders.read',
  catalogue: 'services.read',
  approval: 'money.read',
  receipt: 'payments.read',
  payment: 'payments.read',
  owing: 'money.read',
  child: 'children.read',
  alert: 'alerts.read',
}

/** The kinds that somebody with these permissions may see. */
export function troubleKindsFor(may: ReadonlySet<Permission>): TroubleKind[] {
  return troubleKinds.filter((kind) => may.has(PERMISSIONS[kind]))
}

/** What needs a person, newest first, at most so many of each kind. Each kind is found by an index; none is counted. */
export async function readTroubles(db: Queryable, kinds: readonly TroubleKind[], most: number, now: Date): Promise<Trouble[]> {
  const found = await Promise.all(kinds.map((kind) => readKind(db, kind, most, now)))
  return found.flat().toSorted((a, b) => b.at.getTime() - a.at.getTime())
}

async function readKind(db: Queryable, kind: TroubleKind, most: number, now: Date): Promise<Trouble[]> {
  const { rows } = await db.query<Omit<Trouble, 'kind'> & { now: Date }>({
    name: `troubles ${kind}`,
    text: TROUBLES[kind],
    values: [now, most],
  })
  return rows.map(({ now: _now, ...row }) => ({ kind, ...row }))
}

/** How many of each kind there are, up to a limit; kinds without any are left out. */
export async function countTroubles(
  db: Queryable,
  kinds: readonly TroubleKind[],
  most: number,
  now: Date,
): Promise<{ readonly kind: TroubleKind; readonly count: number; readonly isMore: boolean }[]> {
  const found = await Promise.all(kinds.map((kind) => readKind(db, kind, most + 1, now)))
  return kinds
    .map((kind, at) => ({ kind, count: Math.min(found[at]!.length, most), isMore: found[at]!.length > most }))
    .filter(({ count }) => count > 0)
}

/** An alert that was closed, by whom; null: it settled by itself. */
export interface Closed {
  readonly alert: bigint
  readonly kind: string
  readonly supplier: string | null
  readonly order: bigint | null
  readonly words: string
  readonly firstAt: Date
  readonly closedAt: Date
  readonly by: string | null
}

const CLOSED = `
  select a.id as alert, a.kind, s.name as supplier, a.order_id as "order", a.words, a.first_at as "firstAt", a.closed_at as "closedAt",
    a.acknowledged_by as by
  from alerts a left join suppliers s on s.id = a.supplier_id where a.closed_at is not null order by a.closed_at desc, a.id desc limit $1`

/** The alerts that were closed lately, newest first. */
export async function readClosed(db: Queryable, most: number): Promise<Closed[]> {
  return (await db.query<Closed>({ name: 'closed alerts', text: CLOSED, values: [most] })).rows
}
