import type { Units } from '../ledger/money.ts'

/** An order that is checked and priced, by the catalogue it was priced with. */
export interface PricedOrder {
  readonly bookId: number
  readonly keyId: number
  readonly serviceId: number
  readonly supplierId: number | null
  readonly kind: 'single' | 'drip-feed' | 'subscription'
  /** What is counted: all runs together, 1 for a package, 0 for a subscription. */
  readonly quantity: bigint
  readonly charge: Units
  readonly rate: string
  readonly rateSource: string | null
  readonly link: string
  readonly parameters: Readonly<Record<string, string>> | null
  /** The link in the one form for all ways to write it, if the service takes one unfinished order per link; else null. */
  readonly activeLink: string | null
  /** Its key has a daily cap, which is counted where it is charged. */
  readonly capped: boolean
  readonly retry: Retry | null
  /** Whose order it is when it serves a subscription's post. */
  readonly post: { readonly subscriptionId: bigint; readonly number: number } | null
}

/** How a repeated add is recognised: the customer's key, or the add's own likeness for a while. */
export interface Retry {
  readonly key: string
  readonly fingerprint: string
  /** 0: for as long as the order. */
  readonly windowSeconds: number
}
