import type { OrderStatus } from '../../contract/statuses.ts'
import { numberArray, textArray } from '../db/arrays.ts'
import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'

/** What somebody says an order has come to. Null leaves what is known. */
export interface Progress {
  readonly orderId: bigint
  readonly status: OrderStatus
  readonly startCount: bigint | null
  readonly remains: bigint | null
  /** Their own words, kept in the timeline. */
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

/** Records what orders have come to, with the refunds that follow, in one transaction. Answers the ones that moved: final
 * orders never do, and the same news twice moves nothing. */
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
