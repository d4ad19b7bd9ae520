import type { Call, OrderDesk } from '../ordering/call.ts'
import type { OrderReads } from '../orders/read.ts'
import type { ServiceLists } from './services.ts'

/** What the actions work with: one of each a node. */
export interface Desk extends OrderDesk {
  readonly serviceLists: ServiceLists
  readonly orders: OrderReads
}

/** An action answers the JSON text of its answer, or throws a Refusal. */
export type Handler = (desk: Desk, call: Call) => Promise<string> | string
