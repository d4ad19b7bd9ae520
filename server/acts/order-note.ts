import { z } from 'zod'
import { chargeOf } from '../orders/charged.ts'
import { act } from './act.ts'
import { cli, text } from './fields.ts'
import { theOrder } from './order-change.ts'

export const orderNote = act({
  name: 'order note',
  does: 'write a note on an order, for staff; it stands in the log, and changes nothing of the order',
  permission: 'orders.read',
  input: z.object({ ...theOrder, note: cli(text(2000).min(1), { argument: true, placeholder: '<note>' }).describe('the note') }),
  async run({ tx }, { order, note }) {
    const { account } = await chargeOf(tx, order)
    return { result: { order, note }, subject: { order, account }, after: { note } }
  },
  says: ({ order }) => `Order ${order} has the note`,
})
