import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { IS_RUN } from './origins.ts'

// Row locks decide between a cancel and a hand-off; another dispatcher skips the rows that this one has locked.
const CLAIM_DUE = `
  with due as (
    select id from orders
    where supplier_id = $1 and not sent and not ended and kind = 'single'
    order by id limit $2 for no key update skip locked
  )
  update orders o set sent = true from due where o.id = due.id
  returning o.id`

/** Marks orders as sent, inside the caller's transaction, which also stores the data needed to continue after a crash. */
export async function claimDueOrders(tx: Queryable, supplierId: number, most: number): Promise<bigint[]> {
  const { rows } = await tx.query<{ id: bigint }>({ name: 'claim due orders', text: CLAIM_DUE, values: [supplierId, most] })
  return rows.map((row) => row.id)
}

/** An order in the form that its supplier needs. */
export interface DueOrder {
  readonly orderId: bigint
  readonly serviceId: number
  readonly type: string
  readonly link: string
  /** The quantity that the customer paid for, in our units. */
  readonly quantity: bigint
  readonly parameters: Readonly<Record<string, string>>
  readonly charge: Units
  readonly rate: string
  /** A run was paid by its parent. */
  readonly isRun: boolean
  readonly theirService: string
  readonly multiplier: bigint
  readonly costRate: string | null
  readonly cancelAsked: boolean
}

// The order of a subscription's post is an ordinary order.
const DUE_ORDERS = `
  select o.id as "orderId", o.service_id as "serviceId", case when s.type = 'Subscriptions' and o.kind = 'single' then 'Default' else s.type end as type, o.link, o.quantity, coalesce(o.parameters, '{}') as parameters, o.charge, o.rate,
    ${IS_RUN} as "isRun", coalesce(m.their_service, '') as "theirService",
    coalesce(m.multiplier, 1)::bigint as multiplier, m.cost_rate as "costRate", o.cancel_asked_at is not null as "cancelAsked"
  from orders o
  join services s on s.id = o.service_id
  left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = $2
  where o.id = any($1::bigint[]) order by o.id`

export async function readDueOrders(tx: Queryable, ids: readonly bigint[], supplierId: number): Promise<DueOrder[]> {
  const { rows } = await tx.query<DueOrder>({ name: 'due orders', text: DUE_ORDERS, values: [ids, supplierId] })
  return rows
}

const CANCEL_ASKED = 'select cancel_asked_at is not null as asked from orders where id = $1 for no key update'

/** The present value, read under the order's row lock. */
export async function isCancelAsked(tx: Queryable, orderId: bigint): Promise<boolean> {
  return (await tx.query<{ asked: boolean }>(CANCEL_ASKED, [orderId])).rows[0]?.asked === true
}

const NEXT_SUPPLIER = `
  select n.supplier_id as id from service_suppliers n
  where n.service_id = $1 and n.gone_at is null and n.position > coalesce((select c.position from service_suppliers c where c.service_id = $1 and c.supplier_id = $2), 0)
  order by n.position limit 1`
const GIVE_TO = 'update orders set supplier_id = $2, sent = false where id = $1 and not ended'

/** Moves an order that its supplier refused to the next supplier in the service's order of preference that still lists the service. Returns false
 * when there is none. */
export async function giveToNextSupplier(tx: Queryable, order: DueOrder, refusedBy: number): Promise<boolean> {
  const { rows } = await tx.query<{ id: number }>(NEXT_SUPPLIER, [order.serviceId, refusedBy])
  if (!rows[0]) return false
  await giveTo(tx, order.orderId, rows[0].id)
  return true
}

/** The supplier is handed the order next. The caller is certain that no other one has it. */
export async function giveTo(tx: Queryable, orderId: bigint, supplierId: number): Promise<void> {
  await tx.query(GIVE_TO, [orderId, supplierId])
}

const BIND_WAITING =
  'update orders set supplier_id = $2 where service_id = $1 and not sent and not ended and supplier_id is distinct from $2 and key_id not in (select id from api_keys where test)'

/** Gives the waiting orders of a service to its present supplier; orders of test keys stay simulated. */
export async function bindWaitingOrders(tx: Queryable, serviceId: number, supplierId: number | null): Promise<void> {
  await tx.query(BIND_WAITING, [serviceId, supplierId])
}
