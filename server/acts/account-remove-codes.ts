import { z } from 'zod'
import { removeSecondFactorOf } from '../customers/invite.ts'
import { act } from './act.ts'
import { id } from './fields.ts'

export const accountRemoveCodes = act({
  name: 'account remove-codes',
  does: 'stop asking for sign-in codes, for a person who has lost phone and recovery codes; signs every browser out',
  permission: 'accounts.manage',
  input: z.object({ account: id().describe('number of the account') }),
  async run({ tx, now }, { account }) {
    await removeSecondFactorOf({ db: tx, now: () => now }, account)
    return { result: { account, codes: false }, subject: { account }, before: { codes: true }, after: { codes: false } }
  },
  says: ({ account }) => `Account ${account} signs in by password only`,
})
