import type { Call, OrderContext } from '../ordering/call.ts'
import type { OrderReads } from '../orders/read.ts'
import type { ServiceLists } from './services.ts'

/** What the actions work with: one of each a node. */
export interface ApiContext extends OrderContext {
  readonly serviceLists: ServiceLists
  readonly orders: OrderReads
}

/** An action answers the JSON text of its answer, or throws a Refusal. */
export type Handler = (context: ApiContext, call: Call) => Promise<string> | string
