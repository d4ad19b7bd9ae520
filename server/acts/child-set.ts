import { z } from 'zod'
import { lockChild, setRent } from '../children/children.ts'
import { formatUnits } from '../ledger/money.ts'
import { act } from './act.ts'
import { panelHost, rentAMonth } from './child-fields.ts'

export const childSet = act({
  name: 'child set',
  does: 'change what a child panel costs per month, from the next month on',
  permission: 'children.manage',
  overwrites: true,
  input: z.object({ host: panelHost(), rent: rentAMonth().describe('what it costs per month; 0: nothing') }),
  async run({ tx }, { host, rent }) {
    const child = await lockChild(tx, host)
    await setRent(tx, child.id, rent)
    const told = (units: bigint) => ({ rent: formatUnits(units) })
    return { result: { host, ...told(rent) }, subject: { account: child.accountId }, before: told(child.rent), after: told(rent) }
  },
  says: ({ host, rent }) => `${host} costs ${rent} per month`,
})
