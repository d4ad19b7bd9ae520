import type { Catalogue } from '../catalog/catalogue.ts'
import { type AgreedPrices, readPrices } from '../customers/prices.ts'
import type { PricedOrder, Retry } from '../orders/priced-order.ts'
import { openRetryReads } from '../orders/read.ts'
import type { DuePost } from '../orders/subscriptions.ts'
import { isAnswer, refuse } from '../refusal.ts'
import { byNewestPrices } from './by-newest-prices.ts'
import type { OrderContext } from './call.ts'
import { placeByNewest } from './place-by-newest.ts'
import { checkPricesAreOf, isBeyondAnyWallet, priceFor, soldTo } from './price-sale.ts'

export type PostContext = Pick<OrderContext, 'db' | 'now' | 'placing' | 'catalogue'>

/**
 * Places the order for a post that is due. It is priced by the newest catalogue and by the customer's rates of now, because loops do not hear of
 * changes. The retry key makes it one order, whichever node places it and however often. When it throws a Refusal, nothing has changed.
 */
export async function placePost(context: PostContext, due: DuePost): Promise<bigint> {
  const { db, catalogue } = context
  const findPrices = () => readPrices(db, due.accountId)
  await catalogue.newest()
  try {
    return await byNewestPrices(catalogue, await findPrices(), findPrices, (agreed) =>
      placeByNewest(context, due.bookId, (current) => pricePost(due, current, agreed)),
    )
  } catch (error) {
    // It may have been placed before a crash, when it was not refused yet.
    const placed = isOfThisPost(error) ? await placedBefore(context, due) : undefined
    if (placed === undefined) throw error
    return placed
  }
}

/** A service that was hidden or disabled since still serves its existing subscriptions. */
function pricePost(due: DuePost, catalogue: Catalogue, agreed: AgreedPrices): PricedOrder {
  checkPricesAreOf(catalogue, agreed)
  const service = catalogue.services.get(due.serviceId)
  if (!service) throw refuse('incorrect_service')
  const { link, quantity } = due
  // The customer does not see why: the reason is for staff.
  if (catalogue.houseRules.forbidding({ link, parameters: null })) throw refuse('house_rule')
  const price = priceFor(service, quantity, agreed.prices)
  if (isBeyondAnyWallet(price.charge)) throw refuse('not_enough_funds')
  // Without a key: a subscription outlives the key it was ordered with.
  const buyer = { bookId: due.bookId, keyId: 0, test: due.test, capped: false }
  const post = { subscriptionId: due.subscriptionId, number: due.number }
  const sold = { service, supplierId: due.theirs, kind: 'single', quantity, price, link, retry: retryOf(due), post } as const
  return soldTo(buyer, { ...sold, parameters: null, activeLink: null })
}

function retryOf({ subscriptionId, number, post }: DuePost): Retry {
  return { key: `\u0001post:${subscriptionId}:${number}`, fingerprint: post, windowSeconds: 0 }
}

/** A short balance concerns the customer and not the post. */
function isOfThisPost(error: unknown): boolean {
  return isAnswer(error) && error.code !== 'not_enough_funds'
}

async function placedBefore({ db, now }: PostContext, due: DuePost): Promise<bigint | undefined> {
  const placed = await openRetryReads(db, now, 1)({ bookId: due.bookId, key: retryOf(due).key })
  return placed?.orderId
}
