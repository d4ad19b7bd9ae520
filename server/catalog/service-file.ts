import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { ServiceValues } from './change-services.ts'

/** A service with all that staff set of it. */
export interface ServiceFile extends ServiceValues {
  readonly id: number
  readonly position: number
  readonly type: string
  readonly sync_pause: 'cost' | 'gone' | 'type' | null
  readonly translations: Readonly<Record<string, { readonly name?: string; readonly category?: string; readonly description?: string }>>
}

const FILE = 'select to_jsonb(s) as row from services s where s.id = $1'

/** Throws a Refusal when there is no such service. */
export async function readServiceFile(db: Queryable, service: number): Promise<ServiceFile> {
  const { rows } = await db.query<{ row: ServiceFile }>({ name: 'service of the desk', text: FILE, values: [service] })
  if (!rows[0]) throw refuse('unknown_service', service)
  return rows[0].row
}

/** A supplier of a service, in the order in which they are asked. */
export interface BoundSupplier {
  readonly supplier: string
  readonly position: number
  readonly theirService: string
  /** Of ours, in the catalogue's currency: with the multiplier. */
  readonly cost: string | null
  readonly costRate: string | null
  readonly multiplier: number
  readonly theirType: string | null
  readonly gone: boolean
  readonly paused: boolean
}

const BOUND = `
  select p.name as supplier, b.position, b.their_service as "theirService", trim_scale(b.cost_rate::numeric * b.multiplier)::text as cost,
    b.cost_rate as "costRate", b.multiplier, b.their_type as "theirType", b.gone_at is not null as gone, p.paused
  from service_suppliers b join suppliers p on p.id = b.supplier_id where b.service_id = $1 order by b.position`

export async function readBoundSuppliers(db: Queryable, service: number): Promise<BoundSupplier[]> {
  return (await db.query<BoundSupplier>({ name: 'suppliers of a service', text: BOUND, values: [service] })).rows
}

const OWN_RATES = `
  select r.account_id as account, a.email, r.rate
  from custom_rates r join accounts a on a.id = r.account_id where r.service_id = $1 and r.account_id > $2 order by r.account_id limit $3`

/** The accounts with a rate of their own for a service. */
export async function readOwnRates(
  db: Queryable,
  service: number,
  after: number,
  most: number,
): Promise<{ account: number; email: string; rate: string }[]> {
  const { rows } = await db.query<{ account: number; email: string; rate: string }>({
    name: 'own rates of a service',
    text: OWN_RATES,
    values: [service, after, most],
  })
  return rows
}
