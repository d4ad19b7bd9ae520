import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { addFundedAccount } from '../payments/fund.ts'
import { formatUnits } from '../ledger/money.ts'
import type { CameBy } from '../customers/account-context.ts'
import { attributeReferral } from '../referrals/attribute.ts'
import { findReferrer } from '../referrals/referrers.ts'
import { refuse } from '../refusal.ts'
import { act, type ActContext, demand } from './act.ts'
import { amount, cli, id, text } from './fields.ts'
import { needsSecondFor } from './moved-by-hand.ts'

export const accountAdd = act({
  name: 'account add',
  does: 'open an account; prints its number and its API key, which is shown this once',
  permission: 'accounts.manage',
  secrets: ['key'],
  input: z.object({
    email: cli(z.string().max(254), { placeholder: '<address>' }).describe('e-mail address; each has one account'),
    balance: amount().prefault('0').describe('first deposit, like 100 or 0.25; it needs the permission money.fund'),
    currency: cli(z.string(), { placeholder: '<code>' })
      .optional()
      .describe('currency of its balance and prices; without it, the one of the settings'),
    note: text().default('first deposit').describe('note on the deposit'),
    referrer: id().optional().describe('number of the account that brought this customer'),
  }),
  needsSecond: (context, { balance, currency = context.house.settings().currency }) => needsSecondFor(context, balance, currency),
  async run(context, input) {
    const { tx, now, house, dryRun } = context
    const { currency = house.settings().currency } = input
    if (input.balance !== 0n) demand(context, 'account add', 'money.fund')
    const { account, key } = await addFundedAccount(
      tx,
      { ...input, currency, by: context.actor.who, seller: house.settings().seller, dryRun },
      now,
    )
    await logAct(tx, account, STAFF, 'registered', now)
    if (input.balance !== 0n) await logAct(tx, account, STAFF, 'funded', now, `${formatUnits(input.balance)} ${currency}: ${input.note}`)
    if (input.referrer !== undefined) await noteReferrer(context, { accountId: account, email: input.email, currency }, input.referrer)
    const after = { email: input.email, balance: formatUnits(input.balance), currency }
    return { result: { account, key }, subject: { account }, after }
  },
  says: ({ account, key }) => `Account ${account}\nKey     ${key}\nThe key is shown this once: keep it.`,
})

/** Somebody came by a customer's word and not by the link: it counts in the same way. */
async function noteReferrer({ tx, now, house }: ActContext, opened: Pick<CameBy, 'accountId' | 'email' | 'currency'>, by: number) {
  const program = house.settings().referrals
  if (!program.isOn) throw refuse('referrals_are_off')
  const referrer = await findReferrer(tx, by)
  if (!referrer || referrer.refusedAt) throw refuse('no_referrer', by)
  await attributeReferral(tx, { ...opened, code: referrer.code, address: '', browser: undefined }, program, now)
}
