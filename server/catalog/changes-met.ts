import type { Database, Queryable } from '../db/pool.ts'
import { type BeforeAndAfter, DISCOUNT_AFTER, IS, isSamePrice, pricesOf, valuesAfter, WAS } from './price-changes.ts'

/** A change as one caller sees it: of a service's price, or of the caller's discount on all services. */
export interface Met {
  readonly number: bigint
  readonly at: Date
  readonly service: number | null
  /** Null: the service was not on sale before, or is not on sale any more. */
  readonly old: string | null
  readonly rate: string | null
}

const MOST_LOOKED_THROUGH = 2000
const LINES_AT_ONCE = 100

const MET = `
  select c.number, c.at, c.what, c.service_id as service, c.old as "wasNoted", c.new as "isNoted",
    ${valuesAfter({ number: 'c.number - 1', service: 'c.service_id', account: '$1' }, WAS)},
    ${valuesAfter({ number: 'c.number', service: 'c.service_id', account: '$1' }, IS)},
    ${DISCOUNT_AFTER.within({ number: 'c.number - 1', account: 'a.account_id', now: 'a.discount_basis_points' })} as "oldDiscount",
    ${DISCOUNT_AFTER.within({ number: 'c.number', account: 'a.account_id', now: 'a.discount_basis_points' })} as discount
  from service_changes c
  join agreed_discounts a on a.account_id = $1
  left join services s on s.id = c.service_id
  left join agreed_rates r on r.service_id = c.service_id and r.account_id = $1
  where c.number < $2 and c.what in ('state', 'rate', 'custom rate', 'discount') and (c.account_id is null or c.account_id = $1)
  order by c.number desc limit ${LINES_AT_ONCE}`

type MetLine = BeforeAndAfter & { number: bigint; at: Date; what: string; wasNoted: string | null; isNoted: string | null }

/**
 * The newest changes, before a given row of the trail, that changed what this caller pays; newest first. `before` is where the next page begins; null
 * at the end of the trail.
 */
export async function readChangesMet(
  db: Database,
  accountId: number,
  before: bigint,
  most: number,
): Promise<{ changes: Met[]; before: bigint | null }> {
  const changes: Met[] = []
  let cursor = before
  for (let looked = 0; looked < MOST_LOOKED_THROUGH; looked += LINES_AT_ONCE) {
    const { rows } = await db.query<MetLine>({ name: 'changes met', text: MET, values: [accountId, cursor] })
    for (const row of rows) {
      const met = metOf(row)
      if (met) changes.push(met)
      if (changes.length === most) return { changes, before: row.number }
    }
    if (rows.length < LINES_AT_ONCE) return { changes, before: null }
    cursor = rows.at(-1)!.number
  }
  return { changes, before: cursor }
}

function metOf({ number, at, service, ...row }: MetLine): Met | undefined {
  if (service === null) return { number, at, service, old: row.wasNoted, rate: row.isNoted }
  const { old, rate } = pricesOf({ service, ...row })
  return isSamePrice(old, rate) ? undefined : { number, at, service, old, rate }
}

// The first change of each service since then holds its old values; a service without a change is as it was.
const SINCE = `
  with since as (
    select coalesce((
      select c.number from service_changes c, accounts a where a.id = $1 and c.at < greatest($2::timestamptz, a.created_at)
      order by c.at desc, c.number desc limit 1), 0) as number
  ),
  firsts as (
    select distinct on (c.service_id, c.what) c.service_id, c.what, c.old
    from service_changes c, since
    where c.number > since.number and c.what in ('state', 'rate', 'custom rate', 'discount') and (c.account_id is null or c.account_id = $1)
    order by c.service_id, c.what, c.number
  ),
  moved as (
    select service_id, bool_or(what = 'state') as state_moved, max(old) filter (where what = 'state') as state,
      bool_or(what = 'rate') as rate_moved, max(old) filter (where what = 'rate') as rate,
      bool_or(what = 'custom rate') as custom_moved, max(old) filter (where what = 'custom rate') as custom
    from firsts where service_id is not null group by service_id
  ),
  discount as (
    select coalesce((select old::int from firsts where what = 'discount'), a.discount_basis_points) as old, a.discount_basis_points as new
    from agreed_discounts a where a.account_id = $1
  )
  select coalesce(s.id, m.service_id) as service,
    case when m.state_moved then m.state else s.state end as "oldState", case when m.rate_moved then m.rate else s.rate end as "oldRate",
    case when m.custom_moved then m.custom else r.rate end as "oldCustom", d.old as "oldDiscount",
    s.state, s.rate, r.rate as custom, d.new as discount
  from services s
  full join moved m on m.service_id = s.id
  left join agreed_rates r on r.service_id = s.id and r.account_id = $1
  cross join discount d
  where m.service_id is not null or d.old <> d.new`

/** How many services are new, gone or differently priced for this caller since a moment. Changes from before the account was opened do not count. */
export async function countChangesSince(db: Queryable, accountId: number, since: Date): Promise<number> {
  const { rows } = await db.query<BeforeAndAfter>({ name: 'changes since', text: SINCE, values: [accountId, since] })
  return rows.filter((row) => {
    const { old, rate } = pricesOf(row)
    return !isSamePrice(old, rate)
  }).length
}
