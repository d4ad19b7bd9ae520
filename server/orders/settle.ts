import type { OrderStatus } from '../../contract/statuses.ts'
import { numberArray, textArray } from '../db/arrays.ts'
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

const SETTLE_ORDERS = {
  name: 'settle orders',
  text: `select order_id as "orderId", status, given_back as "givenBack"
    from settle_orders($1, $2::bigint[], $3::order_status[], $4::bigint[], $5::bigint[], $6, $7::text[])`,
}

/** Records what orders have come to, with the refunds that follow, in one transaction. Answers the ones that moved: final
 * orders never do, and the same news twice moves nothing. */
export async function settle(db: Queryable, news: readonly Progress[], by: string, now: Date): Promise<Settled[]> {
  if (news.length === 0) return []
  const values = [
    now,
    numberArray(news.map((item) => item.orderId)),
    textArray(news.map((item) => item.status)),
    numberArray(news.map((item) => item.startCount)),
    numberArray(news.map((item) => item.remains)),
    by,
    textArray(news.map((item) => item.words)),
  ]
  const { rows } = await db.query<Settled>({ ...SETTLE_ORDERS, values })
  return rows
}
