import type { Queryable } from '../db/pool.ts'
import { formatAmount, readAmount } from './amounts.ts'
import { refuse } from '../refusal.ts'

/**
 * `matched`: both have it; `other amount`: with different amounts; `missing here`: only the gateway has it; `missing there`: only we have credited it;
 * `waits`: it came here too, and a person must decide about it; `refused`: a person has decided that it is nobody's.
 */
export type Compared = 'matched' | 'other amount' | 'missing here' | 'missing there' | 'waits' | 'refused'

/** One payment of a day, as the gateway and we have it. Amounts are decimal texts in the currency that came. */
export interface ComparedRow {
  readonly theirId: string
  readonly state: Compared
  readonly reported: string | null
  readonly here: string | null
  readonly currency: string
  readonly hereCurrency: string | null
  readonly fee: string | null
  readonly at: Date
  readonly reference: string | null
  readonly receiptId: bigint | null
  readonly paymentId: bigint | null
  /** Who explained the difference, and how. */
  readonly settledBy: string | null
  readonly settledWords: string | null
}

// What came within an hour of midnight may stand in the report of the day after, so it is not missed before that is there.
const COMPARED = `
  with days as (
    select d.method_id, d.day, d.day::timestamp at time zone 'utc' as since, (d.day + 1)::timestamp at time zone 'utc' as until,
      exists (select from payment_report_days n where n.method_id = d.method_id and n.day = d.day + 1 and n.answered_at is not null) as next_is_there
    from payment_report_days d where d.answered_at is not null and $DAYS
  ), pairs as (
    select p.method_id, p.day, p.their_id, p.amount, p.currency, p.fee, p.at, p.reference, r.id as receipt_id, r.payment_id, r.amount as here,
      r.currency as here_currency, r.state
    from days d join payment_reports p on p.method_id = d.method_id and p.day = d.day
      left join payment_receipts r on r.method_id = p.method_id and r.their_id = p.their_id
    union all
    select r.method_id, d.day, r.their_id, null, r.currency, null, r.at, null, r.id, r.payment_id, r.amount, r.currency, r.state
    from days d join payment_receipts r on r.method_id = d.method_id and r.at >= d.since and r.at < d.until
    where r.state in ('credited', 'matched') and (d.next_is_there or r.at < d.until - interval '1 hour')
      and not exists (select from payment_reports p where p.method_id = r.method_id and p.their_id = r.their_id)
  ), compared as (
    select p.*, s.settled_by, s.words, case
      when p.amount is null then 'missing there'
      when p.receipt_id is null then 'missing here'
      when p.state = 'review' then 'waits'
      when p.state = 'refused' then 'refused'
      when p.amount <> p.here or p.currency <> p.here_currency then 'other amount'
      else 'matched' end as compared
    from pairs p left join payment_report_settlements s on s.method_id = p.method_id and s.their_id = p.their_id
  )`
const OF_A_DAY = `${COMPARED.replace('$DAYS', 'd.method_id = $1 and d.day = $2::date')}
  select their_id as "theirId", compared as state, trim_scale(amount)::text as reported, trim_scale(here)::text as here, currency,
    here_currency as "hereCurrency", trim_scale(fee)::text as fee, at, reference, receipt_id as "receiptId", payment_id as "paymentId",
    settled_by as "settledBy", words as "settledWords"
  from compared order by compared = 'matched', settled_by is not null, at, their_id`

/** Every payment of a day by this method, those that differ first. */
export async function compareDay(db: Queryable, methodId: number, day: string): Promise<ComparedRow[]> {
  const { rows } = await db.query<ComparedRow>({ name: 'compared day', text: OF_A_DAY, values: [methodId, day] })
  return rows.map((row) => ({
    ...row,
    reported: usual(row.reported, row.currency),
    here: usual(row.here, row.hereCurrency ?? row.currency),
    fee: usual(row.fee, row.currency),
  }))
}

/** How a day stands. */
export interface ReportDay {
  readonly methodId: number
  readonly method: string
  readonly day: string
  readonly tries: number
  /** Null: the gateway has not answered yet. */
  readonly answeredAt: Date | null
  /** When it is asked next; null: it is not. */
  readonly dueAt: Date | null
  readonly matched: number
  /** Differences that nobody has explained. */
  readonly open: number
  readonly settled: number
  /** By currency, in whole currency: what the gateway reports, and what was credited of it here. */
  readonly sums: readonly { readonly currency: string; readonly reported: string; readonly here: string; readonly fees: string }[]
}

