import { isPackageType } from '../../contract/service-types.ts'
import { type Catalogue, type Service, SIMULATED_SUPPLIER } from '../catalog/catalogue.ts'
import { callersRate, chargeFor, PricesTurned } from '../catalog/price.ts'
import type { AgreedPrices, PriceList } from '../customers/prices.ts'
import type { Units } from '../ledger/money.ts'
import type { PricedOrder } from '../orders/priced-order.ts'

/** The parts that every order has in common: one from the API, from a page, or for a post of a subscription. */

/**
 * Throws PricesTurned when the catalogue has changed since the buyer's prices were read: an order is never sold at a rate that is no longer agreed.
 */
export function checkPricesAreOf({ version }: Catalogue, { pricesVersion }: Pick<AgreedPrices, 'pricesVersion'>): void {
  if (pricesVersion < version) throw new PricesTurned()
}

export type Price = Pick<PricedOrder, 'charge' | 'rate' | 'rateSource'>

/** The only place where an order gets its price. */
export function priceFor(service: Service, quantity: bigint, prices: PriceList): Price {
  const rate = callersRate(service.id, service.rate, prices)
  return { charge: chargeFor(rate.value, quantity, isPackageType(service.type)), rate: rate.text, rateSource: rate.source }
}

/** The largest number that the database can store for a wallet. */
const LARGEST_CHARGE = 2n ** 63n - 1n

/** Nobody can pay more than this. */
export function isBeyondAnyWallet(charge: Units): boolean {
  return charge > LARGEST_CHARGE
}

/** The book that pays, and the key behind the order. */
export interface Buyer extends Pick<PricedOrder, 'bookId' | 'keyId' | 'capped'> {
  /** Pays with play money. */
  readonly test: boolean
}

export interface Sale extends Pick<PricedOrder, 'kind' | 'quantity' | 'parameters' | 'activeLink'> {
  readonly service: Service
  readonly price: Price
  /** The supplier that has the order already; null or absent: the supplier of the service gets it. */
  readonly supplierId?: number | null
}

/** An order that has a price; its link and retry key may still be missing. */
export type ReckonedOrder = Omit<PricedOrder, 'link' | 'retry' | 'post'>

export function soldTo(buyer: Buyer, { service, price, supplierId = null, kind, quantity, parameters, activeLink }: Sale): ReckonedOrder {
  return {
    bookId: buyer.bookId,
    keyId: buyer.keyId,
    serviceId: service.id,
    supplierId: supplierId ?? (buyer.test ? SIMULATED_SUPPLIER : service.supplierId),
    kind,
    quantity,
    ...price,
    parameters,
    activeLink,
    capped: buyer.capped,
  }
}
