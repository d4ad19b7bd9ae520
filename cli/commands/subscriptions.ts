import type { Command } from 'commander'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { decideChild } from '../../server/orders/their-subscriptions.ts'
import { refuse } from '../../server/refusal.ts'
import { withDatabase } from '../database.ts'
import { id, whole } from '../options.ts'
import { type Json, print } from '../output.ts'

export function addSubscriptionCommands(program: Command) {
  const subscription = program.command('subscription').description('subscriptions: tell them of new posts')
  addPost(subscription)
  addChild(subscription)
}

function addPost(subscription: Command) {
  subscription
    .command('post')
    .description('posts that were found; each is ordered after the subscription’s delay, and charged then')
    .argument('<subscription>', 'its order number', id)
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
    .description('a child order that a supplier made and did not say how large: charge it, or not')
    .argument('<subscription>', 'its order number', id)
    .argument('<their id>', 'of the child, as "docket alerts" shows it')
    .option('--quantity <number>', 'it is an order of so many', whole)
    .option('--refuse', 'it is not charged')
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
