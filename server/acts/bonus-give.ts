import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { findAccount } from '../customers/accounts.ts'
import { formatUnits } from '../ledger/money.ts'
import { giveBonus } from '../payments/owing.ts'
import { act } from './act.ts'
import { amount, id, reason, text } from './fields.ts'
import { needsSecondFor } from './moved-by-hand.ts'

export const bonusGive = act({
  name: 'bonus give',
  does: 'give an account money that it did not pay in; it stays apart from deposits in all books and reports',
  permission: 'money.fund',
  input: z.object({
    account: id().describe('number of the account'),
    amount: amount().describe('like 5 or 0.25'),
    reason: reason().describe('why; the customer reads it on the statement'),
    reference: text(200).optional().describe('name of the bonus: one with the same name is given once'),
  }),
  needsSecond: async (context, { account, amount: units }) =>
    needsSecondFor(context, units, (await findAccount(context.tx, account)).currency),
  async run({ tx, now }, { account: number, amount: units, reason: note, reference = null }) {
    const before = await findAccount(tx, number)
    const { line, isNew } = await giveBonus(tx, before, { amount: units, note, reference }, now)
    const { wallet, currency } = await findAccount(tx, number)
    if (isNew) await logAct(tx, number, STAFF, 'funded', now, `${formatUnits(units)} ${currency}: ${note}`)
    const result = { account: number, line, balance: formatUnits(wallet ?? 0n), currency }
    return {
      result,
      subject: { account: number },
      before: { balance: formatUnits(before.wallet ?? 0n) },
      after: { balance: result.balance, why: note },
    }
  },
  says: (is) => `Account ${is.account} has ${is.balance} ${is.currency} (line ${is.line})`,
})
