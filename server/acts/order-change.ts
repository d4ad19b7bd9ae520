import type { ByHand } from '../fulfilment/by-hand.ts'
import { formatUnits } from '../ledger/money.ts'
import { type Charged, chargeOf } from '../orders/charged.ts'
import type { Done } from './act.ts'
import { type ActContext, changed } from './act.ts'
import { cli, orderId, text } from './fields.ts'

/** The field of most acts on an order. */
export const theOrder = { order: cli(orderId(), { argument: true }) }
export const reasonField = text(500).optional().describe('why, for the timeline of the order; staff see it')

/** Timelines name nobody of the staff, because customers may see them: the log does. */
export function byHand({ now }: ActContext): ByHand {
  return { by: 'staff', now }
}

/** How an order stands after an act, and what the act gave back of its charge. */
export interface OrderResult {
  readonly order: bigint
  readonly status: string
  readonly given_back: string
  readonly currency: string
}

/** Makes a change of an order, and tells how it stood and stands. */
export async function orderChange(context: ActContext, order: bigint, change: () => Promise<unknown>): Promise<Done<OrderResult>> {
  const before = await chargeOf(context.tx, order)
  await change()
  const after = await chargeOf(context.tx, order)
  const result = { order, status: after.status, given_back: formatUnits(after.refunded - before.refunded), currency: after.currency }
  return { result, subject: { order, account: after.account }, ...changed(shown(before), shown(after)) }
}

function shown({ status, startCount, remains, refunded, supplier, cancelAsked }: Charged): object {
  return {
    status,
    start_count: Number(startCount),
    remains: Number(remains),
    refunded: formatUnits(refunded),
    supplier,
    cancel_asked: cancelAsked,
  }
}
