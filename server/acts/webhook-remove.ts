import { z } from 'zod'
import { removeWebhook } from '../webhooks/registry.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf, webhookSubject } from './rows.ts'

export const webhookRemove = act({
  name: 'webhook remove',
  does: 'remove a webhook and its log',
  permission: 'accounts.manage',
  input: z.object({ webhook: cli(id(), { argument: true }).describe('the id that "webhook list" shows') }),
  async run({ tx, now }, { webhook }) {
    const before = await rowOf(tx, 'webhooks', webhook)
    await removeWebhook(tx, webhook, now)
    return { result: { webhook, removed: true }, subject: webhookSubject(before), before, after: null }
  },
  says: ({ webhook }) => `Webhook ${webhook} is removed`,
})
