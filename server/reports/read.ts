import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'

/** What a stretch of time came to in one currency, in units of 10⁻⁵. */
export interface Totals {
  readonly currency: string
  readonly orders: bigint
  readonly sold: Units
  readonly refunds: bigint
  /** Refunds and compensations, when they were booked. */
  readonly givenBack: Units
  /** What suppliers take: said by them, or expected at their listed rate. */
  readonly cost: Units
  /** The part of the cost that suppliers have said. */
  readonly costSaid: Units
  /** Orders whose cost nobody knows: it counts as nothing. */
  readonly unpriced: bigint
}

/** What is left: sold − given back − cost. */
export function marginOf({ sold, givenBack, cost }: Pick<Totals, 'sold' | 'givenBack' | 'cost'>): Units {
  return sold - givenBack - cost
}

export const TOTALS = `
  coalesce(sum(r.orders), 0)::bigint as orders, coalesce(sum(r.sold), 0)::bigint as sold, coalesce(sum(r.refunds), 0)::bigint as refunds,
  coalesce(sum(r.given_back), 0)::bigint as "givenBack", coalesce(sum(r.cost), 0)::bigint as cost,
  coalesce(sum(r.cost_said), 0)::bigint as "costSaid", coalesce(sum(r.unpriced), 0)::bigint as unpriced`

export interface HourTotals extends Totals {
  readonly hour: Date
}

const HOURS = `
  select r.hour, r.currency, ${TOTALS} from sold_hours r where r.hour >= $1 and r.hour < $2 group by r.hour, r.currency order by r.hour, r.currency`

/** The hours in which anything was sold or given back, the oldest first. */
export async function readHours(db: Queryable, from: Date, to: Date): Promise<HourTotals[]> {
  return (await db.query<HourTotals>({ name: 'hours sold', text: HOURS, values: [from, to] })).rows
}

const COUNTED_AT = 'select counted_at as "countedAt" from report_state'

/** Everything that was committed before this is in the figures; null: nothing was added up yet. */
export async function readCountedAt(db: Queryable): Promise<Date | null> {
  return (await db.query<{ countedAt: Date | null }>(COUNTED_AT)).rows[0]!.countedAt
}
