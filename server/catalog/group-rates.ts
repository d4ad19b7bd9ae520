import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'

/** What the accounts of a group pay for a service. */
export interface GroupRate {
  readonly group: number
  readonly groupName: string
  readonly service: number
  readonly name: string
  readonly groupRate: string
  /** The rate that others pay. */
  readonly rate: string
}

/** Callers are remembered with the rates of their group, so these are bounded. */
const MOST_RATES = 1000

const RATES = `
  select r.group_id as "group", g.name as "groupName", r.service_id as service, s.name, r.rate as "groupRate", s.rate
  from group_rates r join account_groups g on g.id = r.group_id join services s on s.id = r.service_id`
const OF_GROUP = `${RATES} where r.group_id = $1 order by s.position, s.id`
const OF_SERVICE = `${RATES} where r.service_id = $1 order by r.group_id`

export async function listRatesOfGroup(db: Queryable, group: number): Promise<GroupRate[]> {
  return (await db.query<GroupRate>({ name: 'rates of a group', text: OF_GROUP, values: [group] })).rows
}

export async function listGroupRatesOfService(db: Queryable, service: number): Promise<GroupRate[]> {
  return (await db.query<GroupRate>({ name: 'group rates of a service', text: OF_SERVICE, values: [service] })).rows
}

export interface RateOfService {
  readonly service: number
  /** Null: the accounts pay the service's own rate again. */
  readonly rate: string | null
}

const KNOWN = 'select id from services where id = any($1::int[])'
const STANDING = 'select service_id as service, rate from group_rates where group_id = $1 and service_id = any($2::int[])'
const SET = `
  insert into group_rates (group_id, service_id, rate) select $1, v.service, v.rate from unnest($2::int[], $3::text[]) as v(service, rate)
  on conflict (group_id, service_id) do update set rate = excluded.rate where group_rates.rate <> excluded.rate`
const DROP = 'delete from group_rates where group_id = $1 and service_id = any($2::int[])'
const COUNT = 'select count(*)::int as rates from group_rates where group_id = $1'

// A removal of the group that is under way is waited for.
const GROUP = 'select from account_groups where id = $1 for key share'

/** Agrees rates with a group, or ends agreements; of a service that is named twice the last counts. Answers the rates that these services had. */
export async function setGroupRates(tx: Queryable, group: number, wanted: readonly RateOfService[]): Promise<Map<number, string>> {
  if ((await tx.query(GROUP, [group])).rowCount === 0) throw refuse('unknown_group', group)
  const rates = [...new Map(wanted.map((each) => [each.service, each])).values()]
  const services = rates.map(({ service }) => service)
  const known = new Set((await tx.query<{ id: number }>(KNOWN, [services])).rows.map(({ id }) => id))
  const missing = services.find((service) => !known.has(service))
  if (missing !== undefined) throw refuse('unknown_service', missing)
  const { rows: before } = await tx.query<{ service: number; rate: string }>(STANDING, [group, services])
  const set = rates.filter((each): each is { service: number; rate: string } => each.rate !== null)
  const dropped = rates.filter(({ rate }) => rate === null).map(({ service }) => service)
  if (set.length > 0) await tx.query(SET, [group, set.map(({ service }) => service), set.map(({ rate }) => rate)])
  if (dropped.length > 0) await tx.query(DROP, [group, dropped])
  const { rows } = await tx.query<{ rates: number }>(COUNT, [group])
  if (rows[0]!.rates > MOST_RATES) throw refuse('too_many_group_rates', MOST_RATES)
  return new Map(before.map((each) => [each.service, each.rate]))
}

const DROP_ALL = 'delete from group_rates where group_id = $1 returning service_id as service, rate'

export async function dropGroupRates(tx: Queryable, group: number): Promise<Map<number, string>> {
  const { rows } = await tx.query<{ service: number; rate: string }>(DROP_ALL, [group])
  return new Map(rows.map((row) => [row.service, row.rate]))
}
