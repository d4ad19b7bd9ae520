import { z } from 'zod'
import { rotateSecret } from '../webhooks/registry.ts'
import { act, changed } from './act.ts'
import { cli, id, whole } from './fields.ts'
import { rowOf, webhookSubject } from './rows.ts'

export const webhookRotate = act({
  name: 'webhook rotate',
  does: 'give a webhook a new secret, which is shown only now; for a while the old one signs too',
  permission: 'accounts.manage',
  secrets: ['secret'],
  input: z.object({
    webhook: cli(id(), { argument: true }).describe('the id that "webhook list" shows'),
    keep_old: cli(whole(), { placeholder: '<hours>' }).default(24).describe('how many hours the old one still signs; 0: not any more'),
  }),
  prepare: (house) => house.secret(),
  async run({ tx, now }, { webhook, keep_old: hours }, sealing) {
    const before = await rowOf(tx, 'webhooks', webhook)
    const { secret, oldUntil } = await rotateSecret(tx, sealing, webhook, hours, now)
    const result = { webhook, secret, old_secret_until: oldUntil }
    return { result, subject: webhookSubject(before), ...changed(before, await rowOf(tx, 'webhooks', webhook)) }
  },
  says({ secret, old_secret_until: until }) {
    const old = until ? `The old one signs too until ${until.toISOString()}.` : 'The old one signs no more.'
    return `Secret  ${secret}\nThe secret is shown this once: keep it. ${old}`
  },
})
