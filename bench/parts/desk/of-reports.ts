import { readCategories, readSupplierNames } from '../../../server/reports/names.ts'
import { readOwedOnDay } from '../../../server/reports/owed-on-day.ts'
import { readOwed } from '../../../server/ledger/owed.ts'
import { readCountedAt, readHours } from '../../../server/reports/read.ts'
import type { ReportFilter, ReportSort } from '../../../server/reports/filter.ts'
import { keepReport, readReportPage } from '../../../server/reports/kept.ts'
import { readsOnPrimary } from '../../../server/db/long-reads.ts'
import type { Database } from '../../../server/db/pool.ts'
import { readTroubles } from '../../../server/reports/attention.ts'
import { troubleKinds } from '../../../server/reports/trouble-kinds.ts'
import { type Ask, ask, daysAgo, now } from './ask.ts'

const day = (days: number) => daysAgo(days).toISOString().slice(0, 10)
const A_REPORT = { currency: null, service: null, category: null, customer: null, supplier: null }
const report = (name: string, filter: Pick<ReportFilter, 'by'> & Partial<ReportFilter>, sort: ReportSort = 'sold') =>
  ask(`report ${name}`, (db) =>
    readReportPage(
      { db, longReads: readsOnPrimary },
      { ...A_REPORT, from: day(6), to: day(0), ...filter },
      { sort, after: null, most: 101 },
      now,
    ),
  )
/** A report that has thousands of sums: it is kept from the second look on. */
const wideReport = (...given: Parameters<typeof report>): Ask[] => {
  const { name, ask: look } = report(...given)
  const before = async (db: Database) => {
    await look(db, 0n)
    while ((await keepReport(db, now)) > 0);
  }
  return [
    { name: `${name}: the first look`, ask: look, isOnce: true },
    { name, ask: look, before },
  ]
}
const month = { from: day(29), to: day(0) }
const year = { from: day(364), to: day(0) }
const wholeMonth = {
  from: `${day(45).slice(0, 7)}-01`,
  to: new Date(Date.UTC(+day(45).slice(0, 4), +day(45).slice(5, 7), 0)).toISOString().slice(0, 10),
}

export const ofReports: readonly Ask[] = [
  ask('Today: the hours of three weeks', (db) => readHours(db, daysAgo(21), now)),
  ask('Today: owed now, counted until', async (db) => [await readOwed(db), await readCountedAt(db)]),
  ...troubleKinds.map((kind) => ask(`attention: ${kind}`, (db) => readTroubles(db, [kind], 101, now))),
  report('by hour, a day', { by: 'hour', from: day(1), to: day(1) }, 'name'),
  report('by hour, a month', { by: 'hour', ...month }, 'name'),
  report('by day, a week', { by: 'day' }, 'name'),
  report('by day, a year', { by: 'day', ...year }, 'name'),
  report('by month, a year', { by: 'month', ...year }, 'name'),
  report('by supplier, a week', { by: 'supplier' }),
  report('by supplier, a year', { by: 'supplier', ...year }),
  ...(['service', 'category', 'customer'] as const).flatMap((by) => [
    ...wideReport(`by ${by}, a day`, { by, from: day(1), to: day(1) }),
    ...wideReport(`by ${by}, a week`, { by }),
    report(`by ${by}, a week, by margin`, { by }, 'margin'),
    report(`by ${by}, a week, by name`, { by }, 'name'),
    ...wideReport(`by ${by}, a month of the calendar`, { by, ...wholeMonth }),
    ...wideReport(`by ${by}, 30 days`, { by, ...month }),
    ...wideReport(`by ${by}, a year`, { by, ...year }),
  ]),
  report('by day, a service, a year', { by: 'day', service: 4711, ...year }, 'name'),
  report('by month, a service, a year', { by: 'month', service: 4711, ...year }, 'name'),
  report('by day, a customer, a year', { by: 'day', customer: 4321, ...year }, 'name'),
  report('by day, a category, 30 days', { by: 'day', category: 'Quay Podcast plays 12', ...month }, 'name'),
  report('by service, a category, 30 days', { by: 'service', category: 'Quay Podcast plays 12', ...month }),
  report('by service, a supplier, a week', { by: 'service', supplier: 107 }),
  report('by service, a supplier, 30 days', { by: 'service', supplier: 107, ...month }),
  ask('names to choose from', async (db) => [await readCategories(db), await readSupplierNames(db)]),
  ask('owed at the end of a day', (db) => readOwedOnDay(db, day(40))),
  ask('owed at the end of today', (db) => readOwedOnDay(db, day(0))),
]
