import { z } from 'zod'
import { feedPosts } from '../orders/subscriptions.ts'
import { act } from './act.ts'
import { cli, orderId, texts } from './fields.ts'

export const subscriptionPost = act({
  name: 'subscription post',
  does: 'report new posts; each is ordered after the subscription’s delay, and charged then',
  permission: 'orders.decide',
  input: z.object({
    subscription: cli(orderId(), { argument: true, placeholder: '<subscription>' }).describe('order number of the subscription'),
    links: cli(texts('<links...>').min(1), { argument: true }).describe('addresses of the posts'),
  }),
  async run({ tx, now }, { subscription, links }) {
    const found = await feedPosts(tx, subscription, links, now)
    return { result: found, subject: { order: subscription }, after: { posts_taken: found.taken } }
  },
  says: (found) => `${found.taken} taken, ${found.passedOver} known already or without room`,
})
