import { CONFIRM } from '../db/confirming.ts'
import type { Retry } from '../orders/priced-order.ts'
import { isAnswer, refuse } from '../refusal.ts'
import type { Call, OrderContext } from './call.ts'
import { placeByNewest } from './place-by-newest.ts'
import { priceOrder } from './price-order.ts'

/** Places an order, or answers the id of the order that was placed with the same retry key. When it throws a Refusal, nothing has changed. */
export async function placeOrder(context: OrderContext, call: Call, retry: Retry | null): Promise<bigint> {
  try {
    return await placeByNewest(context, call.caller.bookId, (catalogue) => priceOrder(context, call, catalogue, retry))
  } catch (error) {
    // An add that would be refused today may be the repetition of one that was placed earlier.
    const placed = retry && isAnswer(error) ? await placedBefore(context, call, retry) : undefined
    if (placed === undefined) throw error
    return placed
  }
}

async function placedBefore(context: OrderContext, { caller }: Call, retry: Retry): Promise<bigint | undefined> {
  await context.checkKey(caller)
  const placed = await context.retries({ bookId: caller.bookId, key: retry.key })
  if (placed && placed.fingerprint !== retry.fingerprint) throw refuse('idempotency_key_reused')
  if (placed) await context.db.query(CONFIRM)
  return placed?.orderId
}
