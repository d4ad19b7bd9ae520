import { z } from 'zod'
import { setRefill } from '../fulfilment/asks-by-hand.ts'
import { act } from './act.ts'
import { text } from './fields.ts'
import { byHand } from './order-change.ts'
import { refillChange, theRefill } from './refill-change.ts'

export const refillDecline = act({
  name: 'refill decline',
  does: 'say no to a refill that a customer asked for',
  permission: 'orders.settle',
  input: z.object({ ...theRefill, reason: text(400).min(1).describe('why, for the timeline of the order, which its customer sees') }),
  async run(context, { refill, reason }) {
    const before = await setRefill(context.tx, refill, { status: 'Rejected', words: `refill refused: ${reason}` }, byHand(context))
    return refillChange(context, refill, before, { status: 'Rejected' })
  },
  says: ({ refill, order }) => `Refill ${refill} of order ${order} is declined`,
})
