import { z } from 'zod'
import { findGroup, setGroup } from '../customers/groups.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import { cli, groupName, id, percent } from './fields.ts'

export const groupSet = act({
  name: 'group set',
  does: 'rename a group of customers, or change its discount',
  permission: 'services.price',
  changesCatalogue: true,
  input: z.object({
    group: cli(id(), { argument: true }).describe('number of the group'),
    name: groupName().optional().describe('new name'),
    discount: percent().optional().describe('discount on every rate, like 5 or 7.5; an account with a larger one of its own keeps that'),
  }),
  async run({ tx }, { group, name, discount }) {
    if (name === undefined && discount === undefined) throw refuse('nothing_to_change', '--discount 5')
    const shown = async () => {
      const found = await findGroup(tx, group)
      return { name: found.name, discount_percent: found.discountBasisPoints / 100 }
    }
    const before = await shown()
    await setGroup(tx, group, { name, discountBasisPoints: discount })
    const after = await shown()
    return { result: { group, ...after }, ...changed(before, after) }
  },
  says: ({ group, ...is }) => `Group ${group}: ${is.name}, ${is.discount_percent}% off`,
})
