import type { Queryable } from '../db/pool.ts'
import { TOTALS, type Totals } from './read.ts'

/** What the rows of a report are. */
export const reportBys = ['hour', 'day', 'month', 'service', 'category', 'customer', 'supplier'] as const
export type ReportBy = (typeof reportBys)[number]

export const reportSorts = ['name', 'orders', 'sold', 'given', 'cost', 'margin'] as const
export type ReportSort = (typeof reportSorts)[number]

export interface ReportFilter {
  /** Days like 2026-03-01 (UTC), both included. */
  readonly from: string
  readonly to: string
  readonly by: ReportBy
  readonly currency: string | null
  readonly service: number | null
  readonly category: string | null
  /** An account. */
  readonly customer: number | null
  readonly supplier: number | null
}

export interface ReportRow extends Totals {
  /** A moment or day, the number of a service, account or supplier, or the name of a category. */
  readonly key: string
  /** The name of the service or supplier, the e-mail address of the customer. */
  readonly name: string | null
  /** The value by which the report is sorted, for the cursor. */
  readonly place: string
}

/** Which table has the sums, or why none has: each keeps only some of what is known, so that it stays small. */
type Source = 'sold_hours' | 'service_days' | 'account_days'

/** Undefined: no table of sums knows both. */
export function sourceOf({ by, service, category, customer, supplier }: ReportFilter): Source | undefined {
  const ofServices = service !== null || category !== null || by === 'service' || by === 'category'
  const ofAccounts = customer !== null || by === 'customer'
  if (ofAccounts) return ofServices || supplier !== null || by === 'supplier' || by === 'hour' ? undefined : 'account_days'
  if (!ofServices) return 'sold_hours'
  return by === 'hour' ? undefined : 'service_days'
}

const DAY_OF: Readonly<Record<Source, string>> = {
  sold_hours: "(r.hour at time zone 'utc')::date",
  service_days: 'r.day',
  account_days: 'r.day',
}

/** By what the sums are grouped: the columns themselves, because texts of a hundred thousand rows would take longer than adding them up. */
function groupOf(by: ReportBy, source: Source): string {
  switch (by) {
    case 'hour':
      return 'r.hour'
    case 'day':
      return DAY_OF[source]
    case 'month':
      return `date_trunc('month', ${DAY_OF[source]})`
    case 'service':
      return 'r.service_id'
    case 'category':
      return 's.category'
    case 'customer':
      return 'r.account_id'
    case 'supplier':
      return 'r.supplier_id'
    default:
      return by satisfies never
  }
}

/** How the group is told. */
const KEYS: Readonly<Partial<Record<ReportBy, string>>> = {
  hour: `to_char(part at time zone 'utc', 'YYYY-MM-DD"T"HH24":00Z"')`,
  day: `to_char(part, 'YYYY-MM-DD')`,
  month: `to_char(part, 'YYYY-MM')`,
}

const NAMES: Readonly<Partial<Record<ReportBy, string>>> = {
  service: '(select v.name from services v where v.id = g.key::int)',
  customer: '(select a.email from accounts a where a.id = g.key::int)',
  supplier: '(select u.name from suppliers u where u.id = g.key::int)',
}

const PLACES: Readonly<Record<Exclude<ReportSort, 'name'>, string>> = {
  orders: 'orders',
  sold: 'sold',
  given: '"givenBack"',
  cost: 'cost',
  margin: 'sold - "givenBack" - cost',
}

/** The row after which the next page begins. */
export interface ReportCursor {
  readonly place: string
  readonly key: string
  readonly currency: string
}

/**
 * Largest first; by name: the newest first where rows are times, else in the order of their keys. `after`: the last row of the page before. Answers
 * undefined when the sums do not know what is asked for.
 */
