import type { Command } from 'commander'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { decideChild } from '../../server/orders/their-subscriptions.ts'
import { refuse } from '../../server/refusal.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print } from '../output.ts'

export function addSubscriptionCommands(program: Command) {
  const subscription = program.command('subscription').description('subscriptions: report new posts, decide child orders')
  addPost(subscription)
  addChild(subscription)
}

function addPost(subscription: Command) {
  subscription
    .command('post')
    .description('report new posts; each is ordered after the subscription’s delay, and charged then')
    .argument('<subscription>', 'order number of the subscription', id)
    .argument('<links...>', 'addresses of the posts')
    .option('--json', 'answer in JSON')
    .action((subscription: number, links: string[], options: Json) =>
      withDatabase(async (db) => {
        const found = await feedPosts(db, BigInt(subscription), links, new Date())
        print(options.json, found, `${found.taken} taken, ${found.passedOver} known already or without room`)
      }),
    )
}

function addChild(subscription: Command) {
  subscription
    .command('child')
    .description('decide a child order whose quantity the supplier did not tell: charge it, or not')
    .argument('<subscription>', 'order number of the subscription', id)
    .argument('<their id>', 'the supplier’s id of the child, as "docket alerts" shows it')
    .option('--quantity <number>', 'its quantity, which is charged', whole)
    .option('--refuse', 'do not charge it')
    .option('--json', 'answer in JSON')
    .action((order: number, child: string, { quantity, refuse: isRefused, json }: ChildOptions) => {
      if ((quantity === undefined) === (isRefused === undefined)) throw refuse('say_one_of', '--quantity N, --refuse')
      return withDatabase(async (db) => {
        await decideChild(db, BigInt(order), child, quantity === undefined ? null : BigInt(quantity), new Date())
        print(
          json,
          { subscription: order, child, quantity: quantity ?? null },
          isRefused ? 'It is not charged' : `It is an order of ${quantity}`,
        )
      })
    })
}

interface ChildOptions extends Json {
  quantity?: number
  refuse?: boolean
}
