import { listAllOrders } from '../fulfilment/all-orders.ts'
import { ORDER_COLUMNS, orderRow } from '../fulfilment/order-row.ts'
import type { Queryable } from '../db/pool.ts'
import { addPiece, claimExport, type Export, letGoOfExport } from '../jobs/exports.ts'
import { csvLine } from '../reports/csv.ts'
import { reportColumns, reportPiece } from '../reports/export.ts'
import type { ReportFilter } from '../reports/filter.ts'
import type { ReportCursor } from '../reports/report.ts'
import { plainJson } from '../text.ts'
import type { House } from './house.ts'
import { filterOfOrders } from './order-export.ts'

const ROWS_AT_ONCE = 1000

/** Writes a file that nobody works on, or this one, until it is whole or the node stops. Each piece is written once, with the place behind it, so that a node
 * that is killed leaves a file that any node goes on with. Answers how many pieces it wrote. */
export async function workExport(
  { db, longReads, now }: Pick<House, 'db' | 'longReads' | 'now'>,
  isStopping: () => boolean = () => false,
  id: bigint | null = null,
): Promise<number> {
  let file = await claimExport(db, now(), id)
  if (!file) return 0
  const claimed = file.id
  let worked = 0
  try {
    while (file && file.endedAt === null && !isStopping()) {
      const working = file
      const { columns, rows, next } = await longReads.read(db, (old) => rowsOf(old, working))
      const text = textOf(file, columns, rows)
      file = await addPiece(db, file, { text, rows: rows.length, next }, now())
      worked += 1
    }
    return worked
  } finally {
    await letGoOfExport(db, claimed)
  }
}

interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  readonly next: object | null
}

async function rowsOf(db: Queryable, { kind, filter, place }: Export): Promise<Rows> {
  switch (kind) {
    case 'report': {
      const asked = filter as ReportFilter
      return { columns: reportColumns(asked), ...(await reportPiece(db, asked, place as ReportCursor | null, ROWS_AT_ONCE)) }
    }
    case 'orders': {
      const before = place === null ? null : BigInt((place as { before: string }).before)
      const { orders, next } = await listAllOrders(db, filterOfOrders(filter), { before, most: ROWS_AT_ONCE })
      return { columns: ORDER_COLUMNS, rows: orders.map(orderRow), next: next === null ? null : { before: String(next) } }
    }
    default:
      return kind satisfies never
  }
}

function textOf({ format, parts }: Export, columns: Rows['columns'], rows: Rows['rows']): string {
  if (format === 'jsonl') return rows.map((row) => `${plainJson(row)}\n`).join('')
  return (parts === 0 ? csvLine(columns) : '') + rows.map((row) => csvLine(columns.map((column) => row[column]))).join('')
}
