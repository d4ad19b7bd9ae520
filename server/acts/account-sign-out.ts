import { z } from 'zod'
import { signOutAccount } from '../customers/invite.ts'
import { act } from './act.ts'
import { id } from './fields.ts'

export const accountSignOut = act({
  name: 'account sign-out',
  does: 'sign every browser of an account out',
  permission: 'accounts.manage',
  input: z.object({ account: id().describe('number of the account') }),
  async run({ tx, now }, { account }) {
    const ended = await signOutAccount({ db: tx, now: () => now }, account)
    return { result: { account, ended }, subject: { account }, before: { sessions: ended }, after: { sessions: 0 } }
  },
  says: ({ account, ended }) => `Account ${account}: ${ended} signed out`,
})
