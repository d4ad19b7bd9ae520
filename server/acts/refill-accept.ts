import { z } from 'zod'
import { setRefill } from '../fulfilment/asks-by-hand.ts'
import { act } from './act.ts'
import { flag } from './fields.ts'
import { byHand } from './order-change.ts'
import { refillChange, theRefill } from './refill-change.ts'

export const refillAccept = act({
  name: 'refill accept',
  does: 'take a refill in the place of its supplier, who is not asked about it any more',
  permission: 'orders.settle',
  input: z.object({ ...theRefill, done: flag().describe('it is done already; without it: it is in progress') }),
  async run(context, { refill, done }) {
    const status = done ? 'Completed' : 'In progress'
    const words = done ? 'refilled by hand' : 'refill taken by hand'
    const before = await setRefill(context.tx, refill, { status, words }, byHand(context))
    return refillChange(context, refill, before, { status })
  },
  says: ({ refill, order }, { done }) => `Refill ${refill} of order ${order} is ${done ? 'completed' : 'in progress'}`,
})
