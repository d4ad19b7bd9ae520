import { z } from 'zod'
import { signOutStaff } from '../staff/staff.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'

export const staffSignOut = act({
  name: 'staff sign-out',
  does: 'sign every browser of a member of staff out',
  permission: 'staff.manage',
  input: z.object({ staff: cli(id(), { argument: true }).describe('the id that "staff list" shows') }),
  async run({ tx }, { staff }) {
    const ended = await signOutStaff(tx, staff)
    return { result: { staff, ended }, before: { sessions: ended }, after: { sessions: 0 } }
  },
  says: ({ staff, ended }) => `Member of staff ${staff}: ${ended} signed out`,
})
