import { refusals } from '../../contract/refusals.ts'
import { type CatalogueShelf, SIMULATED_SUPPLIER } from '../catalog/catalogue.ts'
import { callersRate, chargeFor } from '../catalog/price.ts'
import { readPrices } from '../customers/prices.ts'
import type { Database } from '../db/pool.ts'
import { refuseByHouseRules } from '../house-rules/refuse.ts'
import type { Placing, PricedOrder } from '../orders/place.ts'
import {
  type DuePost,
  moveSubscriptions,
  noteChild,
  pauseForFunds,
  readDuePosts,
  readSubscriptionsToMove,
  refusePost,
} from '../orders/subscriptions.ts'
import { openRetryReads } from '../orders/read.ts'
import { Refusal } from '../refusal.ts'

interface Works {
  readonly db: Database
  readonly placing: Placing
  readonly catalogue: CatalogueShelf
  readonly now: () => Date
}

/** Places an order for each post that is due, charged now; pauses, resumes, completes and expires. Answers how many it placed. */
export async function workSubscriptions(works: Works): Promise<number> {
  const { db, now } = works
  const moves = await readSubscriptionsToMove(db, now())
  await moveSubscriptions(db, moves.expired, 'Expired', 'its last day is over', now())
  await moveSubscriptions(db, moves.refilled, 'Active', 'money came in', now())
  const due = await readDuePosts(db, now())
  for (const post of due) await serve(works, post)
  await moveSubscriptions(db, moves.served, 'Completed', 'all its posts are served', now())
  return due.length
}

/** The retry key makes the order of a post one order, whoever places it and however often. */
async function serve({ db, placing, catalogue, now }: Works, due: DuePost): Promise<void> {
  const prices = await readPrices(db, due.accountId)
  const key = `\u0001post:${due.subscriptionId}:${due.number}`
  const price = (): PricedOrder => {
    const { services, houseRules } = catalogue.current()
    const service = services.get(due.serviceId)
    if (!service) throw new Refusal(refusals.incorrectService)
    refuseByHouseRules(houseRules, { link: due.post, parameters: null }, () => {})
    const rate = callersRate(service.id, service.rate, prices)
    return {
      bookId: due.bookId,
      // Nobody's key: a subscription outlives the key it was ordered with.
      keyId: 0,
      serviceId: due.serviceId,
      supplierId: due.test ? SIMULATED_SUPPLIER : service.supplierId,
      kind: 'single',
      quantity: due.quantity,
      charge: chargeFor(rate.value, due.quantity, false),
      rate: rate.text,
      rateSource: rate.source,
      link: due.post,
      parameters: null,
      oneActiveLink: false,
      capped: false,
      retry: { key, fingerprint: due.post, windowSeconds: 0 },
    }
  }
  try {
    await noteChild(db, due, await placing.place(due.bookId, price))
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 200) throw error
    if (error.message === refusals.notEnoughFunds) return pauseForFunds(db, due.subscriptionId, now())
    // Placed before a crash, when it was not refused yet: then it is noted now.
    const placed = await openRetryReads(db, now, 1)({ bookId: due.bookId, key })
    if (placed) await noteChild(db, due, placed.orderId)
    else await refusePost(db, due, error.message)
  }
}
