import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { formatUnits } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import { setBalanceLow } from '../webhooks/registry.ts'
import { act } from './act.ts'
import { amount, flag, id } from './fields.ts'

export const webhookBalanceLow = act({
  name: 'webhook balance-low',
  does: 'set the balance below which an account’s balance counts as low',
  permission: 'accounts.manage',
  input: z.object({
    account: id().describe('number of the account'),
    below: amount().optional().describe('like 10'),
    off: flag().describe('no balance counts as low'),
    test: flag().describe('the balance in test money'),
  }),
  async run({ tx, now }, { account, below, off, test }) {
    if ((below === undefined) !== off) throw refuse('say_below_or_off')
    await setBalanceLow(tx, account, test, below ?? null)
    await logAct(tx, account, STAFF, 'webhook changed', now, below === undefined ? null : `< ${formatUnits(below)}`)
    const shown = { account, below: below === undefined ? null : formatUnits(below) }
    return { result: shown, subject: { account }, after: { balance_low: shown.below, test } }
  },
  says: ({ below }) => (below === null ? 'No balance counts as low' : `A balance below ${below} counts as low`),
})
