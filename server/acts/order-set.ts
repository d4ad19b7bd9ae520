import { z } from 'zod'
import { settleByHand } from '../fulfilment/by-hand.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { whole } from './fields.ts'
import { byHand, orderChange, theOrder } from './order-change.ts'

export const orderSet = act({
  name: 'order set',
  does: 'set the start count of an order, or how much of it remains, while it goes on',
  permission: 'orders.settle',
  input: z.object({
    ...theOrder,
    start_count: whole().optional().describe('the count at which it began'),
    remains: whole().optional().describe('how much is still to be delivered'),
  }),
  run(context, { order, start_count: startCount, remains }) {
    if (startCount === undefined && remains === undefined) throw refuse('nothing_to_change', '--start-count 100')
    const wanted = { status: null, startCount: bigint(startCount), remains: bigint(remains), words: 'set by staff' }
    return orderChange(context, order, () => settleByHand(context.tx, { orderId: order, ...wanted }, byHand(context)))
  },
  says: ({ order, status }) => `Order ${order} is ${status}`,
})

function bigint(value: number | undefined): bigint | null {
  return value === undefined ? null : BigInt(value)
}
