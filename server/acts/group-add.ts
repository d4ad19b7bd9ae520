import { z } from 'zod'
import { addGroup } from '../customers/groups.ts'
import { act } from './act.ts'
import { groupName, percent } from './fields.ts'

export const groupAdd = act({
  name: 'group add',
  does: 'add a group of customers, who pay alike',
  permission: 'services.price',
  input: z.object({
    name: groupName().describe('name of the group, for staff'),
    discount: percent().default(0).describe('discount on every rate, like 5 or 7.5; an account with a larger one of its own keeps that'),
  }),
  async run({ tx, now }, { name, discount }) {
    const group = await addGroup(tx, { name, discountBasisPoints: discount }, now)
    const added = { name, discount_percent: discount / 100 }
    return { result: { group, ...added }, before: null, after: { group, ...added } }
  },
  says: ({ group, name }) => `Group ${group}: ${name}`,
})
