import { z } from 'zod'
import { logTest, sendTest } from '../webhooks/log.ts'
import { checkWebhook } from '../webhooks/registry.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf, webhookSubject } from './rows.ts'

export const webhookTest = act({
  name: 'webhook test',
  does: 'send one signed message of type webhook.test now',
  permission: 'accounts.manage',
  input: z.object({ webhook: cli(id(), { argument: true }).describe('the id that "webhook list" shows') }),
  // A message that was sent cannot be taken back, so a dry run sends none.
  prepare: async (house, { webhook }, { dryRun }) =>
    dryRun ? null : sendTest(house.db, { secret: await house.secret(), outgoing: await house.webhookOutgoing() }, webhook, house.now()),
  async run({ tx, now }, { webhook }, test) {
    await checkWebhook(tx, webhook)
    const subject = webhookSubject(await rowOf(tx, 'webhooks', webhook))
    if (test) await logTest(tx, webhook, test, now)
    const { arrived, status, words } = test?.attempt ?? { arrived: false, status: null, words: 'nothing was sent' }
    return { result: { webhook, arrived, status, words }, subject, after: { test: words } }
  },
  says: ({ arrived, words }) => (arrived ? `It arrived (${words})` : `It did not arrive: ${words}`),
})
