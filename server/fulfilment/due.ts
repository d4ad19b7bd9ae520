import type { Queryable } from '../db/pool.ts'
import { SUBSCRIPTION_WAITS } from '../orders/their-subscriptions.ts'

/** The kinds of work that a supplier's loops do. */
export type Due = 'hand-off' | 'poll' | 'refills' | 'unconfirmed'

/** Suppliers with work due, by its kind. */
export type SuppliersDue = ReadonlyMap<number, ReadonlySet<Due>>

const ORDERS_DUE = `
  select u.id as supplier,
    exists (select from hand_offs where supplier_id = u.id and state in ('calling', 'waiting') and due_at <= $2)
    or exists (select from orders where supplier_id = u.id and not sent and not ended and kind = 'single')
    or ${SUBSCRIPTION_WAITS('u.id')} as "hand-off",
    exists (select from poll_lists where supplier_id = u.id and due_at <= $2)
    or exists (select from hand_offs where supplier_id = u.id and state = 'sent' and due_at <= $2) as poll
  from unnest($1::int[]) as u(id)`

/** Suppliers with orders to hand over, or to ask about. One small statement per round, however many suppliers there are. */
export function readOrdersDue(db: Queryable, suppliers: readonly number[], now: Date): Promise<SuppliersDue> {
  return read(db, { name: 'orders due', text: ORDERS_DUE, values: [suppliers, now] })
}

// Refills that nobody has sent yet are few, and are read once for all suppliers.
const REST_DUE = `
  with to_send as (
    select distinct h.supplier_id from refills r join hand_offs h on h.order_id = r.order_id and h.reference is not null
    left join refill_hand_offs f on f.refill_id = r.id
    where r.status = 'Pending' and (f.refill_id is null or (f.state = 'waiting' and f.due_at <= $2))
  )
  select u.id as supplier,
    u.id in (select supplier_id from to_send)
    or exists (select from refill_hand_offs where supplier_id = u.id and state in ('calling', 'sent') and due_at <= $2) as refills,
    exists (select from hand_offs where supplier_id = u.id and state = 'unconfirmed' and due_at <= $2) as unconfirmed
  from unnest($1::int[]) as u(id)`

/** Suppliers with refills to hand over or to ask about, or with orders of which nobody knows whether they have them. */
export function readRestDue(db: Queryable, suppliers: readonly number[], now: Date): Promise<SuppliersDue> {
  return read(db, { name: 'refills due', text: REST_DUE, values: [suppliers, now] })
}

type Row = { readonly supplier: number } & { readonly [kind in Due]?: boolean }

async function read(db: Queryable, statement: { name: string; text: string; values: unknown[] }): Promise<SuppliersDue> {
  const { rows } = await db.query<Row>(statement)
  const kinds = (row: Row) => (['hand-off', 'poll', 'refills', 'unconfirmed'] as const).filter((kind) => row[kind] === true)
  return new Map(rows.map((row) => [row.supplier, new Set(kinds(row))] as const).filter(([, due]) => due.size > 0))
}
