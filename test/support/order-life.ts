import { expect } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { settle, type Settled } from '../../server/orders/settle.ts'
import type { Desk, Parameters } from './desk.ts'

/** Places an order of one Default service and answers its id. */
export async function placed(desk: Desk, key: string, parameters: Parameters): Promise<number> {
  const answer = await desk.call({ key, action: 'add', link: 'https://example.com/p', ...parameters })
  expect(answer).toEqual({ order: expect.any(Number) })
  return answer.order
}

/** What the fulfiller says an order has come to, at the desk's time. */
export function tell(
  desk: Desk,
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
  return settle(desk.db, [news], 'test', desk.clock.now())
}

/** Marks orders as handed to somebody, as the hand-off does: from now on nobody cancels them without asking. */
export async function handedOff(desk: Desk, ...orders: number[]) {
  await desk.db.query('update orders set sent = true where id = any($1::bigint[])', [orders])
}
