import type { Queryable } from '../db/pool.ts'
import { formatUnits } from '../ledger/money.ts'
import { marginOf } from './read.ts'
import type { ReportBy, ReportFilter } from './filter.ts'
import { readReport, type ReportCursor, type ReportRow } from './report.ts'

/** The rows of a report by name behind a place, for a file that is made piece by piece. `next`: the place behind them; null: they are the last. */
export async function reportPiece(
  db: Queryable,
  filter: ReportFilter,
  after: ReportCursor | null,
  most: number,
): Promise<{ readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly next: ReportCursor | null }> {
  const rows = (await readReport(db, filter, { sort: 'name', after, most })) ?? []
  const last = rows.at(-1)
  const next = last && rows.length === most ? { place: last.place, currency: last.currency, key: last.key } : null
  return { rows: rows.map((row) => shownRow(filter, row)), next }
}

/** The names of the columns of a report. */
export function reportColumns(filter: ReportFilter): string[] {
  return Object.keys(shownRow(filter, EMPTY))
}

/** A row for programs: amounts as decimal texts. */
export function shownRow({ by }: Pick<ReportFilter, 'by'>, row: ReportRow) {
  const named: Readonly<Partial<Record<ReportBy, string>>> = { [by]: row.key }
  return {
    ...named,
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
