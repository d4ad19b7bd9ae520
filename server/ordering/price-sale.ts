import { isPackageType } from '../../contract/service-types.ts'
import { type Catalogue, type Service, SIMULATED_SUPPLIER } from '../catalog/catalogue.ts'
import { callersRate, chargeFor, PricesChanged } from '../catalog/price.ts'
import type { AgreedPrices, PriceList } from '../customers/prices.ts'
import type { Units } from '../ledger/money.ts'
import type { PricedOrder } from '../orders/priced-order.ts'

/** The parts that every order has in common: one from the API, from a page, or for a post of a subscription. */

/**
 * Throws PricesChanged when the catalogue has changed since the buyer's prices were read: an order is never sold at a rate that is no longer agreed.
 */
export function checkPricesAreOf({ version }: Catalogue, { pricesVersion }: Pick<AgreedPrices, 'pricesVersion'>): void {
  if (pricesVersion < version) throw new PricesChanged()
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
  /** Pays with test money. */
  readonly test: boolean
}

export interface Sale<Link extends string | undefined = string> extends Pick<
  PricedOrder,
  'kind' | 'quantity' | 'parameters' | 'activeLink' | 'retry' | 'post'
> {
  readonly service: Service
  readonly price: Price
  /** The supplier that has the order already; null: the supplier of the service gets it. */
  readonly supplierId: number | null
  readonly link: Link
}

/** An order that has a price; its link may still be missing. */
export type ReckonedOrder = Omit<PricedOrder, 'link'> & { readonly link: string | undefined }

/** One literal with each column by name: objects that are put together by spreading cost the hottest path five times as much. */
export function soldTo<Link extends string | undefined>(
  buyer: Buyer,
  sale: Sale<Link>,
): Omit<PricedOrder, 'link'> & { readonly link: Link } {
  const { service, price } = sale
  return {
    bookId: buyer.bookId,
    keyId: buyer.keyId,
    serviceId: service.id,
    supplierId: sale.supplierId ?? (buyer.test ? SIMULATED_SUPPLIER : service.supplierId),
    kind: sale.kind,
    quantity: sale.quantity,
    charge: price.charge,
    rate: price.rate,
    rateSource: price.rateSource,
    link: sale.link,
    parameters: sale.parameters,
    activeLink: sale.activeLink,
    capped: buyer.capped,
    retry: sale.retry,
    post: sale.post,
  }
}
