import { type Queryable, type Transaction, transaction } from '../db/pool.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'
import { pauseAfter } from '../loops/back-off.ts'
import { after } from '../loops/time.ts'
import { eachByItself } from '../loops/by-itself.ts'
import { formatAmount } from './amounts.ts'
import type { ReportedReceipt } from './gateway.ts'
import { askGateway, findMethod, gatewayCan, type MethodRow, readMethods } from './methods.ts'
import type { PaymentContext } from './payments.ts'
import { openDifferences } from './reports.ts'

const DAY_MS = 86_400_000
/** A new node asks for so many days that it missed. */
const MOST_DAYS = 31
/** Then the day stays unknown, and the page says so. */
const GIVEN_UP_DAYS = 14

// Gateways need a while to know what a day was.
const NOTE = `
  insert into payment_report_days (method_id, day, asked_at, due_at)
  select $1, d::date, $3::timestamptz, d + interval '1 day' + interval '2 hours'
  from generate_series(
    greatest(
      coalesce((select max(day) + 1 from payment_report_days where method_id = $1), $2::date),
      $2::date - ${MOST_DAYS}
    )::timestamp at time zone 'utc',
    $2::date::timestamp at time zone 'utc', interval '1 day'
  ) d
  on conflict (method_id, day) do nothing`
const WAS_USED = 'select from payments where method_id = $1 limit 1'

/** Notes the days of which gateways are asked for their report: each day that has ended, once the method was used. Answers how many methods there are. */
export async function noteReportDays({ db, now, gateways }: PaymentContext): Promise<number> {
  const yesterday = new Date(now().getTime() - DAY_MS).toISOString().slice(0, 10)
  const methods = (await readMethods(db)).filter((method) => gatewayCan(gateways, method, 'reported'))
  for (const { id } of methods) {
    if ((await db.query({ name: 'was used', text: WAS_USED, values: [id] })).rowCount === 1) await db.query(NOTE, [id, yesterday, now()])
  }
  return methods.length
}

interface Due {
  readonly methodId: number
  /** Like `2026-11-28`. */
  readonly day: string
  readonly tries: number
}

const CLAIM = `
  with due as (
    select method_id, day from payment_report_days where due_at <= $1 order by due_at limit 5 for update skip locked
  )
  update payment_report_days d set tries = tries + 1, asked_at = $1,
    due_at = case when d.day > $1::date - ${GIVEN_UP_DAYS} then $1::timestamptz + interval '15 minutes' end
  from due where d.method_id = due.method_id and d.day = due.day
  returning d.method_id as "methodId", d.day::text as day, d.tries`

/** Asks gateways for the reports that are due, and compares them; each is claimed by one node. Answers how many were asked for. */
export async function askForReports(context: PaymentContext): Promise<number> {
  const { rows } = await context.db.query<Due>({ name: 'due reports', text: CLAIM, values: [context.now()] })
  await eachByItself(rows, (due) => askForReport(context, due))
  return rows.length
}

const LATER = 'update payment_report_days set due_at = $3 where method_id = $1 and day = $2::date and due_at is not null'
const PAUSES = { first: 900, factor: 2, longest: 6 * 3600 }

async function askForReport(context: PaymentContext, { methodId, day, tries }: Due): Promise<void> {
  const method = (await findMethod(context.db, methodId))!
  const lines = await reportOf(context, method, day)
  if (lines === null) {
    await context.db.query(LATER, [methodId, day, after(context.now(), pauseAfter(tries - 1, PAUSES))])
    return
  }
  await transaction(context.db, (tx) => keepReport(tx, methodId, day, lines, context.now()))
  await tellOfDifferences(context)
}

async function reportOf({ gateways }: PaymentContext, method: MethodRow, day: string): Promise<readonly ReportedReceipt[] | null> {
  const from = new Date(`${day}T00:00:00Z`)
  const until = new Date(from.getTime() + DAY_MS)
  const lines = await askGateway(gateways, method, async (gateway) => (await gateway.reported?.({ from, until })) ?? null)
  return lines !== null && 'kind' in lines ? null : lines
}

const FORGET = 'delete from payment_reports where method_id = $1 and day = $2::date'
const KEEP = `
  insert into payment_reports (method_id, day, their_id, amount, currency, fee, at, reference)
  select $1, $2::date, * from unnest($3::text[], $4::numeric[], $5::text[], $6::numeric[], $7::timestamptz[], $8::text[])
  on conflict (method_id, day, their_id) do nothing`
const ANSWERED = 'update payment_report_days set answered_at = $3, due_at = null where method_id = $1 and day = $2::date'

async function keepReport(tx: Transaction, methodId: number, day: string, lines: readonly ReportedReceipt[], now: Date): Promise<void> {
  await tx.query(FORGET, [methodId, day])
  const columns = [
    lines.map(({ id }) => id),
    lines.map(({ amount, currency }) => formatAmount(amount, currency)),
    lines.map(({ currency }) => currency),
    lines.map(({ fee, currency }) => fee && formatAmount(fee, currency)),
    lines.map(({ at }) => at),
    lines.map(({ reference }) => reference),
  ]
  await tx.query(KEEP, [methodId, day, ...columns])
  await tx.query(ANSWERED, [methodId, day, now])
}

/** Tells staff of what differs and nobody has explained, and that it is over. Answers how much there is. */
export async function tellOfDifferences({ db, now }: { readonly db: Queryable; readonly now: () => Date }): Promise<number> {
  const open = await openDifferences(db, now())
  const alert = { kind: 'payment reports differ', supplierId: null, orderId: null } as const
  if (open.length === 0) await closeAlerts(db, alert, now())
  else {
    const words = open.slice(0, 10).map(({ method, day, count }) => `${method} on ${day}: ${count}`)
    await raiseAlert(db, { ...alert, words: `What gateways report and what is credited differ: ${words.join('; ')}` }, now())
  }
  return open.reduce((sum, { count }) => sum + count, 0)
}
