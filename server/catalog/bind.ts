import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'

/** How a supplier fulfils a service. */
export interface Binding {
  /** The supplier's id for the service. */
  readonly theirService: string
  /** The supplier's price per 1000 (a package: per package); null: not known, and not checked. */
  readonly costRate: string | null
  /** The supplier's quantity for one of ours. */
  readonly multiplier: number
  /** 1 is asked first. Null: behind the suppliers that the service already has. */
  readonly position: number | null
  /** The supplier's type for the service, as the operator says; null: as the supplier's list says, once it has been read. */
  readonly theirType?: string | null
}

const MAKE_ROOM = 'update service_suppliers set position = position + 1 where service_id = $1 and position >= $2 and supplier_id <> $3'
const BIND = `
  insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate, multiplier)
  values ($1, $2, coalesce($3, (select coalesce(max(position), 0) + 1 from service_suppliers where service_id = $1)), $4, $5, $6)
  on conflict (service_id, supplier_id) do update set position = coalesce($3, service_suppliers.position), their_service = excluded.their_service,
    cost_rate = excluded.cost_rate, multiplier = excluded.multiplier`
const SAY_THEIR_TYPE = 'update service_suppliers set their_type = $3 where service_id = $1 and supplier_id = $2'
const UNBIND = 'delete from service_suppliers where service_id = $1'
const SET_FIRST = `
  update services set supplier_id = (select supplier_id from service_suppliers where service_id = $1 order by position limit 1)
  where id = $1 returning supplier_id as first`

const SERVICE = 'select from services where id = $1'

/** Binds a service to a supplier. Throws a Refusal when there is no such service. Answers the id of the supplier that is asked first from now on. */
export async function bindService(tx: Queryable, serviceId: number, supplierId: number, binding: Binding): Promise<number> {
  if (binding.position !== null) await tx.query(MAKE_ROOM, [serviceId, binding.position, supplierId])
  if ((await tx.query(SERVICE, [serviceId])).rowCount === 0) throw refuse('unknown_service', serviceId)
  await tx.query(BIND, [serviceId, supplierId, binding.position, binding.theirService, binding.costRate, binding.multiplier])
  if (binding.theirType) await tx.query(SAY_THEIR_TYPE, [serviceId, supplierId, binding.theirType])
  return (await setFirst(tx, serviceId))!
}

const PREFER = 'update service_suppliers set position = 1 where service_id = $1 and supplier_id = $2'

/** Has a supplier that is bound already asked first; the others stay in their order behind it. Answers the id of the supplier that is asked first. */
export async function preferSupplier(tx: Queryable, serviceId: number, supplierId: number): Promise<number> {
  await tx.query(MAKE_ROOM, [serviceId, 1, supplierId])
  if ((await tx.query(PREFER, [serviceId, supplierId])).rowCount === 0) throw refuse('not_bound')
  return (await setFirst(tx, serviceId))!
}

const END_BINDING = 'delete from service_suppliers where service_id = $1 and supplier_id = $2'

/** Ends the binding to one supplier; the others stay in their order. Answers the id of the supplier that is asked first. */
export async function endBinding(tx: Queryable, serviceId: number, supplierId: number): Promise<number | null> {
  if ((await tx.query(END_BINDING, [serviceId, supplierId])).rowCount === 0) throw refuse('not_bound')
  return setFirst(tx, serviceId)
}

/** Removes all suppliers from a service. */
export async function unbindService(tx: Queryable, serviceId: number): Promise<number | null> {
  await tx.query(UNBIND, [serviceId])
  return setFirst(tx, serviceId)
}

async function setFirst(tx: Queryable, serviceId: number): Promise<number | null> {
  const { rows } = await tx.query<{ first: number | null }>(SET_FIRST, [serviceId])
  if (!rows[0]) throw refuse('unknown_service', serviceId)
  return rows[0].first
}

export async function supplierByName(tx: Queryable, name: string): Promise<number> {
  const { rows } = await tx.query<{ id: number }>('select id from suppliers where name = $1', [name])
  if (!rows[0]) throw refuse('unknown_supplier', name)
  return rows[0].id
}
