import type { Confirming } from '../db/confirming.ts'
import type { Call, OrderContext } from '../ordering/call.ts'
import type { OrderReads } from '../orders/read.ts'
import type { ServiceLists } from './services.ts'

/** The dependencies of the actions; there is one of each per node. */
export interface ApiContext extends OrderContext {
  readonly serviceLists: ServiceLists
  readonly orders: OrderReads
  /** What was read is told only when it is confirmed. */
  readonly confirming: Confirming
}

/** An action returns the JSON text of its answer, or throws a Refusal. */
export type Handler = (context: ApiContext, call: Call) => Promise<string> | string
