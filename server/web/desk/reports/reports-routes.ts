import type { FastifyReply } from 'fastify'
import { reportExport } from '../../../acts/report-export.ts'
import { readCategories, readSupplierNames } from '../../../reports/names.ts'
import { readCountedAt } from '../../../reports/read.ts'
import { readReportPage } from '../../../reports/kept.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import { address } from '../../ui/page-links.tsx'
import { DESK, type Desk, type DeskContext } from '../desk.ts'
import { FILES } from '../jobs/files-routes.ts'
import { dayIn } from '../money/asked.ts'
import { askedReport } from './asked.ts'

const ROWS_OF_A_PAGE = 100

export function routeReports(desk: Desk) {
  desk.page('/reports', 'money.read', showReport)
  desk.page('/reports/owed', 'money.read', leadToOwed)
  desk.form('/reports/export', 'money.read', takeOut)
}

async function showReport(context: DeskContext): Promise<FastifyReply> {
  const { reportsPage } = await import('./reports.tsx')
  const { db, query, now } = context
  const asked = askedReport(query, now)
  const page = { sort: asked.sort, after: asked.after, most: ROWS_OF_A_PAGE + 1 }
  const { rows, totals, countedAt } = (await readReportPage(context.house, asked.filter, page, now)) ?? {
    totals: [],
    countedAt: await readCountedAt(db),
  }
  return context.send(
    reportsPage(context, {
      asked,
      rows: rows?.slice(0, ROWS_OF_A_PAGE),
      isMore: rows !== undefined && rows.length > ROWS_OF_A_PAGE,
      totals,
      categories: await readCategories(db),
      suppliers: await readSupplierNames(db),
      countedAt,
    }),
  )
}

/** What is owed has one page, among those about money. */
async function leadToOwed({ query, reply }: DeskContext): Promise<FastifyReply> {
  return reply.redirect(address(`${DESK}/money/owed`, { day: dayIn(query, 'day') }), 301)
}

/** Takes the whole report out as a file, which a job writes. */
async function takeOut(context: DeskContext): Promise<FastifyReply> {
  const fields = new URLSearchParams(context.request.body as Record<string, string>)
  const { filter } = askedReport(fields, context.now)
  const given = Object.entries({ ...filter, format: fields.get('format') }).filter(([, value]) => value !== null)
  return leadBack(context, FILES, await runOnDesk(context, reportExport, Object.fromEntries(given)))
}
