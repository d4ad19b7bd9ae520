import { z } from 'zod'
import { resumeWebhook } from '../webhooks/pause.ts'
import { act, changed } from './act.ts'
import { cli, flag, id } from './fields.ts'
import { rowOf, webhookSubject } from './rows.ts'

export const webhookResume = act({
  name: 'webhook resume',
  does: 'send all that happened during the pause, or only what happens from now on',
  permission: 'accounts.manage',
  input: z.object({
    webhook: cli(id(), { argument: true }).describe('the id that "webhook list" shows'),
    from_now: flag().describe('drop all that happened during the pause and all that still waited'),
  }),
  async run({ tx, now }, { webhook, from_now: fromNow }) {
    const before = await rowOf(tx, 'webhooks', webhook)
    await resumeWebhook(tx, webhook, !fromNow, now)
    const after = await rowOf(tx, 'webhooks', webhook)
    return { result: { webhook, paused: false }, subject: webhookSubject(before), ...changed(before, after) }
  },
  says: ({ webhook }) => `Webhook ${webhook} goes on`,
})
