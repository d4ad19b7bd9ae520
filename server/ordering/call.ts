import type { CatalogueCache } from '../catalog/catalogue.ts'
import type { Caller } from '../customers/callers.ts'
import type { Coalesced } from '../db/coalesce.ts'
import type { Database } from '../db/pool.ts'
import type { RefusalCounts } from '../house-rules/refuse.ts'
import type { Placing } from '../orders/place.ts'
import type { RetriedOrder } from '../orders/read.ts'
import type { Tallies } from '../orders/tallies.ts'

/** The dependencies of ordering, for orders from the API, from pages and from loops. Each node makes one. */
export interface OrderContext {
  readonly db: Database
  readonly now: () => Date
  readonly catalogue: CatalogueCache
  readonly placing: Placing
  readonly balances: Coalesced<{ bookId: number; keyId: number }, string | null>
  readonly retries: Coalesced<{ bookId: number; key: string }, RetriedOrder | undefined>
  readonly tallies: Tallies
  /** Counts how often a rule of the panel refused an order. */
  readonly houseRefusals: RefusalCounts
  /** Throws `Invalid API key` when the key was revoked after the caller was remembered. */
  readonly checkKey: (caller: Caller) => Promise<void>
}

/** Parameters as they arrived: only checked to be text. Absent ones are undefined. */
export type UncheckedParameters = Readonly<Record<string, string | undefined>>

/** One call: the caller and the parameters. */
export interface Call {
  readonly caller: Caller
  readonly parameters: UncheckedParameters
}
