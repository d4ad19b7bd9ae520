import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { findAccount } from '../customers/accounts.ts'
import { formatUnits } from '../ledger/money.ts'
import { excuseOwed } from '../payments/owing.ts'
import { act } from './act.ts'
import { amount, id, reason } from './fields.ts'

export const accountExcuse = act({
  name: 'account excuse',
  does: 'excuse what an account owes after money was taken back, so that it can order again',
  permission: 'payments.decide',
  input: z.object({
    account: id().describe('number of the account'),
    amount: amount().optional().describe('how much; without it, everything'),
    reason: reason().describe('why; the customer reads it on the statement'),
  }),
  async run({ tx, now }, { account: number, amount: units = null, reason: note }) {
    const account = await findAccount(tx, number)
    const { excused, left } = await excuseOwed(tx, account, { amount: units, note }, now)
    await logAct(tx, number, STAFF, 'funded', now, `${formatUnits(excused)} ${account.currency}: ${note}`)
    const result = { account: number, excused: formatUnits(excused), owed: formatUnits(left), currency: account.currency }
    const before = { owed: formatUnits(excused + left) }
    return { result, subject: { account: number }, before, after: { owed: result.owed, why: note } }
  },
  says: (is) => `Account ${is.account}: ${is.excused} ${is.currency} is excused, ${is.owed} is still owed`,
})