const DIFFERS = `compared in ('other amount', 'missing here', 'missing there', 'waits')`
const DAYS = `${COMPARED.replace('$DAYS', 'd.day >= $1::date and d.day <= $2::date')}
  select d.method_id as "methodId", m.name as method, d.day::text as day, d.tries, d.answered_at as "answeredAt", d.due_at as "dueAt",
    count(*) filter (where compared in ('matched', 'refused'))::int as matched,
    count(*) filter (where ${DIFFERS} and settled_by is null)::int as open, count(*) filter (where ${DIFFERS} and settled_by is not null)::int as settled,
    coalesce((
      select jsonb_agg(jsonb_build_object('currency', s.currency, 'reported', s.reported, 'here', s.here, 'fees', s.fees) order by s.currency)
      from (
        select currency, trim_scale(coalesce(sum(amount), 0))::text as reported, trim_scale(coalesce(sum(fee), 0))::text as fees,
          trim_scale(coalesce(sum(here) filter (where state in ('credited', 'matched') and here_currency = currency), 0))::text as here
        from compared e where e.method_id = d.method_id and e.day = d.day group by currency
      ) s), '[]') as sums
  from payment_report_days d join payment_methods m on m.id = d.method_id left join compared c on c.method_id = d.method_id and c.day = d.day
  where d.day >= $1::date and d.day <= $2::date
  group by d.method_id, m.name, d.day, d.tries, d.answered_at, d.due_at order by d.day desc, m.name`

/** The days between two, both included, the newest first, a row for each method. */
export async function listReportDays(db: Queryable, from: string, until: string): Promise<ReportDay[]> {
  const { rows } = await db.query<ReportDay>({ name: 'report days', text: DAYS, values: [from, until] })
  return rows.map((row) => ({ ...row, sums: row.sums.map(withUsualDigits) }))
}

function withUsualDigits({ currency, reported, here, fees }: ReportDay['sums'][number]): ReportDay['sums'][number] {
  return { currency, reported: usual(reported, currency), here: usual(here, currency), fees: usual(fees, currency) }
}

/** With the usual digits of the currency. */
function usual<Text extends string | null>(text: Text, currency: string): Text {
  return text === null ? text : (formatAmount(readAmount(text)!, currency) as Text)
}

const OPEN_DAYS = 60
const OPEN = `${COMPARED.replace('$DAYS', `d.day >= $1::date - ${OPEN_DAYS}`)}
  select m.name as method, c.day::text as day, count(*)::int as count
  from compared c join payment_methods m on m.id = c.method_id where ${DIFFERS} and settled_by is null
  group by m.name, c.day order by c.day desc, m.name`

/** The days of the last two months with differences that nobody has explained. */
export async function openDifferences(
  db: Queryable,
  now: Date,
): Promise<readonly { readonly method: string; readonly day: string; readonly count: number }[]> {
  return (await db.query<{ method: string; day: string; count: number }>({ name: 'open differences', text: OPEN, values: [now] })).rows
}

const OF_THEIRS = `
  select p.day::text as day, trim_scale(p.amount)::text as amount, p.currency, trim_scale(p.fee)::text as fee, p.at, p.reference
  from payment_reports p where p.method_id = $1 and p.their_id = $2 order by p.day limit 1`

/** What a gateway reported of one payment. */
export interface ReportedLine {
  readonly day: string
  readonly amount: string
  readonly currency: string
  readonly fee: string | null
  readonly at: Date
  readonly reference: string | null
}

/** Throws a Refusal when the gateway reported no such payment. */
export async function reportedLine(db: Queryable, methodId: number, theirId: string): Promise<ReportedLine> {
  const { rows } = await db.query<ReportedLine>({ name: 'reported line', text: OF_THEIRS, values: [methodId, theirId] })
  if (!rows[0]) throw refuse('nothing_reported', theirId)
  return rows[0]
}

const KNOWN = `
  select from payment_reports where method_id = $1 and their_id = $2
  union all select from payment_receipts where method_id = $1 and their_id = $2`
const SETTLE = `
  insert into payment_report_settlements (method_id, their_id, settled_by, words, at) values ($1, $2, $3, $4, $5)
  on conflict (method_id, their_id) do nothing`

/** Notes how a person explains a difference. Throws a Refusal when there is nothing to explain, or somebody has. */
export async function settleDifference(
  tx: Queryable,
  { methodId, theirId, who, words }: { readonly methodId: number; readonly theirId: string; readonly who: string; readonly words: string },
  now: Date,
): Promise<void> {
  if ((await tx.query(KNOWN, [methodId, theirId])).rowCount === 0) throw refuse('nothing_reported', theirId)
  if ((await tx.query(SETTLE, [methodId, theirId, who, words, now])).rowCount === 0) throw refuse('difference_settled')
}
