import type { ReportFilter } from './filter.ts'

/** The columns that every table of sums has. */
export const SUMS = ['orders', 'sold', 'refunds', 'given_back', 'cost', 'cost_said', 'unpriced'] as const

/** What sums are kept of, or why none are: each table keeps only some of what is known, so that it stays small. */
export type Source = 'hours' | 'suppliers' | 'services' | 'accounts'

interface Tables {
  readonly ids: readonly string[]
  /** The table of the shortest time, and its column. */
  readonly short: readonly [table: string, time: string]
  /** The table of whole months of the calendar. */
  readonly months: string | null
}

const TABLES: Readonly<Record<Source, Tables>> = {
  hours: { ids: ['supplier_id'], short: ['sold_hours', 'hour'], months: null },
  suppliers: { ids: ['supplier_id'], short: ['sold_days', 'day'], months: null },
  services: { ids: ['service_id', 'supplier_id'], short: ['service_days', 'day'], months: 'service_months' },
  accounts: { ids: ['account_id'], short: ['account_days', 'day'], months: 'account_months' },
}

/** Undefined: no table of sums knows both. */
export function sourceOf({ by, service, category, customer, supplier }: ReportFilter): Source | undefined {
  const ofServices = service !== null || category !== null || by === 'service' || by === 'category'
  const ofAccounts = customer !== null || by === 'customer'
  if (ofAccounts) return ofServices || supplier !== null || by === 'supplier' || by === 'hour' ? undefined : 'accounts'
  if (!ofServices) return by === 'hour' ? 'hours' : 'suppliers'
  return by === 'hour' ? undefined : 'services'
}

/** The rows of a table of sums that a report adds up, as `r`, with their time in `at`. Whole months are read from the sums of months, unless the report is by day.
 * Only the filters that were given are in the text, so that each is found by the index that fits. */
export function rowsOf(filter: ReportFilter, source: Source, bind: (value: unknown) => string): string {
  const { ids, short, months } = TABLES[source]
  const { currency, service, category, customer, supplier } = filter
  const conditions = [
    ...(currency === null ? [] : [`currency = ${bind(currency)}`]),
    ...(service === null ? [] : [`service_id = ${bind(service)}`]),
    ...(category === null ? [] : [`service_id in (select id from services where category = ${bind(category)})`]),
    ...(customer === null ? [] : [`account_id = ${bind(customer)}`]),
    ...(supplier === null ? [] : [`supplier_id = ${bind(supplier)}`]),
  ]
  const part = ([table, time]: readonly [string, string], [from, to]: Span) => {
    // An hour is compared as a moment: its index knows no days.
    const moment = (day: string) => (source === 'hours' ? `(${day}) at time zone 'utc'` : day)
    const within = [`${time} >= ${moment(`${bind(from)}::date`)}`, `${time} < ${moment(`${bind(to)}::date + 1`)}`]
    return `select ${time} as at, currency, ${[...ids, ...SUMS].join(', ')} from ${table} where ${[...within, ...conditions].join(' and ')}`
  }
  const whole = months === null || filter.by === 'day' ? undefined : wholeMonths(filter)
  if (months === null || whole === undefined) return `(${part(short, [filter.from, filter.to])}) r`
  const edges: readonly Span[] = [
    [filter.from, dayBeside(whole[0], -1)],
    [dayBeside(whole[1], 1), filter.to],
  ]
  const parts = [part([months, 'month'], whole), ...edges.filter(([from, to]) => from <= to).map((edge) => part(short, edge))]
  return `(${parts.join(' union all ')}) r`
}

/** The first and the last day, like 2026-03-01. */
type Span = readonly [from: string, to: string]

/** The months of the calendar that lie within two days; undefined: none does. */
function wholeMonths({ from, to }: Pick<ReportFilter, 'from' | 'to'>): Span | undefined {
  const first = from.endsWith('-01') ? from : monthBeside(from, 1)
  const end = dayBeside(to, 1)
  const last = dayBeside(end.endsWith('-01') ? end : monthBeside(end, 0), -1)
  return first < last ? [first, last] : undefined
}

function monthBeside(day: string, months: number): string {
  const [year, month] = day.split('-').map(Number)
  return isoDay(Date.UTC(year!, month! - 1 + months, 1))
}

function dayBeside(day: string, days: number): string {
  return isoDay(Date.parse(`${day}T00:00Z`) + days * 86_400_000)
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}
