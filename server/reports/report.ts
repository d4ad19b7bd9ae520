import type { Queryable } from '../db/pool.ts'
import type { ReportBy, ReportFilter, ReportSort } from './filter.ts'
import { TOTALS, type Totals } from './read.ts'
import { rowsOf, type Source, sourceOf } from './sums.ts'

export interface ReportRow extends Totals {
  /** A moment or day, the number of a service, account or supplier, or the name of a category. */
  readonly key: string
  /** The name of the service or supplier, the e-mail address of the customer. */
  readonly name: string | null
  /** The value by which the report is sorted, for the cursor. */
  readonly place: string
}

/** By what the sums are grouped: the columns themselves, because texts of a hundred thousand rows would take longer than adding them up. */
const GROUPS: Readonly<Record<ReportBy, string>> = {
  hour: 'r.at',
  day: 'r.at',
  month: `date_trunc('month', r.at)`,
  service: 'r.service_id',
  category: 's.category',
  customer: 'r.account_id',
  supplier: 'r.supplier_id',
}

/** How the group is told. */
const KEYS: Readonly<Partial<Record<ReportBy, string>>> = {
  hour: `to_char(part at time zone 'utc', 'YYYY-MM-DD"T"HH24":00Z"')`,
  day: `to_char(part, 'YYYY-MM-DD')`,
  month: `to_char(part, 'YYYY-MM')`,
}

const NAMES: Readonly<Partial<Record<ReportBy, string>>> = {
  service: '(select v.name from services v where v.id = g.part)',
  customer: '(select a.email from accounts a where a.id = g.part)',
  supplier: '(select u.name from suppliers u where u.id = g.part)',
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

export interface ReportPage {
  readonly sort: ReportSort
  /** The last row of the page before. */
  readonly after: ReportCursor | null
  readonly most: number
}

/**
 * Largest first; by name: the newest first where rows are times, else in the order of their keys. Answers undefined when the sums do not know what is asked for.
 */
export async function readReport(db: Queryable, filter: ReportFilter, page: ReportPage): Promise<ReportRow[] | undefined> {
  return (await addUpReport(db, filter, page))?.rows
}

/** The same, with how many sums were added up for it. */
export async function addUpReport(
  db: Queryable,
  filter: ReportFilter,
  page: ReportPage,
): Promise<{ readonly rows: ReportRow[]; readonly read: number } | undefined> {
  const source = sourceOf(filter)
  if (source === undefined) return undefined
  const { bind, values } = parameters()
  const read = '(select sum(read) from groups)::int as read'
  const text = pageText({ by: filter.by, groups: groupsText(filter, source, bind), also: `, ${read}` }, page, bind)
  const { rows } = await db.query<ReportRow & { readonly read: number }>(text, values)
  return { rows: rows.map(({ read: _read, ...row }) => row), read: rows[0]?.read ?? 0 }
}

/** The sums of a whole report, by currency. */
export async function readReportTotals(db: Queryable, filter: ReportFilter): Promise<Totals[] | undefined> {
  const asked = sourceOf(filter)
  if (asked === undefined) return undefined
  // The days of suppliers have the fewest rows, and the same sums.
  const isOfSuppliers = filter.service === null && filter.category === null && filter.customer === null
  const source = isOfSuppliers ? 'suppliers' : asked
  const { bind, values } = parameters()
  const text = `select r.currency, ${TOTALS} from ${rowsOf({ ...filter, by: 'supplier' }, source, bind)} group by r.currency order by r.currency`
  return (await db.query<Totals>(text, values)).rows
}

/** Parameters of one statement, in the order in which they are written. */
export function parameters(): { values: unknown[]; bind: (value: unknown) => string } {
  const values: unknown[] = []
  return { values, bind: (value) => `$${values.push(value)}` }
}

/** The rows of a report, all of them, with what they are in `part`. */
export function groupsText(filter: ReportFilter, source: Source, bind: (value: unknown) => string): string {
  const services = filter.by === 'category' ? 'join services s on s.id = r.service_id' : ''
  return `select ${GROUPS[filter.by]} as part, r.currency, ${TOTALS}, count(*) as read from ${rowsOf(filter, source, bind)} ${services} group by 1, 2`
}

interface Listed {
  readonly by: ReportBy
  /** Selects all rows of the report, which have what they are in `part`. */
  readonly groups: string
  /** Further columns. */
  readonly also: string
}

/** A page of a report. */
export function pageText({ by, groups, also }: Listed, { sort, after, most }: ReportPage, bind: (value: unknown) => string): string {
  const isTime = by === 'hour' || by === 'day' || by === 'month'
  const isNumber = by === 'service' || by === 'customer' || by === 'supplier'
  const [order, beyond] = sort !== 'name' || isTime ? ['desc', '<'] : ['asc', '>']
  // Numbers are compared as numbers, so that nothing but the page becomes text.
  const key = isNumber ? 'part' : 'key'
  const keyType = isNumber ? 'int' : 'text'
  const [place, placeType] = sort === 'name' ? [key, keyType] : [`(${PLACES[sort]})::bigint`, 'bigint']
  const edge = edgeOf(after, sort, isNumber)
  const beyondEdge =
    edge &&
    `where (${place}, ${key}, currency) ${beyond} (${bind(edge.place)}::${placeType}, ${bind(edge.key)}::${keyType}, ${bind(edge.currency)})`
  const sorted = `order by at ${order}, ${key} ${order}, currency ${order}`
  return `
    with groups as (${groups}),
    keyed as (select *, ${isNumber ? 'null' : (KEYS[by] ?? 'part::text')} as key from groups),
    g as (select *, ${place} as at from keyed ${beyondEdge ?? ''} ${sorted} limit ${bind(most)})
    select ${isNumber ? 'g.part::text as key' : 'g.key'}, g.currency, g.orders, g.sold, g.refunds, g."givenBack", g.cost, g."costSaid", g.unpriced,
      g.at::text as place, ${NAMES[by] ?? 'null::text'} as name${also}
    from g ${sorted.replaceAll('part', 'g.part').replaceAll('key', 'g.key')}`
}

/** A cursor that was changed by hand begins anew. */
function edgeOf(after: ReportCursor | null, sort: ReportSort, isNumber: boolean): ReportCursor | null {
  if (after === null || (isNumber && !/^\d{1,9}$/.test(after.key))) return null
  return sort === 'name' ? { ...after, place: after.key } : after
}
