import type { LongReads } from '../db/long-reads.ts'
import { type Database, type Queryable, transaction } from '../db/pool.ts'
import type { ReportFilter } from './filter.ts'
import { readCountedAt, TOTALS, type Totals } from './read.ts'
import { addUpReport, groupsText, pageText, parameters, readReportTotals, type ReportPage, type ReportRow } from './report.ts'
import { sourceOf } from './sums.ts'

/** More sums than this take too long to be added up for each look at a page. */
const MOST_ADDED_UP_AT_ONCE = 4000
const MOST_KEPT = 20

/** The database, and where what may be some seconds old is read. */
export interface ReportSources {
  readonly db: Queryable
  readonly longReads: LongReads
}

export interface ReportSeen {
  readonly rows: ReportRow[]
  readonly totals: Totals[]
  /** Everything that was committed before this is in the figures; null: nothing was added up yet. */
  readonly countedAt: Date | null
}

/** A page of a report for somebody who looks at it. A large one is added up at the first look only; then it is kept, a few minutes old, for as long as
 * somebody comes back to it. Undefined: the sums do not know what is asked for. */
export async function readReportPage(
  { db, longReads }: ReportSources,
  filter: ReportFilter,
  page: ReportPage,
  now: Date,
): Promise<ReportSeen | undefined> {
  const asked = askedFor(filter, dayOf(now))
  const kept = isWide(filter) ? await findKept(db, filter, asked, now) : undefined
  if (kept !== undefined) return { ...(await readKept(db, kept.id, filter, page)), countedAt: kept.countedAt }
  const { report, totals, countedAt } = await longReads.read(db, async (old) => ({
    countedAt: await readCountedAt(old),
    report: await addUpReport(old, filter, page),
    totals: await readReportTotals(old, filter),
  }))
  if (report === undefined || totals === undefined) return undefined
  if (isWide(filter) && report.read > MOST_ADDED_UP_AT_ONCE) await db.query(NOTE, [asked, now])
  return { rows: report.rows, totals, countedAt }
}

/** Whether its rows may be thousands, or made of thousands. */
function isWide({ by, service, customer, category }: ReportFilter): boolean {
  return (by === 'service' || by === 'category' || by === 'customer') && service === null && customer === null && category === null
}

/** What is the same tomorrow for a report of the last days: how many they are. */
function askedFor({ by, from, to, currency, service, category, customer, supplier }: ReportFilter, today: string): string {
  const filter = { by, currency, service, category, customer, supplier }
  return JSON.stringify(to === today ? { ...filter, days: daysBetween(from, to) } : { ...filter, from, to })
}

function filterOf(asked: string, today: string): ReportFilter {
  const { days, ...filter } = JSON.parse(asked) as ReportFilter & { days?: number }
  return days === undefined ? filter : { ...filter, from: dayOf(new Date(Date.parse(today) - days * DAY_MS)), to: today }
}

const DAY_MS = 86_400_000

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10)
}

const NOTE = 'insert into kept_reports (asked, asked_at) values ($1, $2) on conflict (asked) do update set asked_at = excluded.asked_at'
const FIND = `
  select k.id, k.counted_at as "countedAt", k.asked_at as "askedAt" from kept_reports k, report_state s
  where k.asked = $1 and k.from_day = $2 and k.to_day = $3 and k.counted_at > s.counted_at - interval '30 minutes'`

interface Kept {
  readonly id: number
  readonly countedAt: Date
}

async function findKept(db: Queryable, { from, to }: ReportFilter, asked: string, now: Date): Promise<Kept | undefined> {
  const { rows } = await db.query<Kept & { askedAt: Date }>({ name: 'kept report', text: FIND, values: [asked, from, to] })
  // That it is still asked for is noted once an hour.
  if (rows[0] && now.getTime() - rows[0].askedAt.getTime() > 3_600_000) await db.query(NOTE, [asked, now])
  return rows[0]
}

const SUMS = 'orders, sold, refunds, given_back as "givenBack", cost, cost_said as "costSaid", unpriced'
const KEPT_TOTALS = `select r.currency, ${TOTALS} from kept_report_rows r where r.report_id = $1 group by r.currency order by r.currency`

async function readKept(db: Queryable, id: number, filter: ReportFilter, page: ReportPage): Promise<Omit<ReportSeen, 'countedAt'>> {
  const { bind, values } = parameters()
  const part = filter.by === 'category' ? 'key' : 'key::int'
  const groups = `select ${part} as part, currency, ${SUMS} from kept_report_rows where report_id = ${bind(id)}`
  const { rows } = await db.query<ReportRow>(pageText({ by: filter.by, groups, also: '' }, page, bind), values)
  return { rows, totals: (await db.query<Totals>({ name: 'totals of a kept report', text: KEPT_TOTALS, values: [id] })).rows }
}

const FORGET = `
  delete from kept_reports where asked_at < $1::timestamptz - interval '8 days'
    or id in (select id from kept_reports order by asked_at desc, id offset ${MOST_KEPT})`
/** The reports that the desk shows before anything is chosen, where they are large: kept whether anybody has asked for them or not. */
const USUAL = (['service', 'category', 'customer'] as const).map((by) =>
  JSON.stringify({ by, currency: null, service: null, category: null, customer: null, supplier: null, days: 6 }),
)
const NOTE_USUAL = `
  insert into kept_reports as k (asked, asked_at) select asked, $1 from unnest($2::text[]) as asked
  where (select count(*) from (select from account_days where day >= $3::date - 6 limit ${MOST_ADDED_UP_AT_ONCE + 1}) r) > ${MOST_ADDED_UP_AT_ONCE}
  on conflict (asked) do update set asked_at = excluded.asked_at where k.asked_at < excluded.asked_at - interval '1 day'`
const TAKE_DUE = `
  select k.id, k.asked, s.counted_at as "countedAt" from kept_reports k, report_state s
  where s.counted_at is not null
    and (k.counted_at is null or k.counted_at < s.counted_at - interval '10 minutes' or (k.to_day < $1::date and k.asked like '%"days":%'))
  order by k.counted_at nulls first limit 1 for update of k skip locked`
const CLEAR = 'delete from kept_report_rows where report_id = $1'
const KEEP = 'update kept_reports set from_day = $2, to_day = $3, counted_at = $4 where id = $1'

/** Adds up one of the reports that are kept, anew or for the first time. Answers how many it was: one, or none is due. */
export async function keepReport(db: Database, now: Date): Promise<number> {
  return transaction(db, async (tx) => {
    const today = dayOf(now)
    await tx.query(FORGET, [now])
    await tx.query(NOTE_USUAL, [now, USUAL, today])
    const { rows } = await tx.query<{ id: number; asked: string; countedAt: Date }>(TAKE_DUE, [today])
    if (rows[0] === undefined) return 0
    const { id, asked, countedAt } = rows[0]
    const filter = filterOf(asked, today)
    const { bind, values } = parameters()
    const groups = groupsText(filter, sourceOf(filter)!, bind)
    const columns = 'currency, orders, sold, refunds, "givenBack", cost, "costSaid", unpriced'
    await tx.query(CLEAR, [id])
    await tx.query(
      `insert into kept_report_rows select ${bind(id)}, part::text, ${columns} from (${groups}) g order by part, currency`,
      values,
    )
    await tx.query(KEEP, [id, filter.from, filter.to, countedAt])
    return 1
  })
}
