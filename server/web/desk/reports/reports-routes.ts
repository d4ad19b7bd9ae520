import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { reportExport } from '../../../acts/report-export.ts'
import { readCategories, readSupplierNames } from '../../../reports/names.ts'
import { exportFormats, reportFile } from '../../../reports/export.ts'
import { readCountedAt, readOwed, readOwedOn } from '../../../reports/read.ts'
import { readReport, readReportTotals } from '../../../reports/report.ts'
import { runOnDesk } from '../act-routes.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { askedReport } from './asked.ts'
import { isDay } from './days.ts'

const ROWS_OF_A_PAGE = 100

export function routeReports(desk: Desk) {
  desk.page('/reports', 'money.read', showReport)
  desk.page('/reports/owed', 'money.read', showOwed)
  desk.form('/reports/export', 'money.read', takeOut)
}

async function showReport(context: DeskContext): Promise<FastifyReply> {
  const { reportsPage } = await import('./reports.tsx')
  const { db, query, now } = context
  const asked = askedReport(query, now)
  const rows = await readReport(db, asked.filter, { sort: asked.sort, after: asked.after, most: ROWS_OF_A_PAGE + 1 })
  return context.send(
    reportsPage(context, {
      asked,
      rows: rows?.slice(0, ROWS_OF_A_PAGE),
      isMore: rows !== undefined && rows.length > ROWS_OF_A_PAGE,
      totals: (await readReportTotals(db, asked.filter)) ?? [],
      categories: await readCategories(db),
      suppliers: await readSupplierNames(db),
      countedAt: await readCountedAt(db),
    }),
  )
}

async function showOwed(context: DeskContext): Promise<FastifyReply> {
  const { owedPage } = await import('./owed.tsx')
  const asked = context.query.get('day')
  const day = isDay(asked) ? asked : null
  const owed = day === null ? await readOwed(context.db) : await readOwedOn(context.db, day)
  return context.send(owedPage(context, { day, owed, countedAt: await readCountedAt(context.db) }))
}

/** The line in the log is written before the first byte is sent. */
async function takeOut(context: DeskContext): Promise<FastifyReply> {
  const fields = new URLSearchParams(context.request.body as Record<string, string>)
  const { filter } = askedReport(fields, context.now)
  const format = exportFormats.find((one) => one === fields.get('format')) ?? 'csv'
  const given = Object.entries({ ...filter, format }).filter(([, value]) => value !== null)
  await runOnDesk(context, reportExport, Object.fromEntries(given))
  const name = `report-by-${filter.by}-${filter.from}-${filter.to}.${format}`
  return context.reply
    .type(format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(Readable.from(reportFile(context.db, filter, format)))
}
