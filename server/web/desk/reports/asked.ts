import { reportBys, type ReportBy, type ReportFilter, reportSorts, type ReportSort } from '../../../reports/filter.ts'
import { type ReportCursor } from '../../../reports/report.ts'
import { dayAfter, dayOf, isDay } from './days.ts'

/** What a report's address asks for; whatever cannot be read is left out. */
export interface AskedReport {
  readonly filter: ReportFilter
  readonly sort: ReportSort
  readonly after: ReportCursor | null
}

const DAYS_AT_FIRST = 7

export function askedReport(query: URLSearchParams, now: Date): AskedReport {
  const by = reportBys.find((one) => one === query.get('by')) ?? 'day'
  const today = dayOf(now)
  const [from, to] = [query.get('from'), query.get('to')]
  const last = isDay(to) ? to : today
  const first = isDay(from) ? from : by === 'hour' ? last : dayAfter(last, 1 - DAYS_AT_FIRST)
  const sort = reportSorts.find((one) => one === query.get('sort')) ?? (isTime(by) ? 'name' : 'sold')
  const filter: ReportFilter = {
    by,
    from: first < last ? first : last,
    to: first < last ? last : first,
    currency: /^[A-Z]{3}$/.test(query.get('currency') ?? '') ? query.get('currency') : null,
    service: numberIn(query.get('service')),
    category: textIn(query.get('category')),
    customer: numberIn(query.get('customer')),
    supplier: numberIn(query.get('supplier')),
  }
  return { filter, sort, after: cursorIn(query, sort) }
}

export function isTime(by: ReportBy): boolean {
  return by === 'hour' || by === 'day' || by === 'month'
}

/** The address of a report without its page. */
export function parametersOf({ filter, sort }: Omit<AskedReport, 'after'>): Record<string, string | number | null> {
  return { ...filter, sort }
}

function numberIn(text: string | null): number | null {
  return /^\d{1,9}$/.test(text ?? '') ? Number(text) : null
}

function textIn(text: string | null): string | null {
  return text === null || text === '' ? null : text.slice(0, 200)
}

/** `after` is "place|currency|key"; the key comes last because a category may contain anything. */
function cursorIn(query: URLSearchParams, sort: ReportSort): ReportCursor | null {
  const [, place, currency, key] = /^([^|]*)\|([A-Z]{3})\|([^]*)$/.exec(query.get('after') ?? '') ?? []
  if (place === undefined || (sort !== 'name' && !/^-?\d{1,18}$/.test(place))) return null
  // A place by name is a category, which may contain the separator too; then the page begins anew.
  return { place, currency: currency!, key: key! }
}

export function cursorText({ place, currency, key }: ReportCursor): string {
  return `${place}|${currency}|${key}`
}
