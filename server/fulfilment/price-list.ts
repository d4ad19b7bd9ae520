import { exchangeCost } from '../catalog/margin.ts'
import { isReadable, type Offer } from '../catalog/sync-decide.ts'
import type { PriceListRow } from '../catalog/sync-lists.ts'
import type { Decimal } from '../ledger/money.ts'
import { type ListedService, type PriceSource, SupplierAway } from '../suppliers/supplier.ts'
import { onOneLine } from '../text.ts'

/** Why a list is not accepted, in a sentence. */
export class ListRefused extends Error {
  /** The supplier refuses our key. */
  readonly refusesKey: boolean

  constructor(message: string, refusesKey = false) {
    super(message)
    this.refusesKey = refusesKey
  }
}

/** The list in our terms, by the supplier's ids. Throws ListRefused when the list cannot be trusted. */
export async function readOffers(
  name: string,
  source: PriceSource,
  list: PriceListRow,
  acceptLoss: boolean,
): Promise<ReadonlyMap<string, Offer>> {
  const balance = await answerOf('It does not say its currency', () => source.balance())
  const exchangeRate = exchangeRateFor(name, balance.currency, list)
  const answer = await answerOf('Its list cannot be read', () => source.services())
  const offers = offersOf(answer.services, exchangeRate)
  if (offers.size === 0) throw new ListRefused('Its list is empty')
  const unreadable =
    answer.unreadable + answer.services.length - offers.size + [...offers.values()].filter((each) => !isReadable(each)).length
  if (unreadable * 2 > answer.services.length + answer.unreadable) {
    const all = answer.services.length + answer.unreadable
    throw new ListRefused(`More than half of its list cannot be read: ${unreadable} of ${all} services`)
  }
  const lost = list.listed.filter((theirs) => !offers.has(theirs)).length
  if (lost * 2 > list.listed.length && !acceptLoss) {
    const mended = `if that is so, run "docket supplier sync ${name} --accept-loss"`
    throw new ListRefused(`Its list lost ${lost} of ${list.listed.length} services: ${mended}`)
  }
  return offers
}

async function answerOf<T>(otherwise: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof SupplierAway)) throw error
    if (error.refusesKey) throw new ListRefused(`It does not take our key: ${error.message}`, true)
    throw new ListRefused(`${otherwise}: ${error.message}`)
  }
}

const ITSELF: Decimal = { digits: 1n, places: 0 }

/** The value of one unit of the supplier's currency in ours. */
function exchangeRateFor(name: string, told: string | null, { currency, exchange }: PriceListRow): Decimal {
  const theirs = told === null ? (exchange?.currency ?? null) : onOneLine(told).toUpperCase()
  if (theirs === null) {
    throw new ListRefused(`It names no currency: "docket supplier prices ${name} --exchange USD=1" says which it is`)
  }
  if (theirs === currency) return told === null ? exchange!.rate : ITSELF
  if (exchange?.currency === theirs) return exchange.rate
  const remedy = `"docket supplier prices ${name} --exchange ${theirs}=RATE" says what one is worth`
  throw new ListRefused(`Its prices are in ${theirs}, ours in ${currency}: ${remedy}`)
}

const MOST_QUANTITY = 1_000_000_000_000n

/** By the supplier's id. A service that is listed twice counts as unreadable: nobody knows which of the two is right. */
function offersOf(services: readonly ListedService[], exchangeRate: Decimal): Map<string, Offer> {
  const offers = new Map<string, Offer>()
  for (const service of services) {
    const offer = {
      theirService: service.service,
      name: onOneLine(service.name),
      category: onOneLine(service.category),
      type: service.type,
      typeWords: onOneLine(service.typeWords).slice(0, 100),
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
