import { z } from 'zod'
import { inviteToAccount } from '../customers/invite.ts'
import { act } from './act.ts'
import { id } from './fields.ts'
import { invitationParts, invitationWords } from './invitation.ts'

export const accountInvite = act({
  name: 'account invite',
  does: 'mail the owner of an account a link to choose a password; prints the link too',
  permission: 'accounts.manage',
  secrets: ['link'],
  input: z.object({ account: id().describe('number of the account') }),
  prepare: invitationParts,
  async run({ tx, now, house }, { account }, { secret, site }) {
    const { email, link } = await inviteToAccount({ db: tx, now: () => now, secret, site }, account)
    return { result: { account, email, link, mailed: house.sendsMail }, subject: { account }, after: { invited: email } }
  },
  says: ({ email, link, mailed }) => invitationWords(email, link, mailed),
})
