import { z } from 'zod'
import { decideChild } from '../orders/their-subscriptions.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { cli, flag, orderId, text, whole } from './fields.ts'

export const subscriptionChild = act({
  name: 'subscription child',
  does: 'decide a child order whose quantity the supplier did not tell: charge it, or not',
  permission: 'orders.decide',
  input: z.object({
    subscription: cli(orderId(), { argument: true, placeholder: '<subscription>' }).describe('order number of the subscription'),
    child: cli(text(), { argument: true, placeholder: '<their id>' }).describe(
      'the supplier’s id of the child, as "docket alerts" shows it',
    ),
    quantity: whole().optional().describe('its quantity, which is charged'),
    refuse: flag().describe('do not charge it'),
  }),
  async run({ tx, now }, { subscription, child, quantity, refuse: isRefused }) {
    if ((quantity === undefined) !== isRefused) throw refuse('say_one_of', '--quantity N, --refuse')
    await decideChild(tx, subscription, child, quantity === undefined ? null : BigInt(quantity), now)
    const result = { subscription, child, quantity: quantity ?? null }
    return { result, subject: { order: subscription }, after: { child, quantity: result.quantity } }
  },
  says: ({ quantity }) => (quantity === null ? 'It is not charged' : `It is an order of ${quantity}`),
})
