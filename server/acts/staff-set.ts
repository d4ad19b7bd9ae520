import { z } from 'zod'
import { everyRole } from '../staff/roles.ts'
import { setRole } from '../staff/staff.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf } from './rows.ts'

export const staffSet = act({
  name: 'staff set',
  does: 'give a member of staff another role, from the next request on; the last owner keeps theirs',
  permission: 'staff.manage',
  overwrites: true,
  input: z.object({
    staff: cli(id(), { argument: true }).describe('the id that "staff list" shows'),
    role: cli(z.enum(everyRole), { placeholder: '<role>' }).describe('what the person may do'),
  }),
  async run({ tx }, { staff, role }) {
    const before = await rowOf(tx, 'staff', staff)
    await setRole(tx, staff, role)
    return { result: { staff, role }, ...changed(before, await rowOf(tx, 'staff', staff)) }
  },
  says: ({ staff, role }) => `Member of staff ${staff} is ${role}`,
})
