import type { Units } from '../ledger/money.ts'

/** An order that is checked and priced, with the catalogue that priced it. */
export interface PricedOrder {
  readonly bookId: number
  readonly keyId: number
  readonly serviceId: number
  readonly supplierId: number | null
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  /** The counted quantity: all runs together, 1 for a package, 0 for a subscription. */
  readonly quantity: bigint
  readonly charge: Units
  readonly rate: string
  readonly rateSource: string | null
  readonly link: string
  readonly parameters: Readonly<Record<string, string>> | null
  /** The link in one normal form, if the service takes only one unfinished order per link; else null. */
  readonly activeLink: string | null
  /** Its key has a daily cap, which is checked when it is charged. */
  readonly capped: boolean
  readonly retry: Retry | null
  /** The subscription and the number of the post that it serves; null for other orders. */
  readonly post: { readonly subscriptionId: bigint; readonly number: number } | null
}

/** How a repeated add is recognised: by the customer's key, or for some time by equal parameters. */
export interface Retry {
  readonly key: string
  readonly fingerprint: string
  /** 0: as long as the order exists. */
  readonly windowSeconds: number
}
