import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { rescue } from '../staff/staff.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'

export const staffRescue = act({
  name: 'staff rescue',
  does: 'make somebody an owner by a command on this machine, for a house whose owners are all away',
  permission: 'staff.manage',
  input: z.object({
    email: cli(z.string().max(254), { argument: true, placeholder: '<address>' }).describe(
      'e-mail address, of a member of staff or not yet',
    ),
  }),
  async run({ tx, now, actor }, { email }) {
    if (actor.via !== 'command') throw refuse('only_on_the_machine')
    const owner = await rescue(tx, { email }, now)
    return { result: { staff: owner.id, email: owner.email, role: owner.role }, after: { role: owner.role, email: owner.email } }
  },
  says: ({ staff, email }) => `${email} is an owner now (member of staff ${staff})`,
})
