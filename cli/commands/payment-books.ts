import type { Command } from 'commander'
import { couponAdd } from '../../server/acts/coupon-add.ts'
import { couponEnd } from '../../server/acts/coupon-end.ts'
import { shownCoupon } from '../../server/acts/coupon-fields.ts'
import { couponSet } from '../../server/acts/coupon-set.ts'
import { rateSet } from '../../server/acts/rate-set.ts'
import { rateSource } from '../../server/acts/rate-source.ts'
import { reconcileLook } from '../../server/acts/reconcile-look.ts'
import { reconcileSettle } from '../../server/acts/reconcile-settle.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { listCoupons } from '../../server/payments/coupon-book.ts'
import { listRates } from '../../server/payments/rates.ts'
import { listReportDays } from '../../server/payments/reports.ts'
import { addAct } from '../acts.ts'
import { withDatabase } from '../database.ts'
import { type Json, print, table } from '../output.ts'

const MOST = 200
const DAYS_MS = 31 * 86_400_000

/** Coupons, exchange rates, and what gateways report. */
export function addPaymentBookCommands(program: Command) {
  const coupon = program.command('coupon').description('coupons for deposits: add, list, change, end')
  addAct(coupon, couponAdd)
  addCouponList(coupon)
  for (const act of [couponSet, couponEnd]) addAct(coupon, act)

  const rate = program.command('rate').description('exchange rates for payments: set, list, and where they come from')
  addAct(rate, rateSet)
  addRateList(rate)
  addAct(rate, rateSource)

  const reconcile = program.command('reconcile').description('what gateways report beside what was credited: list, look, settle')
  addReportList(reconcile)
  for (const act of [reconcileLook, reconcileSettle]) addAct(reconcile, act)
}

function addCouponList(coupon: Command) {
  coupon
    .command('list')
    .description(`the ${MOST} newest coupons, with what they gave so far`)
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const found = await listCoupons(db, { before: null, most: MOST })
        const rows = found.map((row) => [
          String(row.id),
          row.code,
          `${row.basisPoints / 100} %`,
          row.times === null ? String(row.used) : `${row.used} of ${row.times}`,
          row.given.map(({ currency, units }) => `${formatUnits(units)} ${currency}`).join(', '),
          row.endedAt === null ? (row.until === null ? '' : `until ${row.until.toISOString()}`) : 'ended',
        ])
        print(options.json, found.map(shownCoupon), table(['id', 'code', 'gives', 'used', 'given', ''], rows))
      }),
    )
}

function addRateList(rate: Command) {
  rate
    .command('list')
    .description('the newest rate of each pair of currencies')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const found = await listRates(db)
        const rows = found.map((row) => [`1 ${row.base}`, `${row.rate} ${row.currency}`, row.source, row.at.toISOString()])
        print(options.json, found, table(['', 'rate', 'source', 'of'], rows))
      }),
    )
}

function addReportList(reconcile: Command) {
  reconcile
    .command('list')
    .description('the last month, by day and way to pay')
    .option('--json', 'answer in JSON')
    .action((options: Json) =>
      withDatabase(async (db) => {
        const day = (time: number) => new Date(time).toISOString().slice(0, 10)
        const found = await listReportDays(db, day(Date.now() - DAYS_MS), day(Date.now()))
        const rows = found.map((row) => [
          row.day,
          row.method,
          row.answeredAt === null ? 'not known yet' : `${row.matched} matched, ${row.open} to explain, ${row.settled} explained`,
          row.sums.map(({ currency, reported, here }) => `${reported} / ${here} ${currency}`).join(', '),
        ])
        print(options.json, found, table(['day', 'by', '', 'reported / credited'], rows))
      }),
    )
}
