import { z } from 'zod'
import { inviteStaff } from '../staff/invite.ts'
import { findCurrent } from '../staff/staff.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'
import { invitationParts, invitationWords } from './invitation.ts'

export const staffInvite = act({
  name: 'staff invite',
  does: 'mail a member of staff a link to choose a password for the desk; prints the link too',
  permission: 'staff.manage',
  secrets: ['link'],
  input: z.object({ staff: cli(id(), { argument: true }).describe('the id that "staff list" shows') }),
  prepare: invitationParts,
  async run({ tx, now, house }, { staff }, parts) {
    const member = await findCurrent(tx, staff)
    const link = await inviteStaff(tx, parts, member, now)
    return { result: { staff, email: member.email, link, mailed: house.sendsMail }, after: { invited: member.email } }
  },
  says: ({ email, link, mailed }) => invitationWords(email, link, mailed),
})
