import { z } from 'zod'
import { findGroup, moveAccounts } from '../customers/groups.ts'
import { act } from './act.ts'
import { cli, id, ids } from './fields.ts'

export const groupMove = act({
  name: 'group move',
  does: 'move accounts into a group of customers, or out of theirs; an account has at most one group',
  permission: 'services.price',
  changesCatalogue: true,
  input: z.object({
    group: cli(id().nullable(), { argument: true, placeholder: '<number|none>' }).describe('number of the group; none: no group'),
    accounts: ids().describe('numbers of the accounts'),
  }),
  async run({ tx }, { group, accounts }) {
    if (group !== null) await findGroup(tx, group)
    const had = await moveAccounts(tx, accounts, group)
    const moved = [...had].filter(([, before]) => before !== group)
    const subject = accounts.length === 1 ? { account: accounts[0] } : {}
    const told = (of: (before: number | null) => number | null) => ({
      accounts: Object.fromEntries(moved.map(([account, before]) => [account, of(before)])),
    })
    return { result: { group, moved: moved.length }, subject, before: told((before) => before), after: told(() => group) }
  },
  says: ({ group, moved }) =>
    group === null ? `${moved} accounts have no group any more` : `${moved} accounts were moved into group ${group}`,
})
