import { z } from 'zod'
import { declineCancel } from '../fulfilment/asks-by-hand.ts'
import { act } from './act.ts'
import { text } from './fields.ts'
import { byHand, orderChange, theOrder } from './order-change.ts'

export const cancelDecline = act({
  name: 'cancel decline',
  does: 'say no to a cancel that a customer asked for: the order goes on, and they may ask again',
  permission: 'orders.settle',
  input: z.object({ ...theOrder, reason: text(400).min(1).describe('why, for the timeline of the order, which its customer sees') }),
  run: (context, { order, reason }) => orderChange(context, order, () => declineCancel(context.tx, order, reason, byHand(context))),
  says: ({ order, status }) => `Order ${order} goes on, ${status}: its cancel is declined`,
})
