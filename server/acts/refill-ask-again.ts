import { z } from 'zod'
import { askRefillAgain } from '../fulfilment/asks-by-hand.ts'
import { act } from './act.ts'
import { refillChange, theRefill } from './refill-change.ts'

export const refillAskAgain = act({
  name: 'refill ask-again',
  does: 'ask the supplier about a refill once more, at once',
  permission: 'orders.settle',
  input: z.object(theRefill),
  async run(context, { refill }) {
    const before = await askRefillAgain(context.tx, refill, context.now)
    return refillChange(context, refill, before, { asked_again: true })
  },
  says: ({ refill, order }) => `The supplier of order ${order} is asked again about refill ${refill}`,
})
