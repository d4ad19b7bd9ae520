import type { OrderStatus } from '../../contract/statuses.ts'
import { numberArray, textArray } from '../db/arrays.ts'
import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'

/** A report about an order. Null keeps the known value. */
export interface Progress {
  readonly orderId: bigint
  readonly status: OrderStatus
  readonly startCount: bigint | null
  readonly remains: bigint | null
  /** The original words of the report, stored in the timeline. */
  readonly words: string | null
}

export interface Settled {
  readonly orderId: bigint
  readonly status: OrderStatus
  readonly givenBack: Units
}

const SETTLE_ORDERS = sqlFunction('settle_orders', ['now', 'ids', 'statuses', 'start_counts', 'remains', 'by', 'words'], {
  columns: 'order_id as "orderId", status, given_back as "givenBack"',
})

/** Records reports about orders, with the refunds that follow, in one transaction. Returns the orders that moved: final orders never move, and a
 * repeated report changes nothing. */
export async function settle(db: Queryable, news: readonly Progress[], by: string, now: Date): Promise<Settled[]> {
  if (news.length === 0) return []
  const call = SETTLE_ORDERS.call({
    now,
    by,
    ids: numberArray(news.map((item) => item.orderId)),
    statuses: textArray(news.map((item) => item.status)),
    start_counts: numberArray(news.map((item) => item.startCount)),
    remains: numberArray(news.map((item) => item.remains)),
    words: textArray(news.map((item) => item.words)),
  })
  const { rows } = await db.query<Settled>(call)
  return rows
}
