import { z } from 'zod'
import { settleByHand } from '../fulfilment/by-hand.ts'
import { act } from './act.ts'
import { byHand, orderChange, reasonField, theOrder } from './order-change.ts'

export const orderComplete = act({
  name: 'order complete',
  does: 'end an order as delivered in full; its supplier is not asked about it any more',
  permission: 'orders.settle',
  input: z.object({ ...theOrder, reason: reasonField }),
  run(context, { order, reason = 'completed by staff' }) {
    const wanted = { orderId: order, status: 'Completed', startCount: null, remains: 0n, words: reason } as const
    return orderChange(context, order, () => settleByHand(context.tx, wanted, byHand(context)))
  },
  says: ({ order, status }) => `Order ${order} is ${status}`,
})
