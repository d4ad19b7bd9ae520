import { z } from 'zod'
import { removeCodesOfStaff } from '../staff/staff.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'

export const staffRemoveCodes = act({
  name: 'staff remove-codes',
  does: 'remove the authenticator app of a member of staff who has lost it and the recovery codes; signs them out',
  permission: 'staff.manage',
  input: z.object({ staff: cli(id(), { argument: true }).describe('the id that "staff list" shows') }),
  async run({ tx }, { staff }) {
    await removeCodesOfStaff(tx, staff)
    return { result: { staff, code: false }, before: { code: true }, after: { code: false } }
  },
  says: ({ staff }) => `Member of staff ${staff} signs in with the password alone`,
})
