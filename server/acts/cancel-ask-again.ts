import { z } from 'zod'
import { askCancelAgain } from '../fulfilment/asks-by-hand.ts'
import { chargeOf } from '../orders/charged.ts'
import { act } from './act.ts'
import { theOrder } from './order-change.ts'

export const cancelAskAgain = act({
  name: 'cancel ask-again',
  does: 'ask the supplier of an order once more to cancel it',
  permission: 'orders.settle',
  input: z.object(theOrder),
  async run({ tx, now }, { order }) {
    await askCancelAgain(tx, order, now)
    const { account } = await chargeOf(tx, order)
    return { result: { order }, subject: { order, account }, after: { asked_again: true } }
  },
  says: ({ order }) => `The supplier of order ${order} is asked again to cancel it`,
})
