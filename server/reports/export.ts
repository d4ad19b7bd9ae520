import type { Queryable } from '../db/pool.ts'
import { formatUnits } from '../ledger/money.ts'
import { marginOf } from './read.ts'
import type { ReportFilter } from './filter.ts'
import { readReport, type ReportCursor, type ReportRow } from './report.ts'

export const exportFormats = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]

const ROWS_AT_ONCE = 1000

/** A report as a file, in pieces, so that it never stands in memory as a whole. */
export async function* reportFile(db: Queryable, filter: ReportFilter, format: ExportFormat): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(Object.keys(shownRow(filter, EMPTY)))
  for await (const rows of reportPages(db, filter)) {
    const shown = rows.map((row) => shownRow(filter, row))
    yield shown.map((row) => (format === 'csv' ? csvLine(Object.values(row)) : `${JSON.stringify(row)}\n`)).join('')
  }
}

/** All rows of a report by name, page after page. */
async function* reportPages(db: Queryable, filter: ReportFilter): AsyncGenerator<ReportRow[]> {
  let after: ReportCursor | null = null
  for (;;) {
    const rows: ReportRow[] = (await readReport(db, filter, { sort: 'name', after, most: ROWS_AT_ONCE })) ?? []
    if (rows.length > 0) yield rows
    if (rows.length < ROWS_AT_ONCE) return
    after = rows.at(-1)!
  }
}

/** A row for programs: amounts as decimal texts. */
export function shownRow({ by }: Pick<ReportFilter, 'by'>, row: ReportRow): Readonly<Record<string, string | number | null>> {
  return {
    [by]: row.key,
    name: row.name,
    currency: row.currency,
    orders: Number(row.orders),
    sold: formatUnits(row.sold),
    refunds: Number(row.refunds),
    given_back: formatUnits(row.givenBack),
    cost: formatUnits(row.cost),
    cost_said: formatUnits(row.costSaid),
    margin: formatUnits(marginOf(row)),
    orders_without_cost: Number(row.unpriced),
  }
}

const EMPTY: ReportRow = { key: '', name: null, place: '', currency: '', orders: 0n, sold: 0n, refunds: 0n, givenBack: 0n, cost: 0n, costSaid: 0n, unpriced: 0n } // prettier-ignore

function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`
}

const AMOUNT = /^-?\d+(\.\d+)?$/

/** A name that begins like a formula is not computed when the file is opened as a sheet. */
function csvCell(value: string | number | null): string {
  const text = String(value ?? '')
  const safe = /^[=+\-@\t\r]/.test(text) && !AMOUNT.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
