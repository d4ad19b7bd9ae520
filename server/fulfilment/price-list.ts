import { exchangeCost } from '../catalog/margin.ts'
import { isReadable, type Offer } from '../catalog/sync-decide.ts'
import type { PriceListRow } from '../catalog/sync-lists.ts'
import type { Decimal } from '../ledger/money.ts'
import type { ListedService, PanelSupplier } from '../suppliers/answers.ts'

/** What a supplier asks for its services, and in which currency. */
export type PriceSource = Pick<PanelSupplier, 'balance' | 'services'>

/** The list in our terms, or in a sentence why it is not to be believed. */
export async function readOffers(
  name: string,
  source: PriceSource,
  list: PriceListRow,
  acceptLoss: boolean,
): Promise<ReadonlyMap<string, Offer> | string> {
  const balance = await source.balance()
  if (balance.kind === 'fault') return plain(`It does not say its currency: ${balance.words}`)
  const exchangeRate = exchangeRateFor(name, balance.currency, list)
  if (typeof exchangeRate === 'string') return exchangeRate
  const answer = await source.services()
  if (answer.kind === 'fault') return plain(`Its list cannot be read: ${answer.words}`)
  const offers = offersOf(answer.services, exchangeRate)
  if (offers.size === 0) return 'Its list is empty'
  const unreadable =
    answer.unreadable + answer.services.length - offers.size + [...offers.values()].filter((each) => !isReadable(each)).length
  if (unreadable * 2 > answer.services.length + answer.unreadable)
    return `More than half of its list cannot be read: ${unreadable} of ${answer.services.length + answer.unreadable} services`
  const lost = list.listed.filter((theirs) => !offers.has(theirs)).length
  if (lost * 2 > list.listed.length && !acceptLoss)
    return `Its list lost ${lost} of ${list.listed.length} services: if that is so, run "docket supplier sync ${name} --accept-loss"`
  return offers
}

const ITSELF: Decimal = { digits: 1n, places: 0 }

/** What one of their currency is worth in ours. */
function exchangeRateFor(name: string, told: string | null, { currency, exchange }: PriceListRow): Decimal | string {
  const theirs = told === null ? (exchange?.currency ?? null) : plain(told).toUpperCase()
  if (theirs === null) return `It names no currency: "docket supplier prices ${name} --exchange USD=1" says which it is`
  if (theirs === currency) return told === null ? exchange!.rate : ITSELF
  if (exchange?.currency === theirs) return exchange.rate
  return `Its prices are in ${theirs}, ours in ${currency}: "docket supplier prices ${name} --exchange ${theirs}=RATE" says what one is worth`
}

const MOST_QUANTITY = 1_000_000_000_000n

/** By their id. One that is listed twice cannot be read: nobody knows which of the two counts. */
function offersOf(services: readonly ListedService[], exchangeRate: Decimal): Map<string, Offer> {
  const offers = new Map<string, Offer>()
  for (const service of services) {
    const offer = {
      theirService: service.service,
      name: plain(service.name),
      category: plain(service.category),
      type: service.type,
      typeWords: plain(service.typeWords).slice(0, 100),
      cost: service.rate === null || offers.has(service.service) ? null : exchangeCost(service.rate, exchangeRate),
      min: service.min === null || service.min < 0n ? null : service.min,
      max: service.max === null || service.max < 0n ? null : service.max > MOST_QUANTITY ? MOST_QUANTITY : service.max,
      dripfeed: service.dripfeed,
      refill: service.refill,
      cancel: service.cancel,
    }
    offers.set(service.service, offer)
  }
  return offers
}

/** Without what PostgreSQL and terminals take amiss. */
function plain(words: string): string {
  return words
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed()
}
