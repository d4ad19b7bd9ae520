import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { findAccount } from '../customers/accounts.ts'
import { fund as bookMoney } from '../payments/fund.ts'
import { formatUnits } from '../ledger/money.ts'
import { act } from './act.ts'
import { amount, id, reason, text } from './fields.ts'
import { needsSecondFor } from './moved-by-hand.ts'

export const fund = act({
  name: 'fund',
  does: 'book money into an account, or a correction out of it',
  permission: 'money.fund',
  input: z.object({
    account: id().describe('number of the account'),
    amount: amount().describe('like 100 or 0.25; a negative amount is a correction'),
    note: reason().describe('why; the customer reads it on the statement and in the log of the account'),
    reference: text(200)
      .optional()
      .describe('name of the payment: a payment with the same name is booked once, however often it is reported'),
  }),
  needsSecond: async (context, { account, amount: units }) =>
    needsSecondFor(context, units, (await findAccount(context.tx, account)).currency),
  async run({ tx, now, actor, house }, { account, amount: units, note, reference = null }) {
    const { wallet } = await findAccount(tx, account)
    const { line, balance, currency } = await bookMoney(
      tx,
      account,
      { amount: units, note, reference, by: actor.who, seller: house.settings().seller },
      now,
    )
    const about = `${formatUnits(units)} ${currency}: ${note}`
    // A payment that was reported before has moved nothing now.
    if (balance !== (wallet ?? 0n)) await logAct(tx, account, STAFF, 'funded', now, about)
    const result = { account, line, balance: formatUnits(balance), currency }
    return { result, subject: { account }, before: { balance: formatUnits(wallet ?? 0n) }, after: { balance: result.balance } }
  },
  says: (is) => `Account ${is.account} has ${is.balance} ${is.currency} (line ${is.line})`,
})
