import { z } from 'zod'
import { endStaff } from '../staff/staff.ts'
import { releaseTickets } from '../support/change-ticket.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf } from './rows.ts'

export const staffEnd = act({
  name: 'staff end',
  does: 'end the access of a member of staff, with all tokens; open tickets of theirs go to nobody, and what they did stays in the log',
  permission: 'staff.manage',
  input: z.object({ staff: cli(id(), { argument: true }).describe('the id that "staff list" shows') }),
  async run({ tx, now }, { staff }) {
    const before = await rowOf(tx, 'staff', staff)
    await endStaff(tx, staff, now)
    await releaseTickets(tx, staff)
    return { result: { staff, ended: true }, ...changed(before, await rowOf(tx, 'staff', staff)) }
  },
  says: ({ staff }) => `Member of staff ${staff} has no access any more`,
})
