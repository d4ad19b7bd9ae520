import type { CatalogueCache } from '../catalog/catalogue.ts'
import type { Caller } from '../customers/callers.ts'
import type { Coalesced } from '../db/coalesce.ts'
import type { Database } from '../db/pool.ts'
import type { RefusalCounts } from '../house-rules/refuse.ts'
import type { Placing } from '../orders/place.ts'
import type { RetriedOrder } from '../orders/read.ts'
import type { Tallies } from '../orders/tallies.ts'

/** What ordering works with, whichever way an order comes in: one of each a node. */
export interface OrderContext {
  readonly db: Database
  readonly now: () => Date
  readonly catalogue: CatalogueCache
  readonly placing: Placing
  readonly balances: Coalesced<{ bookId: number; keyId: number }, string | null>
  readonly retries: Coalesced<{ bookId: number; key: string }, RetriedOrder | undefined>
  readonly tallies: Tallies
  /** How often a rule of the house refused an order. */
  readonly houseRefusals: RefusalCounts
  /** Throws `Invalid API key` when the caller's key was revoked since it was remembered. */
  readonly checkKey: (caller: Caller) => Promise<void>
}

/** Parameters as they came: nothing is checked but that they are text. Absent ones are undefined. */
export type UncheckedParameters = Readonly<Record<string, string | undefined>>

/** One call: who, and with what. */
export interface Call {
  readonly caller: Caller
  readonly parameters: UncheckedParameters
}
