import { z } from 'zod'
import { revokeStaffKey } from '../staff/staff-keys.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf } from './rows.ts'

export const staffKeyRevoke = act({
  name: 'staff-key revoke',
  does: 'refuse a key from now on, on every node',
  permission: 'staff.manage',
  input: z.object({ key: cli(id(), { argument: true }).describe('the id that "staff-key list" shows') }),
  async run({ tx, now }, { key: number }) {
    const before = await rowOf(tx, 'staff keys', number)
    await revokeStaffKey(tx, number, now)
    return { result: { id: number, revoked: true }, ...changed(before, await rowOf(tx, 'staff keys', number)) }
  },
  says: (is) => `Staff key ${is.id} is revoked`,
})
