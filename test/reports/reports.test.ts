import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ReportFilter } from '../../server/reports/filter.ts'
import { keepReport, readReportPage } from '../../server/reports/kept.ts'
import { readReport, readReportTotals, type ReportCursor, type ReportRow } from '../../server/reports/report.ts'
import { readsOnPrimary } from '../../server/db/long-reads.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
const { clock } = docket
const EVERYTHING = { currency: null, service: null, category: null, customer: null, supplier: null } as const
const filtered = (by: ReportFilter['by'], from: string, to: string): ReportFilter => ({ ...EVERYTHING, by, from, to })

const SUMS = 'orders, sold, refunds, given_back, cost, cost_said, unpriced'
const VALUES = (n: string) => `1, ${n} * 7 % 1000, ${n} % 2, ${n} % 3, ${n} % 50, ${n} % 20, ${n} % 5`
/** Services 1 to 9 are sold on each day of two years, and so many customers on the first two days of March 2026. */
const CUSTOMERS = 4100
const SERVICE_DAYS = `
  insert into service_days (day, currency, service_id, supplier_id, ${SUMS})
  select '2024-01-01'::date + d, case when s < 8 then 'USD' else 'EUR' end, s, s % 2, ${VALUES('(d * 31 + s)')}
  from generate_series(0, 729) d, generate_series(1, 9) s`
const ACCOUNT_DAYS = `
  insert into account_days (day, currency, account_id, ${SUMS})
  select '2026-03-01'::date + d, 'USD', a, ${VALUES('(d + a)')} from generate_series(0, 1) d, generate_series(1, ${CUSTOMERS}) a`
const added = (table: string, ids: string, from: string, time: string) => `
  insert into ${table} select ${time}, currency, ${ids}, ${SUMS.replaceAll(/\w+/g, 'sum($&)')} from ${from} group by 1, 2, ${ids}`

beforeAll(async () => {
  clock.forward({ days: 1 })
  for (const text of [
    SERVICE_DAYS,
    ACCOUNT_DAYS,
    added('service_months', 'service_id, supplier_id', 'service_days', `date_trunc('month', day)::date`),
    added('account_months', 'account_id', 'account_days', `date_trunc('month', day)::date`),
    added('sold_days', 'supplier_id', 'service_days', 'day'),
    added('sold_days', 'account_id % 10', 'account_days', 'day'),
  ])
    await docket.db.query(text)
  await docket.db.query('update report_state set counted_at = $1', [clock.now()])
})

describe('a report', () => {
  test('of any days comes to the sums of these days, whether they make up months or not', async () => {
    const day = fc.integer({ min: 0, max: 740 }).map((n) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10))
    const days = fc.sample(fc.tuple(day, day), { numRuns: 40, seed: 3 }).map((both) => both.toSorted())
    for (const [from, to] of [...days, ['2024-02-01', '2024-02-29'], ['2024-01-01', '2025-12-31'], ['2025-05-01', '2025-05-01']]) {
      const { rows } = await docket.db.query(
        `select service_id::text as key, currency, sum(orders)::bigint as orders, sum(sold)::bigint as sold, sum(cost)::bigint as cost
         from service_days where day between $1 and $2 group by service_id, currency order by service_id`,
        [from, to],
      )
      const report = await readReport(docket.db, filtered('service', from!, to!), { sort: 'name', after: null, most: 100 })
      expect(report!.map(({ key, currency, orders, sold, cost }) => ({ key, currency, orders, sold, cost }))).toEqual(rows)
      const months = await readReport(docket.db, { ...filtered('month', from!, to!), service: 3 }, { sort: 'name', after: null, most: 100 })
      expect(sumOf(months!)).toBe(report!.find(({ key }) => key === '3')!.sold)
      const totals = (await readReportTotals(docket.db, filtered('service', from!, to!)))!
      expect(sumOf(totals)).toBe(sumOf(report!))
    }
  })

  test.each(['name', 'sold', 'margin'] as const)('sorted by %s is read page after page, each row once', async (sort) => {
    const filter = filtered('service', '2025-03-05', '2025-07-09')
    const whole = (await readReport(docket.db, filter, { sort, after: null, most: 100 }))!
    const pages: ReportRow[] = []
    for (let after: ReportCursor | null = null; ;) {
      const rows: ReportRow[] = (await readReport(docket.db, filter, { sort, after, most: 2 }))!
      pages.push(...rows)
      if (rows.length < 2) break
      after = rows.at(-1)!
    }
    expect(pages).toEqual(whole)
    expect(new Set(whole.map(({ key, currency }) => `${key} ${currency}`)).size).toBe(9)
  })

  test('begins anew when its cursor was changed by hand', async () => {
    const filter = filtered('service', '2025-03-05', '2025-07-09')
    const first = await readReport(docket.db, filter, { sort: 'name', after: null, most: 3 })
    expect(await readReport(docket.db, filter, { sort: 'name', after: { key: "4'", place: 'x', currency: 'USD' }, most: 3 })).toEqual(first)
  })
})

