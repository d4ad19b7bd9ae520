import { z } from 'zod'
import { pauseWebhook } from '../webhooks/pause.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf, webhookSubject } from './rows.ts'

export const webhookPause = act({
  name: 'webhook pause',
  does: 'collect and send no messages until the webhook is resumed',
  permission: 'accounts.manage',
  input: z.object({ webhook: cli(id(), { argument: true }).describe('the id that "webhook list" shows') }),
  async run({ tx, now }, { webhook }) {
    const before = await rowOf(tx, 'webhooks', webhook)
    await pauseWebhook(tx, webhook, now)
    const after = await rowOf(tx, 'webhooks', webhook)
    return { result: { webhook, paused: true }, subject: webhookSubject(before), ...changed(before, after) }
  },
  says: ({ webhook }) => `Webhook ${webhook} is paused`,
})
