import { z } from 'zod'
import { inviteToAccount } from '../customers/invite.ts'
import { act } from './act.ts'
import { id } from './fields.ts'

export const accountInvite = act({
  name: 'account invite',
  does: 'mail the owner of an account a link to choose a password; prints the link too',
  permission: 'accounts.manage',
  secrets: ['link'],
  input: z.object({ account: id().describe('number of the account') }),
  prepare: async (house) => ({ secret: await house.secret(), site: await house.site() }),
  async run({ tx, now, house }, { account }, { secret, site }) {
    const { email, link } = await inviteToAccount({ db: tx, now: () => now, secret, site }, account)
    return { result: { account, email, link, mailed: house.sendsMail }, subject: { account }, after: { invited: email } }
  },
  says({ email, link, mailed }) {
    const how = mailed ? 'The link is on its way by mail, too.' : 'DOCKET_SMTP_URL is not set: hand the link over yourself.'
    return `For ${email}, once, within a week:\n\n  ${link}\n\n${how}`
  },
})