export async function readReport(
  db: Queryable,
  filter: ReportFilter,
  page: { readonly sort: ReportSort; readonly after: ReportCursor | null; readonly most: number },
): Promise<ReportRow[] | undefined> {
  const source = sourceOf(filter)
  if (source === undefined) return undefined
  const { text, values } = statementOf(filter, source, page.sort)
  const { after } = page
  return (await db.query<ReportRow>(text, [...values, page.most, after?.place ?? null, after?.key ?? null, after?.currency ?? null])).rows
}

/** The sums of a whole report, by currency. */
export async function readReportTotals(db: Queryable, filter: ReportFilter): Promise<Totals[] | undefined> {
  // The hours have the fewest rows, and the same sums.
  const isOfHours = filter.service === null && filter.category === null && filter.customer === null
  const source = sourceOf(filter) && (isOfHours ? 'sold_hours' : sourceOf(filter))
  if (source === undefined) return undefined
  const { from, values } = rowsOf(isOfHours ? { ...filter, by: 'supplier' } : filter, source)
  return (await db.query<Totals>(`select r.currency, ${TOTALS} from ${from} group by r.currency order by r.currency`, values)).rows
}

function statementOf(filter: ReportFilter, source: Source, sort: ReportSort): { text: string; values: unknown[] } {
  const { from, values } = rowsOf(filter, source)
  const isTime = filter.by === 'hour' || filter.by === 'day' || filter.by === 'month'
  const isNumber = filter.by === 'service' || filter.by === 'customer' || filter.by === 'supplier'
  const byName = isNumber ? 'lpad(key, 12, $$0$$)' : 'key'
  const place = sort === 'name' ? byName : PLACES[sort]
  const [order, beyond] = sort !== 'name' || isTime ? ['desc', '<'] : ['asc', '>']
  const type = sort === 'name' ? 'text' : 'bigint'
  const at = (offset: number) => `$${values.length + offset}`
  const text = `
    with parts as (select ${groupOf(filter.by, source)} as part, r.currency, ${TOTALS} from ${from} group by 1, 2),
    groups as (select *, ${KEYS[filter.by] ?? 'part::text'} as key from parts),
    placed as (select *, (${place})::${type} as at from groups),
    g as (
      select * from placed where ${at(2)}::${type} is null or (at, key, currency) ${beyond} (${at(2)}::${type}, ${at(3)}::text, ${at(4)}::text)
      order by at ${order}, key ${order}, currency ${order} limit ${at(1)}
    )
    select g.key, g.currency, g.orders, g.sold, g.refunds, g."givenBack", g.cost, g."costSaid", g.unpriced, g.at::text as place, ${NAMES[filter.by] ?? 'null::text'} as name from g order by at ${order}, key ${order}, currency ${order}`
  return { text, values }
}

/** Only the filters that were given are in the statement, so that each is found by the index that fits. */
function rowsOf(filter: ReportFilter, source: Source): { from: string; values: unknown[] } {
  const values: unknown[] = []
  const bind = (value: unknown) => `$${values.push(value)}`
  const conditions =
    source === 'sold_hours'
      ? [`r.hour >= ${bind(filter.from)}::date at time zone 'utc'`, `r.hour < (${bind(filter.to)}::date + 1) at time zone 'utc'`]
      : [`r.day >= ${bind(filter.from)}::date`, `r.day <= ${bind(filter.to)}::date`]
  if (filter.currency !== null) conditions.push(`r.currency = ${bind(filter.currency)}`)
  if (filter.service !== null) conditions.push(`r.service_id = ${bind(filter.service)}`)
  if (filter.category !== null) conditions.push(`s.category = ${bind(filter.category)}`)
  if (filter.customer !== null) conditions.push(`r.account_id = ${bind(filter.customer)}`)
  if (filter.supplier !== null) conditions.push(`r.supplier_id = ${bind(filter.supplier)}`)
  const services = filter.by === 'category' || filter.category !== null ? 'join services s on s.id = r.service_id' : ''
  return { from: `${source} r ${services} where ${conditions.join(' and ')}`, values }
}