describe('a large report', () => {
  const page = { sort: 'sold', after: null, most: 10 } as const
  const customers = () => filtered('customer', '2026-03-01', '2026-03-02')
  const seen = async (filter: ReportFilter) =>
    (await readReportPage({ db: docket.db, longReads: readsOnPrimary }, filter, page, clock.now()))!
  const kept = async () =>
    (await docket.db.query<{ asked: string }>('select asked from kept_reports order by asked')).rows.map(({ asked }) => JSON.parse(asked))
  const keep = async () => {
    let count = 0
    while ((await keepReport(docket.db, clock.now())) > 0) count += 1
    return count
  }

  test('is added up at the first look, then kept: what is seen is as old as it says', async () => {
    const filter = customers()
    const first = await seen(filter)
    expect(first.rows).toHaveLength(10)
    // Beside it, the three that the desk shows at first.
    expect(await keep()).toBe(4)
    expect(await keep()).toBe(0)
    expect(await seen(filter)).toEqual(first)

    await docket.db.query(`update account_days set sold = sold + 1000000 where account_id = 17 and day = '2026-03-02'`)
    const countedAt = clock.now()
    clock.forward({ minutes: 11 })
    await docket.db.query('update report_state set counted_at = $1', [clock.now()])
    expect(await seen(filter)).toEqual({ ...first, countedAt })
    expect(await keep()).toBe(4)
    const second = await seen(filter)
    expect(second).toMatchObject({ countedAt: clock.now(), rows: [{ key: '17' }, ...first.rows.slice(0, 9).map(({ key }) => ({ key }))] })
    const whole = await readReport(docket.db, filter, page)
    expect(second.rows).toEqual(whole)
  })

  test('is read page after page as it is kept, also by name', async () => {
    const filter = customers()
    const after = (await readReportPage(
      { db: docket.db, longReads: readsOnPrimary },
      filter,
      { sort: 'name', after: null, most: 4000 },
      clock.now(),
    ))!.rows.at(-1)!
    const last = (await readReportPage(
      { db: docket.db, longReads: readsOnPrimary },
      filter,
      { sort: 'name', after, most: 4000 },
      clock.now(),
    ))!
    expect(last.rows.map(({ key }) => Number(key))).toEqual(Array.from({ length: 100 }, (_, n) => 4001 + n))
    const ofAll = (await docket.db.query<{ sold: bigint }>('select sum(sold)::bigint as sold from account_days')).rows[0]!.sold
    expect(sumOf(last.totals)).toBe(ofAll)
  })

  test('that is too old is added up again at once', async () => {
    clock.forward({ minutes: 31 })
    await docket.db.query('update report_state set counted_at = $1', [clock.now()])
    expect((await seen(customers())).countedAt).toEqual(clock.now())
  })

  test('of the last days moves on with the day', async () => {
    clock.forward({ days: 1 })
    await docket.db.query('update report_state set counted_at = $1', [clock.now()])
    await keep()
    const { rows } = await docket.db.query(
      `select from_day::text as "from", to_day::text as "to" from kept_reports where asked like '%"days":1}'`,
    )
    expect(rows).toEqual([{ from: '2026-03-02', to: '2026-03-03' }])
  })

  test('is forgotten when nobody has asked for it for eight days', async () => {
    expect((await kept()).map(({ by, days }) => [by, days])).toEqual([
      ['category', 6],
      ['customer', 1],
      ['customer', 6],
      ['service', 6],
    ])
    clock.forward({ days: 9 })
    await keep()
    expect(await kept()).toEqual([])
    expect((await docket.db.query('select from kept_report_rows')).rows).toEqual([])
  })

  test('is not kept where it is small', async () => {
    await seen(filtered('service', '2025-01-01', '2025-12-31'))
    expect(await kept()).toEqual([])
  })
})

function sumOf(rows: readonly { readonly sold: bigint }[]): bigint {
  return rows.reduce((sum, { sold }) => sum + sold, 0n)
}
