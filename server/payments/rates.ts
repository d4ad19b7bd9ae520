import type { Queryable } from '../db/pool.ts'
import type { Decimal } from '../ledger/money.ts'
import { readAmount } from './amounts.ts'

/** How much of a currency one of the account's currency buys, with where that is known from. */
export interface Rate {
  readonly rate: Decimal
  /** `1` for the same currency. */
  readonly text: string
  readonly source: string
  /** When the source says that it holds. */
  readonly at: Date
}

// Kept in one direction; the other one is its inverse, to twelve digits after the dot.
const NEWEST = `
  select * from (
    (select trim_scale(rate)::text as text, source, at, id from exchange_rates where base = $1 and currency = $2 order by id desc limit 1)
    union all
    (select trim_scale(round(1 / rate, 12))::text, source, at, id from exchange_rates where base = $2 and currency = $1 order by id desc limit 1)
  ) r order by id desc limit 1`

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
