import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { replay, type Replayed } from '../webhooks/log.ts'
import { act } from './act.ts'
import { cli, id, text } from './fields.ts'
import { rowOf, webhookSubject } from './rows.ts'

export const webhookReplay = act({
  name: 'webhook replay',
  does: 'send messages again, each under its own webhook-id: those that were given up, one, or all since a time',
  permission: 'accounts.manage',
  input: z.object({
    webhook: cli(id(), { argument: true }).describe('the id that "webhook list" shows'),
    delivery: id().optional().describe('one, by the number that "webhook deliveries" shows'),
    since: cli(text(40), { placeholder: '<time>' }).optional().describe('all since then, delivered or not, like 2026-03-01T12:00Z'),
  }),
  async run({ tx, now }, { webhook, ...which }) {
    const again = await replay(tx, webhook, replayOf(which), now)
    const subject = webhookSubject(await rowOf(tx, 'webhooks', webhook))
    return { result: { webhook, again }, subject, after: { messages_sent_again: again } }
  },
  says: ({ again }) => `${again} messages are sent again`,
})

function replayOf({ delivery, since }: { delivery?: number | undefined; since?: string | undefined }): Replayed {
  if (delivery !== undefined) return { delivery: BigInt(delivery) }
  if (since === undefined) return 'given up'
  const moment = new Date(since)
  if (Number.isNaN(moment.getTime())) throw refuse('incorrect_since')
  return { since: moment }
}
