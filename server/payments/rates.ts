import type { Queryable } from '../db/pool.ts'
import type { Decimal } from '../ledger/money.ts'
import { readAmount } from './amounts.ts'
import type { RateTable } from './read-rates.ts'

/** How much of a currency one of the account's currency buys, with where that is known from. */
export interface Rate {
  readonly rate: Decimal
  /** `1` for the same currency. */
  readonly text: string
  readonly source: string
  /** When the source says that it holds. */
  readonly at: Date
}

// Kept in one direction; the other one is its inverse. Two currencies that both have a rate of a third one have one of each other. The rate of the latest
// day is taken; of the same day, one that was said is better than one over a third currency. Twelve digits after the dot.
const NEWEST = `
  with said as (
    select distinct on (base, currency) base, currency, rate, source, at, id from exchange_rates
    where base in ($1, $2) or currency in ($1, $2) order by base, currency, id desc
  ), either as (
    select base as one, currency as other, rate, source, at, id from said
    union all
    select currency, base, 1 / rate, source, at, id from said
  )
  select trim_scale(round(rate, 12))::text as text, source, at from (
    select rate, source, at, true as is_said, id from either where one = $1 and other = $2
    union all
    select f.rate * t.rate, case when f.source = t.source then f.source else f.source || ', ' || t.source end, least(f.at, t.at), false, least(f.id, t.id)
    from either f join either t on t.one = f.other
    where f.one = $1 and t.other = $2 and f.other not in ($1, $2)
  ) r where round(rate, 12) > 0 order by date_trunc('day', at at time zone 'utc') desc, is_said desc, id desc limit 1`

/** The newest rate between two currencies, whatever its age; undefined: nobody has said one. */
export async function readRate(db: Queryable, base: string, currency: string): Promise<Rate | undefined> {
  const { rows } = await db.query<{ text: string; source: string; at: Date }>({
    name: 'newest rate',
    text: NEWEST,
    values: [base, currency],
  })
  const rate = rows[0] && readAmount(rows[0].text)
  return rate && { ...rows[0]!, rate }
}

/** What payers are asked for and credited by: the rate and the margin on it, in hundredths of a per cent. */
export function withMargin(rate: Decimal, basisPoints: number): Decimal {
  return { digits: rate.digits * BigInt(10_000 + basisPoints), places: rate.places + 4 }
}

/** What payers are asked by, and what prices are shown by: the newest rate with the margin on it, or that there is none to go by. */
export type AskedRate =
  | { readonly kind: 'fresh'; readonly rate: Decimal; readonly said: Rate }
  /** It is older than the settings allow. */
  | { readonly kind: 'old'; readonly said: Rate }
  | { readonly kind: 'none' }

export interface RateTerms {
  readonly mostAgeHours: number
  readonly marginBasisPoints: number
}

export async function readAskedRate(db: Queryable, base: string, currency: string, terms: RateTerms, now: Date): Promise<AskedRate> {
  const said = await readRate(db, base, currency)
  if (!said) return { kind: 'none' }
  if (now.getTime() - said.at.getTime() > terms.mostAgeHours * 3_600_000) return { kind: 'old', said }
  return { kind: 'fresh', rate: withMargin(said.rate, terms.marginBasisPoints), said }
}

/** A rate as it was said. */
export interface RateRow {
  readonly base: string
  readonly currency: string
  readonly rate: string
  readonly source: string
  readonly at: Date
  readonly notedAt: Date
}

const SAID = `
  select * from (
    select distinct on (base, currency) base, currency, trim_scale(rate)::text as rate, source, at, noted_at as "notedAt" from exchange_rates
    order by base, currency, id desc
  ) r order by base, currency limit 1000`

/** The newest rate of each pair, as it was said. */
export async function listRates(db: Queryable): Promise<RateRow[]> {
  return (await db.query<RateRow>({ name: 'newest rates', text: SAID })).rows
}

const ADD = `
  insert into exchange_rates (base, currency, rate, source, at, noted_at) values ($1, $2, $3::numeric, $4, $5, $6)`

/** Notes a rate: one `base` buys `rate` of `currency`. */
export async function addRate(
  tx: Queryable,
  noted: { readonly base: string; readonly currency: string; readonly rate: string; readonly source: string; readonly at: Date },
  now: Date,
): Promise<void> {
  await tx.query(ADD, [noted.base, noted.currency, noted.rate, noted.source, noted.at, now])
}

// What a source says again adds no row, and what it changed by more than half is left to a person.
const ADD_MANY = `
  with told as (
    select t.currency, t.rate, n.rate as before, n.at as before_at, n.source as before_source
    from unnest($2::text[], $3::numeric[]) t (currency, rate)
    left join lateral (
      select rate, at, source from exchange_rates where base = $1 and currency = t.currency order by id desc limit 1
    ) n on true
  ), added as (
    insert into exchange_rates (base, currency, rate, source, at, noted_at)
    select $1, currency, rate, $4, $5, $6 from told
    where before is null or (rate between before / 2 and before * 2 and (before_at < $5 or (before_source = $4 and before_at = $5 and rate <> before)))
    returning currency
  )
  select currency from told where before is not null and not rate between before / 2 and before * 2 order by currency`
const FORGET = `
  delete from exchange_rates e where noted_at < $1::timestamptz - interval '7 days'
    and exists (select from exchange_rates n where n.base = e.base and n.currency = e.currency and n.id > e.id)`

/**
 * Notes the rates of a source that are newer than those that are known; each payment keeps the rate that it was begun with, so older ones are forgotten after
 * a week. Answers the currencies whose rate is not believed.
 */
export async function addRates(tx: Queryable, { base, at, rates }: RateTable, source: string, now: Date): Promise<string[]> {
  const values = [base, rates.map(({ currency }) => currency), rates.map(({ rate }) => rate), source, at, now]
  const { rows } = await tx.query<{ currency: string }>(ADD_MANY, values)
  await tx.query(FORGET, [now])
  return rows.map(({ currency }) => currency)
}
