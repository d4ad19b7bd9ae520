import { z } from 'zod'
import { sendTo } from '../fulfilment/by-hand.ts'
import { act } from './act.ts'
import { cli, supplierName } from './fields.ts'
import { byHand, orderChange, theOrder } from './order-change.ts'

export const orderSendTo = act({
  name: 'order send-to',
  does: 'hand an order to another supplier, where it is certain that no supplier has it',
  permission: 'orders.settle',
  input: z.object({
    ...theOrder,
    supplier: cli(supplierName(), { argument: true, placeholder: '<supplier>' }).describe('name of the supplier'),
  }),
  async run(context, { order, supplier }) {
    const done = await orderChange(context, order, () => sendTo(context.tx, order, supplier, byHand(context)))
    return { ...done, result: { ...done.result, supplier } }
  },
  says: ({ order, supplier }) => `Order ${order} is handed to ${supplier} next`,
})
