import { formatUnits } from '../ledger/money.ts'
import { quoteOrder } from '../ordering/quote-order.ts'
import type { Handler } from './context.ts'

/** Returns the cost of the same `add`, or the refusal that it would get; buys nothing. */
export const quote: Handler = async (context, call) => {
  const order = await quoteOrder(context, call)
  return `{"charge":"${formatUnits(order.charge)}","currency":"${call.caller.currency}"}`
}
