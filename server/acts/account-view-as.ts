import { z } from 'zod'
import { beginView } from '../staff/account-views.ts'
import { act } from './act.ts'
import { id, reason } from './fields.ts'

export const accountViewAs = act({
  name: 'account view-as',
  does: 'see the pages of an account as its customer sees them, for half an hour and without a way to do anything; the customer reads that you did',
  permission: 'accounts.read',
  secrets: ['link'],
  input: z.object({
    account: id().describe('number of the account'),
    reason: reason(200).describe('why; the customer reads it in the log of the account'),
  }),
  prepare: (house) => house.site(),
  async run({ tx, now, actor }, { account, reason: why }, { url }) {
    const { token, email, until } = await beginView(tx, { account, reason: why, actor }, now)
    return { result: { account, email, until, link: `${url}/view/${token}` }, subject: { account }, after: { seen_by: actor.who, until } }
  },
  says: ({ email, until, link }) => `The pages of ${email}, until ${until.toISOString()}; the link works once:\n\n  ${link}`,
})
