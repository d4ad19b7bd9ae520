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

/** Binds a service to a supplier. Answers the id of the supplier that is asked first from now on. */
export async function bindService(tx: Queryable, serviceId: number, supplierId: number, binding: Binding): Promise<number> {
  if (binding.position !== null) await tx.query(MAKE_ROOM, [serviceId, binding.position, supplierId])
  await tx.query(BIND, [serviceId, supplierId, binding.position, binding.theirService, binding.costRate, binding.multiplier])
  if (binding.theirType) await tx.query(SAY_THEIR_TYPE, [serviceId, supplierId, binding.theirType])
  return (await setFirst(tx, serviceId))!
}

const BOUND = `
  select b.supplier_id as id, p.name from service_suppliers b join suppliers p on p.id = b.supplier_id
  where b.service_id = $1 order by b.position for no key update of b`
const SET_POSITIONS = `
  update service_suppliers b set position = v.position from unnest($2::int[]) with ordinality as v(supplier, position)
  where b.service_id = $1 and b.supplier_id = v.supplier and b.position <> v.position`
const END_BINDING = 'delete from service_suppliers where service_id = $1 and supplier_id = $2'

/** Puts a supplier of a service at a position, 1 being asked first. Answers the order before and now, and who is asked first. */
export async function preferSupplier(tx: Queryable, serviceId: number, supplier: string, position: number) {
  const bound = await holdBindings(tx, serviceId)
  const own = bound.find(({ name }) => name === supplier)
  if (!own) throw refuse('not_bound', serviceId, supplier)
  const after = bound.filter((each) => each !== own).toSpliced(position - 1, 0, own)
  await tx.query(SET_POSITIONS, [serviceId, after.map(({ id }) => id)])
  return { before: bound.map(({ name }) => name), after: after.map(({ name }) => name), first: await setFirst(tx, serviceId), supplierId: own.id }
}

/** Ends the binding to one supplier; the others stay in their order. */
export async function endBinding(tx: Queryable, serviceId: number, supplier: string): Promise<{ supplierId: number; first: number | null }> {
  const own = (await holdBindings(tx, serviceId)).find(({ name }) => name === supplier)
  if (!own) throw refuse('not_bound', serviceId, supplier)
  await tx.query(END_BINDING, [serviceId, own.id])
  return { supplierId: own.id, first: await setFirst(tx, serviceId) }
}

async function holdBindings(tx: Queryable, serviceId: number): Promise<{ id: number; name: string }[]> {
  return (await tx.query<{ id: number; name: string }>(BOUND, [serviceId])).rows
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
