import { formatUnits } from '../ledger/money.ts'
import { quoteOrder } from '../ordering/quote-order.ts'
import type { Handler } from './desk.ts'

/** What the same `add` would cost, or the refusal it would get; buys nothing. */
export const quote: Handler = async (desk, call) => {
  const { order } = await quoteOrder(desk, call)
  return `{"charge":"${formatUnits(order.charge)}","currency":"${call.caller.currency}"}`
}
