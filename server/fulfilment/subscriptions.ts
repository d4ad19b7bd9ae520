import { type Catalogue, type CatalogueCache, SIMULATED_SUPPLIER } from '../catalog/catalogue.ts'
import { callersRate, chargeFor, PricesTurned } from '../catalog/price.ts'
import { type AgreedPrices, readPrices } from '../customers/prices.ts'
import { type Database, transaction } from '../db/pool.ts'
import { byNewestPrices } from '../ordering/by-newest-prices.ts'
import { placeByNewest } from '../ordering/place-by-newest.ts'
import type { Placing } from '../orders/place.ts'
import type { PricedOrder } from '../orders/priced-order.ts'
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
import { isAnswer, refuse } from '../refusal.ts'
import { closeAlerts, raiseAlert } from '../loops/alerts.ts'

interface Works {
  readonly db: Database
  readonly placing: Placing
  readonly catalogue: CatalogueCache
  readonly now: () => Date
}

/** Places an order for each post that is due, charged now; pauses, resumes, completes and expires. Answers how many it placed. */
export async function workSubscriptions(works: Works): Promise<number> {
  const { db, now } = works
  const moves = await transaction(db, (tx) => readSubscriptionsToMove(tx, now()))
  await moveSubscriptions(db, moves.expired, 'Expired', 'its last day is over', now())
  for (const status of ['Completed', 'Expired', 'Canceled'] as const) {
    await moveSubscriptions(db, moves.endedThere[status], status, `its supplier says ${status}`, now(), 'supplier')
  }
  await moveSubscriptions(db, moves.refilled, 'Active', 'money came in', now())
  for (const orderId of moves.refilled) await closeAlerts(db, { kind: 'supplier delivers unpaid', supplierId: null, orderId }, now())
  const due = await readDuePosts(db, now())
  for (const post of due) await serve(works, post)
  await moveSubscriptions(db, moves.served, 'Completed', 'all its posts are served', now())
  return due.length
}

/** The retry key makes the order of a post one order, whoever places it and however often. */
async function serve(works: Works, due: DuePost): Promise<void> {
  const { db, now } = works
  try {
    await noteChild(db, due, await placePost(works, due))
  } catch (error) {
    if (!isAnswer(error)) throw error
    if (error.code === 'not_enough_funds') return pause(works, due)
    // Placed before a crash, when it was not refused yet: then it is noted now.
    const placed = await openRetryReads(db, now, 1)({ bookId: due.bookId, key: retryKeyOf(due) })
    if (placed) await noteChild(db, due, placed.orderId)
    else await passOver(works, due, error.message)
  }
}

function retryKeyOf({ subscriptionId, number }: DuePost): string {
  return `\u0001post:${subscriptionId}:${number}`
}

/** Priced by the newest catalogue and by what is agreed with its customer now: nobody tells these loops of a change. */
async function placePost({ db, placing, catalogue }: Works, due: DuePost): Promise<bigint> {
  const findPrices = () => readPrices(db, due.accountId)
  await catalogue.newest()
  return byNewestPrices(catalogue, await findPrices(), findPrices, (agreed) =>
    placeByNewest({ placing, catalogue }, due.bookId, (current) => pricePost(due, current, agreed)),
  )
}

function pricePost(due: DuePost, { version, services, houseRules }: Catalogue, { prices, pricesVersion }: AgreedPrices): PricedOrder {
  if (pricesVersion < version) throw new PricesTurned()
  const service = services.get(due.serviceId)
  if (!service) throw refuse('incorrect_service')
  // The customer is not told why: the reason is for staff.
  if (houseRules.forbidding({ link: due.link, parameters: null })) throw refuse('house_rule')
  const rate = callersRate(service.id, service.rate, prices)
  return {
    bookId: due.bookId,
    // Nobody's key: a subscription outlives the key it was ordered with.
    keyId: 0,
    serviceId: due.serviceId,
    supplierId: due.theirs ?? (due.test ? SIMULATED_SUPPLIER : service.supplierId),
    kind: 'single',
    quantity: due.quantity,
    charge: chargeFor(rate.value, due.quantity, false),
    rate: rate.text,
    rateSource: rate.source,
    link: due.link,
    parameters: null,
    activeLink: null,
    capped: false,
    retry: { key: retryKeyOf(due), fingerprint: due.post, windowSeconds: 0 },
  }
}

/** A supplier that watches goes on meanwhile, at our cost: whether to stop it is for staff to say. */
async function pause({ db, now }: Works, due: DuePost): Promise<void> {
  await pauseForFunds(db, due.subscriptionId, now())
  await tellUnpaid(db, due, 'The balance is too short for its next post, and its supplier goes on delivering', now())
}

async function passOver({ db, now }: Works, due: DuePost, words: string): Promise<void> {
  await refusePost(db, due, words)
  await tellUnpaid(db, due, `${due.post} was delivered and not charged: ${words}`, now())
}

async function tellUnpaid(db: Database, due: DuePost, words: string, now: Date): Promise<void> {
  if (due.theirs === null) return
  const orderId = due.subscriptionId
  await raiseAlert(db, { kind: 'supplier delivers unpaid', supplierId: due.theirs, orderId, words }, now)
}
