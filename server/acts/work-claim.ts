import { z } from 'zod'
import { claimWork } from '../fulfilment/claims.ts'
import { chargeOf } from '../orders/charged.ts'
import { act } from './act.ts'
import { flag } from './fields.ts'
import { byHand, theOrder } from './order-change.ts'

export const workClaim = act({
  name: 'work claim',
  does: 'take an order that is done by hand: for a quarter of an hour nobody else may take it, and longer while its page is open',
  permission: 'orders.settle',
  input: z.object({
    ...theOrder,
    take_over: flag().describe('also from another person who works on it, or from a program that pulled it'),
  }),
  async run(context, { order, take_over: takeOver }) {
    const { tx, actor } = context
    const { until, before } = await claimWork(tx, { orderId: order, takeOver }, actor, byHand(context))
    const { account } = await chargeOf(tx, order)
    return {
      result: { order, until },
      subject: { order, account },
      before: before ? { claimed_by: before.who, until: before.until } : null,
      after: { claimed_by: actor.who, until },
    }
  },
  says: ({ order, until }) => `Order ${order} is yours until ${new Date(until).toISOString()}`,
})
