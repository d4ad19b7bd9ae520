import { z } from 'zod'
import { settleByHand } from '../fulfilment/by-hand.ts'
import { act } from './act.ts'
import { whole } from './fields.ts'
import { byHand, orderChange, reasonField, theOrder } from './order-change.ts'

export const orderPartial = act({
  name: 'order partial',
  does: 'end an order of which so much was not delivered, and refund that part; its supplier is not asked about it any more',
  permission: 'orders.settle',
  input: z.object({ ...theOrder, remains: whole().describe('how much was not delivered'), reason: reasonField }),
  run(context, { order, remains, reason = 'ended in part by staff' }) {
    const wanted = { orderId: order, status: 'Partial', startCount: null, remains: BigInt(remains), words: reason } as const
    return orderChange(context, order, () => settleByHand(context.tx, wanted, byHand(context)))
  },
  says: (is) => `Order ${is.order} is ${is.status}: ${is.given_back} ${is.currency} given back`,
})
