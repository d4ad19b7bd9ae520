import { z } from 'zod'
import { STAFF } from '../customers/account-log.ts'
import { checkNewWebhook, insertWebhook, setBalanceLow } from '../webhooks/registry.ts'
import { everyMessage } from '../webhooks/message.ts'
import { act } from './act.ts'
import { amount, cli, flag, id, text, words } from './fields.ts'
import { rowOf } from './rows.ts'

export const webhookAdd = act({
  name: 'webhook add',
  does: 'register an address; prints the secret that signs its messages, which is shown only now',
  permission: 'accounts.manage',
  secrets: ['secret'],
  input: z.object({
    account: id().describe('number of the account'),
    url: cli(text(4096), { placeholder: '<address>', secret: true }).describe('https address on the public internet'),
    events: words()
      .default([...everyMessage])
      .describe('comma-separated, like order.completed,refill.*'),
    balance_low: amount().optional().describe('send a message when the account’s balance falls below this, like 10'),
    test: flag().describe('the orders of its test keys instead of the real ones'),
  }),
  async prepare(house, { url, events }) {
    await checkNewWebhook({ outgoing: await house.webhookOutgoing() }, { url, events })
    return house.secret()
  },
  async run({ tx, now }, { account, url, events, balance_low: balanceLow, test }, secret) {
    const added = await insertWebhook(tx, secret, { accountId: account, url, events, test }, now, STAFF)
    if (balanceLow !== undefined) await setBalanceLow(tx, account, test, balanceLow)
    return { result: added, subject: { account }, after: await rowOf(tx, 'webhooks', added.webhook) }
  },
  says: ({ webhook, secret }) => `Webhook ${webhook}\nSecret  ${secret}\nThe secret is shown this once: keep it.`,
})
