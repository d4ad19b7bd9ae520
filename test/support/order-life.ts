import { expect } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { settle, type Settled } from '../../server/orders/settle.ts'
import type { Docket, Parameters } from './docket.ts'

/** Places an order of one Default service and answers its id. */
export async function placed(docket: Docket, key: string, parameters: Parameters): Promise<number> {
  const answer = await docket.call({ key, action: 'add', link: 'https://example.com/p', ...parameters })
  expect(answer).toEqual({ order: expect.any(Number) })
  return answer.order
}

/** What the fulfiller says an order has come to, at the test's time. */
export function tell(
  docket: Docket,
  order: number,
  status: OrderStatus,
  counts: { startCount?: number; remains?: number } = {},
): Promise<Settled[]> {
  const { startCount, remains } = counts
  const news = {
    orderId: BigInt(order),
    status,
    startCount: startCount === undefined ? null : BigInt(startCount),
    remains: remains === undefined ? null : BigInt(remains),
    words: null,
  }
  return settle(docket.db, [news], 'test', docket.clock.now())
}

/** Marks orders as handed to somebody, as the hand-off does: from now on nobody cancels them without asking. */
export async function handedOff(docket: Docket, ...orders: number[]) {
  await docket.db.query('update orders set sent = true where id = any($1::bigint[])', [orders])
}
