import type { Command } from 'commander'
import { subscriptionChild } from '../../server/acts/subscription-child.ts'
import { subscriptionPost } from '../../server/acts/subscription-post.ts'
import { addAct } from '../acts.ts'

export function addSubscriptionCommands(program: Command) {
  const subscription = program.command('subscription').description('subscriptions: report new posts, decide child orders')
  addAct(subscription, subscriptionPost)
  addAct(subscription, subscriptionChild)
}
