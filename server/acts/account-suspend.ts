import { z } from 'zod'
import { findAccount, suspendAccount } from '../customers/accounts.ts'
import { act } from './act.ts'
import { id } from './fields.ts'

export const accountSuspend = suspension('account suspend', 'refuse all keys of an account, at once on every node', true)
export const accountResume = suspension('account resume', 'let a suspended account order again, at once on every node', false)

function suspension(name: string, does: string, suspended: boolean) {
  return act({
    name,
    does,
    permission: 'accounts.manage',
    input: z.object({ account: id().describe('number of the account') }),
    async run({ tx, now }, { account }) {
      const before = { suspended: (await findAccount(tx, account)).suspended }
      await suspendAccount(tx, account, suspended, now)
      return { result: { account, suspended }, subject: { account }, before, after: { suspended } }
    },
    says: ({ account }) => `Account ${account} is ${suspended ? 'suspended' : 'active'}`,
  })
}
