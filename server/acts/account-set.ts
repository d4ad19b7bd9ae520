import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { findAccount, setAccount } from '../customers/accounts.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import { id, percent, seconds } from './fields.ts'

export const accountSet = act({
  name: 'account set',
  does: 'change an account',
  permission: 'services.price',
  overwrites: true,
  changesCatalogue: true,
  input: z.object({
    account: id().describe('number of the account'),
    discount: percent().optional().describe('discount on every rate, like 5 or 7.5'),
    repeat_window: seconds().optional().describe('answer an identical order within so many seconds with the first one; 0: never'),
  }),
  async run({ tx, now }, { account, discount, repeat_window: window }) {
    if (discount === undefined && window === undefined) throw refuse('nothing_to_change', '--discount 5')
    const shown = async () => {
      const found = await findAccount(tx, account)
      return { discount_percent: found.discountBasisPoints / 100, repeat_window_seconds: found.repeatWindowSeconds }
    }
    const before = await shown()
    await setAccount(tx, account, { discountBasisPoints: discount, repeatWindowSeconds: window })
    const after = await shown()
    const terms = [...(discount === undefined ? [] : [`−${after.discount_percent}%`]), ...(window === undefined ? [] : [`${window} s`])]
    await logAct(tx, account, STAFF, 'terms changed', now, terms.join(', '))
    return { result: { account, ...after }, subject: { account }, ...changed(before, after) }
  },
  says: (is) => `Account ${is.account}: ${is.discount_percent}% off, repeat window ${is.repeat_window_seconds} s`,
})
