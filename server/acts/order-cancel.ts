import { z } from 'zod'
import { cancelByHand, settleByHand } from '../fulfilment/by-hand.ts'
import { act } from './act.ts'
import { flag } from './fields.ts'
import { byHand, orderChange, reasonField, theOrder } from './order-change.ts'

export const orderCancel = act({
  name: 'order cancel',
  does: 'cancel an order: at once with its refund where no supplier has it, else its supplier is asked to',
  permission: 'orders.settle',
  input: z.object({
    ...theOrder,
    reason: reasonField,
    refund_now: flag().describe('end it with its refund without asking the supplier, who may deliver and charge it all the same'),
  }),
  run(context, { order, reason = null, refund_now: refundNow }) {
    const wanted = { orderId: order, status: 'Canceled', startCount: null, remains: null, words: reason ?? 'cancelled by staff' } as const
    return orderChange(context, order, () =>
      refundNow ? settleByHand(context.tx, wanted, byHand(context)) : cancelByHand(context.tx, order, reason, byHand(context)),
    )
  },
  says: (is) =>
    is.status === 'Canceled'
      ? `Order ${is.order} is cancelled: ${is.given_back} ${is.currency} given back`
      : `The supplier of order ${is.order} is asked to cancel it; it is refunded when the supplier says so`,
})
