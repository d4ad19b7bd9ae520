import { z } from 'zod'
import { dropGroupRates } from '../catalog/group-rates.ts'
import { findGroup, removeGroup } from '../customers/groups.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'

export const groupRemove = act({
  name: 'group remove',
  does: 'remove a group of customers with its rates; its accounts pay as everybody does, or their own rates',
  permission: 'services.price',
  changesCatalogue: true,
  input: z.object({ group: cli(id(), { argument: true }).describe('number of the group') }),
  async run({ tx }, { group }) {
    const { name, discountBasisPoints } = await findGroup(tx, group)
    const rates = Object.fromEntries(await dropGroupRates(tx, group))
    const accounts = await removeGroup(tx, group)
    return { result: { group, accounts }, before: { name, discount_percent: discountBasisPoints / 100, rates, accounts }, after: null }
  },
  says: ({ group, accounts }) => `Group ${group} is removed; ${accounts} accounts were in it`,
})
