import { refusals } from '../../contract/refusals.ts'
import type { Retry } from '../orders/priced-order.ts'
import { Refusal } from '../refusal.ts'
import type { Call, OrderDesk } from './call.ts'
import { priceOrder } from './price-order.ts'

/** Places an order, or answers the id of the one that the same retry key stands for. Throws a Refusal and has changed nothing. */
export async function placeOrder(desk: OrderDesk, call: Call, retry: Retry | null): Promise<bigint> {
  try {
    return await placeByNewest(desk, call, retry)
  } catch (error) {
    // What would be refused today may be the repetition of an add that was placed when it was not.
    const placed = retry && error instanceof Refusal && error.status === 200 ? await placedBefore(desk, call, retry) : undefined
    if (placed === undefined) throw error
    return placed
  }
}

/** Places, or refuses by the newest catalogue: a node that has not heard yet of a new service looks before it says no. */
async function placeByNewest(desk: OrderDesk, call: Call, retry: Retry | null): Promise<bigint> {
  let pricedBy = -1n
  try {
    return await desk.placing.place(call.caller.bookId, (catalogue) => {
      pricedBy = catalogue.version
      return priceOrder(desk, call, catalogue, retry)
    })
  } catch (error) {
    const byCatalogue = error instanceof Refusal && error.status === 200 && error.message !== refusals.notEnoughFunds
    if (!byCatalogue || (await desk.catalogue.newest()).version === pricedBy) throw error
    return placeByNewest(desk, call, retry)
  }
}

async function placedBefore(desk: OrderDesk, { caller }: Call, retry: Retry): Promise<bigint | undefined> {
  await desk.checkKey(caller)
  const placed = await desk.retries({ bookId: caller.bookId, key: retry.key })
  if (placed && placed.fingerprint !== retry.fingerprint) throw new Refusal(refusals.keyReused, { code: 'idempotency_key_reused' })
  return placed?.orderId
}
