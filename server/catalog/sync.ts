import type { Queryable } from '../db/pool.ts'
import type { PriceRule } from './margin.ts'
import { type BoundService, decide, type Decision, type Offer } from './sync-decide.ts'
import { exactJson } from '../text.ts'

/** The result of applying a supplier's list. Service numbers are ours. */
export interface SyncResult {
  /** How many of our services the supplier fulfils. */
  readonly bound: number
  readonly costs: number
  /** Services whose range or flags followed the list. */
  readonly followed: number
  readonly raised: readonly { readonly service: number; readonly old: string; readonly new: string }[]
  /** Off sale because they cost more than their price, since this reading or an earlier one. */
  readonly paused: readonly number[]
  /** On sale below their cost, because the operator wants only a notice. */
  readonly flagged: readonly number[]
  /** Off sale because no supplier lists them. */
  readonly gone: readonly number[]
  readonly returned: readonly number[]
  readonly unreadable: readonly number[]
}

// The order of the locks is that of binding a service by hand: bindings, then services, each by id.
const LOCK_BINDINGS = 'select from service_suppliers where supplier_id = $1 order by service_id for no key update'
const LOCK_SERVICES = `
  select from services where id in (select service_id from service_suppliers where supplier_id = $1) order by id for no key update`
const BOUND = `
  select s.id as "serviceId", b.their_service as "theirService", b.position, b.multiplier, b.cost_rate as cost, b.gone_at is not null as gone,
    b.their_type as "theirType", b.their_min as "theirMin", b.their_max as "theirMax", b.their_dripfeed as "theirDripfeed",
    b.their_refill as "theirRefill", b.their_cancel as "theirCancel",
    s.rate, s.min, s.max, s.dripfeed, s.refill, s.cancel, s.state, s.sync_pause as "syncPause", s.when_cost_passes as "whenCostPasses",
    o.position as "otherPosition", o.cost_rate as "otherCost", o.multiplier as "otherMultiplier"
  from service_suppliers b
  join services s on s.id = b.service_id
  left join lateral (
    select n.position, n.cost_rate, n.multiplier from service_suppliers n
    where n.service_id = b.service_id and n.supplier_id <> b.supplier_id and n.gone_at is null order by n.position limit 1
  ) o on true
  where b.supplier_id = $1 and b.their_service <> ''
  order by s.position, s.id`

/**
 * Applies a supplier's list to the services it fulfils: costs, ranges, and the prices that follow. All of it happens in the caller's transaction and
 * in one new version of the catalogue, so no order sees the new cost with the old price.
 */
export async function applyOffers(
  tx: Queryable,
  supplierId: number,
  offers: ReadonlyMap<string, Offer>,
  rule: PriceRule,
  now: Date,
): Promise<SyncResult> {
  await tx.query(LOCK_BINDINGS, [supplierId])
  await tx.query(LOCK_SERVICES, [supplierId])
  const { rows } = await tx.query<BoundService>(BOUND, [supplierId])
  const decided = rows.map((bound) => ({ bound, decision: decide(bound, offers.get(bound.theirService), rule) }))
  await writeBindings(tx, supplierId, decided, now)
  await writeServices(tx, decided)
  return resultOf(decided)
}

type Decided = readonly { readonly bound: BoundService; readonly decision: Decision }[]

const bindingFields = ['cost', 'gone', 'theirType', 'theirMin', 'theirMax', 'theirDripfeed', 'theirRefill', 'theirCancel'] as const
const serviceFields = ['rate', 'min', 'max', 'dripfeed', 'refill', 'cancel', 'state', 'syncPause'] as const

const WRITE_BINDINGS = `
  update service_suppliers b set cost_rate = t.cost, their_type = t."theirType", their_min = t."theirMin", their_max = t."theirMax",
    their_dripfeed = t."theirDripfeed", their_refill = t."theirRefill", their_cancel = t."theirCancel",
    gone_at = case when t.gone then coalesce(b.gone_at, $3) end
  from jsonb_to_recordset($2::jsonb) as t("serviceId" int, cost text, gone boolean, "theirType" text, "theirMin" bigint, "theirMax" bigint,
    "theirDripfeed" boolean, "theirRefill" boolean, "theirCancel" boolean)
  where b.supplier_id = $1 and b.service_id = t."serviceId"`

async function writeBindings(tx: Queryable, supplierId: number, decided: Decided, now: Date): Promise<void> {
  const changed = decided.filter(({ bound, decision }) => bindingFields.some((field) => decision.binding[field] !== bound[field]))
  const rows = changed.map(({ bound, decision }) => ({ ...pick(decision.binding, bindingFields), serviceId: bound.serviceId }))
  if (rows.length > 0) await tx.query(WRITE_BINDINGS, [supplierId, exactJson(rows), now])
}

const WRITE_SERVICES = `
  update services s set rate = t.rate, min = t.min, max = t.max, dripfeed = t.dripfeed, refill = t.refill, cancel = t.cancel, state = t.state,
    sync_pause = t."syncPause"
  from jsonb_to_recordset($1::jsonb) as t("serviceId" int, rate text, min bigint, max bigint, dripfeed boolean, refill boolean, cancel boolean,
    state text, "syncPause" text)
  where s.id = t."serviceId"`

async function writeServices(tx: Queryable, decided: Decided): Promise<void> {
  const changed = decided.filter(({ bound, decision }) => serviceFields.some((field) => decision.service[field] !== bound[field]))
  const rows = changed.map(({ bound, decision }) => ({ ...pick(decision.service, serviceFields), serviceId: bound.serviceId }))
  if (rows.length > 0) await tx.query(WRITE_SERVICES, [exactJson(rows)])
}

function pick<T extends object, K extends keyof T>(from: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>
}

function resultOf(decided: Decided): SyncResult {
  const those = (which: (each: Decided[number]) => boolean) => decided.filter(which).map(({ bound }) => bound.serviceId)
  const range = ['min', 'max', 'dripfeed', 'refill', 'cancel'] as const
  return {
    bound: decided.length,
    costs: those(({ bound, decision }) => decision.binding.cost !== bound.cost).length,
    followed: those(({ bound, decision }) => range.some((field) => decision.service[field] !== bound[field])).length,
    raised: decided
      .filter(({ bound, decision }) => decision.service.rate !== bound.rate)
      .map(({ bound, decision }) => ({ service: bound.serviceId, old: bound.rate, new: decision.service.rate })),
    paused: those(({ decision }) => decision.service.syncPause === 'cost'),
    flagged: those(({ decision }) => decision.flagged),
    gone: those(({ decision }) => decision.service.syncPause === 'gone' || decision.service.syncPause === 'type'),
    returned: those(({ bound, decision }) => bound.syncPause !== null && decision.service.syncPause === null),
    unreadable: those(({ decision }) => decision.unreadable),
  }
}
