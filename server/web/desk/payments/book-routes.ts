import { listCoupons } from '../../../payments/coupon-book.ts'
import { readSource } from '../../../payments/rate-source.ts'
import { listRates } from '../../../payments/rates.ts'
import { compareDay, listReportDays } from '../../../payments/reports.ts'
import { findMethodToSetUp } from '../../../payments/set-up.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { MOST, numberIn } from '../money/asked.ts'

/** Routes what belongs to payments beside them: coupons, exchange rates, and what gateways report. */
export function routePaymentBooks(desk: Desk) {
  desk.page('/payments/coupons', 'payments.read', showCoupons)
  desk.page('/payments/rates', 'payments.read', showRates)
  desk.page('/payments/reconciliation', 'payments.read', showReports)
  desk.page('/payments/reconciliation/:method/:day', 'payments.read', showReport)
}

async function showCoupons(context: DeskContext) {
  const { couponsPage } = await import('./coupons.tsx')
  const before = numberIn(context.query.get('before') ?? undefined)
  const found = await listCoupons(context.db, { before, most: MOST + 1 })
  return context.send(couponsPage(context, { rows: found.slice(0, MOST), hasMore: found.length > MOST, isFirst: before === null }))
}

async function showRates(context: DeskContext) {
  const { ratesPage } = await import('./rates.tsx')
  const [rows, source] = await Promise.all([listRates(context.db), readSource(context.db)])
  return context.send(ratesPage(context, { rows, source, terms: context.house.settings().rates }))
}

const DAYS_SHOWN = 31
const DAY_MS = 86_400_000

async function showReports(context: DeskContext) {
  const { reconciliationPage } = await import('./reconciliation.tsx')
  const until = dayIn(context.query.get('until') ?? '') ?? dayOf(context.now.getTime())
  const from = dayOf(Date.parse(until) - (DAYS_SHOWN - 1) * DAY_MS)
  const days = await listReportDays(context.db, from, until)
  return context.send(reconciliationPage(context, { days, from, until, before: dayOf(Date.parse(from) - DAY_MS) }))
}

async function showReport(context: DeskContext) {
  const { reportPage } = await import('./report.tsx')
  const method = await findMethodToSetUp(context.db, numberIn(context.params['method']) ?? 0)
  const day = dayIn(context.params['day'] ?? '') ?? dayOf(context.now.getTime())
  const [rows, days] = await Promise.all([compareDay(context.db, method.id, day), listReportDays(context.db, day, day)])
  return context.send(reportPage(context, { method, day, rows, stands: days.find(({ methodId }) => methodId === method.id) }))
}

function dayIn(text: string): string | undefined {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
