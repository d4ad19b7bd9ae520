import type { CatalogueShelf } from '../catalog/catalogue.ts'
import type { Caller } from '../customers/callers.ts'
import type { Coalesced } from '../db/coalesce.ts'
import type { Database } from '../db/pool.ts'
import type { RefusalCounts } from '../house-rules/refuse.ts'
import type { Placing } from '../orders/place.ts'
import type { OrderAsk, OrderRow, RetriedOrder } from '../orders/read.ts'
import type { UncheckedParameters } from './parameters.ts'
import type { ServiceLists } from './services.ts'

/** What the actions work with: one of each a node. */
export interface Desk {
  readonly db: Database
  readonly now: () => Date
  readonly catalogue: CatalogueShelf
  readonly serviceLists: ServiceLists
  readonly placing: Placing
  readonly balances: Coalesced<{ bookId: number; keyId: number }, string | null>
  readonly orders: Coalesced<OrderAsk, ReadonlyMap<string, OrderRow> | null>
  readonly retries: Coalesced<{ bookId: number; key: string }, RetriedOrder | undefined>
  /** How often a rule of the house refused an order. */
  readonly houseRefusals: RefusalCounts
  /** Throws `Invalid API key` when the caller's key was revoked since it was remembered. */
  readonly checkKey: (caller: Caller) => Promise<void>
}

/** One call: who, and with what. */
export interface Call {
  readonly caller: Caller
  readonly parameters: UncheckedParameters
}

/** An action answers the JSON text of its answer, or throws a Refusal. */
export type Handler = (desk: Desk, call: Call) => Promise<string> | string
