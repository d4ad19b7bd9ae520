import { z } from 'zod'
import { everyRole } from '../staff/roles.ts'
import { inviteStaff } from '../staff/invite.ts'
import { addStaff } from '../staff/staff.ts'
import { act } from './act.ts'
import { cli, text } from './fields.ts'
import { invitationParts, invitationWords } from './invitation.ts'
import { rowOf } from './rows.ts'

export const staffAdd = act({
  name: 'staff add',
  does: 'add a person who works here, with a role; somebody who has left gets access again',
  permission: 'staff.manage',
  secrets: ['link'],
  input: z.object({
    email: cli(z.string().max(254), { placeholder: '<address>' }).describe('e-mail address; the log names the person by it'),
    name: text(100).describe('name of the person'),
    role: cli(z.enum(everyRole), { placeholder: '<role>' }).describe('what the person may do; the first one must be an owner'),
    invite: z.boolean().default(false).describe('mail them a link to choose a password for the desk; prints the link too'),
  }),
  prepare: invitationParts,
  async run({ tx, now, house }, { invite, ...given }, parts) {
    const member = await addStaff(tx, given, now)
    const { id, email, role } = member
    const invitation = invite ? { link: await inviteStaff(tx, parts, member, now), mailed: house.sendsMail } : {}
    return { result: { staff: id, email, role, ...invitation }, after: await rowOf(tx, 'staff', id) }
  },
  says({ staff, email, role, link, mailed = false }) {
    const added = `Member of staff ${staff}: ${email}, ${role}`
    return link === undefined ? added : `${added}\n${invitationWords(email, link, mailed)}`
  },
})
