import type { Queryable } from '../db/pool.ts'
import { KEEP_IDS_AHEAD } from './service-numbers.ts'

/** A service of another panel, under its own number there, with the supplier that it had. */
export interface BroughtService {
  readonly id: number
  readonly name: string
  readonly category: string
  readonly type: string
  readonly rate: string
  readonly min: number
  readonly max: number
  readonly dripfeed: boolean
  readonly refill: boolean
  readonly refillDays: number | null
  readonly cancel: boolean
  readonly description: string
  readonly state: 'on sale' | 'disabled' | 'hidden'
  readonly translations: object
  readonly supplierId: number | null
  readonly theirService: string | null
  readonly costRate: string | null
}

const TOLD = `
  with told as (
    select t.*, e.n from json_array_elements($1::json) with ordinality as e(entry, n)
    cross join lateral json_to_record(e.entry) as t(id int, name text, category text, type text, rate text, min bigint, max bigint, dripfeed boolean,
      refill boolean, "refillDays" int, cancel boolean, description text, state text, translations jsonb, "supplierId" int, "theirService" text, "costRate" text)
  )`
const ADD = `${TOLD}
  insert into services (id, position, name, category, type, rate, min, max, dripfeed, refill, refill_days, cancel, description, state, translations, supplier_id)
  select id, (select coalesce(max(position), 0) from services) + n, name, category, type, rate, min, max, dripfeed, refill, "refillDays", cancel, description, state,
    translations, "supplierId"
  from told order by n on conflict (id) do nothing returning id`
const BIND = `${TOLD}
  insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate)
  select id, "supplierId", 1, coalesce("theirService", ''), "costRate" from told where "supplierId" is not null and id = any($2::int[]) order by id`

/** Adds services under their own numbers, in this order behind those that exist. Answers those that were added. Call it within changeCatalogue. */
export async function bringServices(tx: Queryable, services: readonly BroughtService[]): Promise<ReadonlySet<number>> {
  if (services.length === 0) return new Set()
  const told = JSON.stringify(services)
  const added = (await tx.query<{ id: number }>(ADD, [told])).rows.map(({ id }) => id)
  await tx.query(BIND, [told, added])
  await tx.query(KEEP_IDS_AHEAD)
  return new Set(added)
}

const ADD_RATES = `
  insert into custom_rates (account_id, service_id, rate)
  select t.account, t.service, t.rate from json_to_recordset($1::json) as t(account int, service int, rate text)
  order by t.account, t.service on conflict (account_id, service_id) do nothing`

/** Agrees many own rates at once; one that is agreed already stays. Answers how many were new. */
export async function bringCustomRates(
  tx: Queryable,
  rates: readonly { readonly account: number; readonly service: number; readonly rate: string }[],
): Promise<number> {
  return (await tx.query(ADD_RATES, [JSON.stringify(rates)])).rowCount ?? 0
}

const COUNT_RATES = `
  select count(*)::int as count from json_to_recordset($1::json) as t(account int, service int)
  join custom_rates r on r.account_id = t.account and r.service_id = t.service`

/** For how many of these accounts and services a rate is agreed already. */
export async function countRatesHere(
  db: Queryable,
  rates: readonly { readonly account: number; readonly service: number }[],
): Promise<number> {
  return (await db.query<{ count: number }>(COUNT_RATES, [JSON.stringify(rates)])).rows[0]!.count
}

const KNOWN = 'select id from services where id = any($1::int[])'

export async function knownServices(db: Queryable, ids: readonly number[]): Promise<ReadonlySet<number>> {
  return new Set((await db.query<{ id: number }>(KNOWN, [ids])).rows.map(({ id }) => id))
}
