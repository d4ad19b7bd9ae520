import { z } from 'zod'
import { everyRole } from '../staff/roles.ts'
import { addStaff } from '../staff/staff.ts'
import { act } from './act.ts'
import { cli, text } from './fields.ts'
import { rowOf } from './rows.ts'

export const staffAdd = act({
  name: 'staff add',
  does: 'add a person who works here, with a role; somebody who has left gets access again',
  permission: 'staff.manage',
  input: z.object({
    email: cli(z.string().max(254), { placeholder: '<address>' }).describe('e-mail address; the log names the person by it'),
    name: text(100).describe('name of the person'),
    role: cli(z.enum(everyRole), { placeholder: '<role>' }).describe('what the person may do; the first one must be an owner'),
  }),
  async run({ tx, now }, given) {
    const { id, email, role } = await addStaff(tx, given, now)
    return { result: { staff: id, email, role }, after: await rowOf(tx, 'staff', id) }
  },
  says: ({ staff, email, role }) => `Member of staff ${staff}: ${email}, ${role}`,
})
