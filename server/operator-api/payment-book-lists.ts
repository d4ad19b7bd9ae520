import { z } from 'zod'
import { shownCoupon } from '../acts/coupon-fields.ts'
import { listCoupons } from '../payments/coupon-book.ts'
import { listRates } from '../payments/rates.ts'
import { compareDay, listReportDays } from '../payments/reports.ts'
import { count, big, day as dayColumn, decimal, moment, word, yesNo } from './columns.ts'
import { list, type List, nextOf, number } from './list.ts'

const day = z.iso.date('It must be a day like 2026-12-31.')

/** Coupons, exchange rates, and what gateways report. */
export const paymentBookLists: readonly List[] = [
  list({
    name: 'coupons',
    does: 'coupons, the newest first, with how often they were used and what they gave so far',
    permission: 'payments.read',
    filters: z.object({}),
    row: z.object({
      coupon: count(),
      code: word(),
      percent: decimal(),
      most: decimal().nullable(),
      currency: word().nullable(),
      first_deposit_only: yesNo(),
      times: count().nullable(),
      used: count(),
      until: moment().nullable(),
      given: z.array(z.object({ currency: word(), amount: decimal() })).readonly(),
      created: moment(),
      ended: moment().nullable(),
    }),
    async read(db, _, { cursor, most }) {
      const rows = await listCoupons(db, { before: cursor === null ? null : Number(cursor), most })
      return { rows: rows.map(shownCoupon), next: nextOf(rows, most, (row) => row.id) }
    },
  }),
  list({
    name: 'exchange-rates',
    does: 'the newest exchange rate of each pair of currencies, as it was said: one of the base buys so much of the currency',
    permission: 'payments.read',
    filters: z.object({}),
    row: z.object({ base: word(), currency: word(), rate: decimal(), source: word(), at: moment(), noted: moment() }),
    async read(db) {
      const rows = await listRates(db)
      return { rows: rows.map(({ notedAt, ...row }) => ({ ...row, noted: notedAt })), next: null }
    },
  }),
  list({
    name: 'reconciliation-days',
    does: 'what gateways report beside what was credited: a row for each day and way to pay',
    permission: 'payments.read',
    filters: z.object({
      from: day.optional().describe('the first day (UTC); without it: 31 days before the last one'),
      until: day.optional().describe('the last one; without it: today'),
    }),
    row: z.object({
      method: count(),
      name: word(),
      day: dayColumn(),
      matched: count(),
      open: count(),
      settled: count(),
      sums: z.array(z.object({ currency: word(), reported: decimal(), here: decimal(), fees: decimal() })).readonly(),
      asked_times: count(),
      answered: moment().nullable(),
      next_asked: moment().nullable(),
    }),
    async read(db, { until: last, from: first }, { now }) {
      const until = last ?? dayBefore(now, 0)
      const from = first ?? dayBefore(new Date(until), DAYS)
      const rows = await listReportDays(db, from, until)
      const shown = rows.map(({ methodId, method, answeredAt, dueAt, tries, ...row }) => ({
        method: methodId,
        name: method,
        ...row,
        asked_times: tries,
        answered: answeredAt,
        next_asked: dueAt,
      }))
      return { rows: shown.slice(0, MOST_DAYS), next: null }
    },
  }),
  list({
    name: 'reconciliation',
    does: 'each payment of a day by one way to pay, as its gateway reports it and as it stands here; those that differ first',
    permission: 'payments.read',
    filters: z.object({
      method: number.max(2_147_483_647).optional().describe('number of the way to pay; without it: no rows'),
      day: day.optional().describe('the day (UTC); without it: yesterday'),
    }),
    row: z.object({
      receipt: word(),
      state: z.enum(['matched', 'other amount', 'missing here', 'missing there', 'refused', 'waits']),
      reported: decimal().nullable(),
      credited: decimal().nullable(),
      currency: word(),
      credited_currency: word().nullable(),
      fee: decimal().nullable(),
      at: moment(),
      reference: word().nullable(),
      payment: big().nullable(),
      settled_by: word().nullable(),
      settled: word().nullable(),
    }),
    async read(db, { method, day: wanted }, { now }) {
      const asked = wanted ?? dayBefore(now, 1)
      const rows = method === undefined ? [] : await compareDay(db, method, asked)
      const shown = rows.map((row) => ({
        receipt: row.theirId,
        state: row.state,
        reported: row.reported,
        credited: row.here,
        currency: row.currency,
        credited_currency: row.hereCurrency,
        fee: row.fee,
        at: row.at,
        reference: row.reference,
        payment: row.paymentId,
        settled_by: row.settledBy,
        settled: row.settledWords,
      }))
      return { rows: shown, next: null }
    },
  }),
]

const MOST_DAYS = 5000
const DAYS = 31

function dayBefore(time: Date, days: number): string {
  return new Date(time.getTime() - days * 86_400_000).toISOString().slice(0, 10)
}
