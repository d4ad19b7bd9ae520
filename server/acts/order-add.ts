import { z } from 'zod'
import { formatUnits } from '../ledger/money.ts'
import { placeFor } from '../ordering/place-for.ts'
import { reserveOrderId } from '../orders/order-ids.ts'
import { act } from './act.ts'
import { id, text, whole } from './fields.ts'

export const orderAdd = act({
  name: 'order add',
  does: 'place an order for a customer: at the customer’s price, from the customer’s balance',
  permission: 'orders.place',
  input: z.object({
    account: id().describe('number of the account that pays'),
    service: id().describe('number of the service'),
    link: text(4096).optional().describe('what it is for'),
    quantity: whole().optional().describe('how many'),
    comments: text(100_000).optional().describe('one per line, for services that take them'),
  }),
  // Not within the transaction, so that nobody who orders waits for its end. A dry run takes none.
  prepare: async (house, _, { dryRun }) => (dryRun ? undefined : reserveOrderId(house.db)),
  async run({ tx, now }, { account, service, link, quantity, comments }, reserved) {
    const parameters = { service: String(service), link, quantity: quantity === undefined ? undefined : String(quantity), comments }
    const order = reserved ?? (await reserveOrderId(tx))
    const { charge } = await placeFor(tx, { account, id: order, parameters }, now)
    const after = { service, link, quantity, charge: formatUnits(charge) }
    return { result: { order: Number(order), charge: formatUnits(charge) }, subject: { account, order, service }, before: null, after }
  },
  says: ({ order, charge }) => `Order ${order} is placed and charged: ${charge}`,
})
