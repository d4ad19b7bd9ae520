import type { PriceList } from '../customers/prices.ts'
import { sqlFunction } from '../db/call.ts'
import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { compare } from './margin.ts'
import { callersRate } from './price.ts'

/** The changes that a caller sees between two cursors. */
export interface PriceChanges {
  readonly cursor: bigint
  readonly new: readonly { readonly service: number; readonly rate: string }[]
  readonly gone: readonly { readonly service: number; readonly rate: string }[]
  readonly prices: readonly { readonly service: number; readonly old_rate: string; readonly rate: string }[]
  readonly more: boolean
}

const MOST_LINES = 500

/** The value of a column after a row of the trail. */
export const VALUE_AFTER = sqlFunction('service_value_after', ['number', 'service', 'account', 'what', 'now'])
export const DISCOUNT_AFTER = sqlFunction('discount_after', ['number', 'account', 'now'])

/** Three columns: a service's state and rate, and the caller's own rate, after this row; for services `s` and custom rates `r`. */
export const valuesAfter = (
  line: { number: string; service: string; account: string },
  as: { state: string; rate: string; custom: string },
) => `
    ${VALUE_AFTER.within({ ...line, account: 'null', what: "'state'", now: 's.state' })} as "${as.state}",
    ${VALUE_AFTER.within({ ...line, account: 'null', what: "'rate'", now: 's.rate' })} as "${as.rate}",
    ${VALUE_AFTER.within({ ...line, what: "'custom rate'", now: 'r.rate' })} as "${as.custom}"`
/** The column names of the earlier and the later row. */
export const WAS = { state: 'oldState', rate: 'oldRate', custom: 'oldCustom' } as const
export const IS = { state: 'state', rate: 'rate', custom: 'custom' } as const

const LINES = `
  select number, service_id as service, what from service_changes
  where number > $1 and what in ('state', 'rate', 'custom rate', 'discount') and (account_id is null or account_id = $2)
  order by number limit ${MOST_LINES + 1}`
const NEWEST = 'select changes from catalogue'

/** Changes of prices since the cursor, at the caller's own rate: the rate at the cursor, and the rate at the end of the page. */
export function readPriceChanges(db: Database, accountId: number, since: bigint): Promise<PriceChanges> {
  const work = async (tx: Queryable): Promise<PriceChanges> => {
    const { rows } = await tx.query<{ number: bigint; service: number | null; what: string }>(LINES, [since, accountId])
    const page = rows.slice(0, MOST_LINES)
    const more = rows.length > page.length
    const cursor = more ? page.at(-1)!.number : (await tx.query<{ changes: bigint }>(NEWEST)).rows[0]!.changes
    if (page.length === 0) return { cursor, new: [], gone: [], prices: [], more }
    const touched = page.some((line) => line.what === 'discount') ? null : [...new Set(page.map((line) => line.service!))]
    return { cursor, ...sort(await readBeforeAndAfter(tx, touched, accountId, since, cursor)), more }
  }
  return transaction(db, work, 'begin isolation level repeatable read read only')
}

export interface BeforeAndAfter {
  service: number
  oldState: string | null
  oldRate: string | null
  oldCustom: string | null
  oldDiscount: number
  state: string | null
  rate: string | null
  custom: string | null
  discount: number
}

const BEFORE_AND_AFTER = `
  select t.id as service,
    ${valuesAfter({ number: '$3', service: 't.id', account: '$2' }, WAS)}, d.old as "oldDiscount",
    ${valuesAfter({ number: '$4', service: 't.id', account: '$2' }, IS)}, d.new as discount
  from (select unnest($1::int[]) as id union select service_id from service_changes where $1 is null and service_id is not null) t
  left join services s on s.id = t.id
  left join agreed_rates r on r.service_id = t.id and r.account_id = $2
  cross join (
    select ${DISCOUNT_AFTER.within({ number: '$3', account: 'a.account_id', now: 'a.discount_basis_points' })} as old,
      ${DISCOUNT_AFTER.within({ number: '$4', account: 'a.account_id', now: 'a.discount_basis_points' })} as new
    from agreed_discounts a where a.account_id = $2
  ) d
  order by t.id`

/** The given services (null: all) at two rows of the trail. */
async function readBeforeAndAfter(tx: Queryable, services: number[] | null, account: number, from: bigint, to: bigint) {
  return (await tx.query<BeforeAndAfter>(BEFORE_AND_AFTER, [services, account, from, to])).rows
}

function sort(rows: readonly BeforeAndAfter[]): Pick<PriceChanges, 'new' | 'gone' | 'prices'> {
  const sorted = { new: [], gone: [], prices: [] } as { -readonly [list in 'new' | 'gone' | 'prices']: PriceChanges[list][number][] } & {
    prices: PriceChanges['prices'][number][]
  }
  for (const row of rows) {
    const { service } = row
    const { old, rate } = pricesOf(row)
    if (isSamePrice(old, rate)) continue
    if (old === null) sorted.new.push({ service, rate: rate! })
    else if (rate === null) sorted.gone.push({ service, rate: old })
    else sorted.prices.push({ service, old_rate: old, rate })
  }
  return sorted
}

export function pricesOf({ service, ...row }: BeforeAndAfter): { old: string | null; rate: string | null } {
  return {
    old: callersPrice(service, row.oldState, row.oldRate, row.oldCustom, row.oldDiscount),
    rate: callersPrice(service, row.state, row.rate, row.custom, row.discount),
  }
}

/** `0.9` and `0.90` are the same price. */
export function isSamePrice(old: string | null, rate: string | null): boolean {
  return old === null || rate === null ? old === rate : compare(parseRate(old), parseRate(rate)) === 0n
}

/** The price for this caller; null when the service was not on sale. */
function callersPrice(service: number, state: string | null, rate: string | null, custom: string | null, discount: number): string | null {
  if (state !== 'on sale' || rate === null) return null
  const prices: PriceList = { discountBasisPoints: discount, customRates: new Map(custom === null ? [] : [[service, custom]]) }
  return callersRate(service, rate, prices).text
}

/** Allows four places more than a stored rate has: a discount adds them. */
const parseRate = (text: string) => {
  const [whole, fraction = ''] = text.split('.')
  return { digits: BigInt(whole! + fraction), places: fraction.length }
}
