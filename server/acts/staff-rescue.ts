import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { inviteStaff } from '../staff/invite.ts'
import { rescue } from '../staff/staff.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'
import { invitationParts, invitationWords } from './invitation.ts'

export const staffRescue = act({
  name: 'staff rescue',
  does: 'make somebody an owner by a command on this machine, for a house whose owners are all away; prints a link to choose a password',
  permission: 'staff.manage',
  secrets: ['link'],
  input: z.object({
    email: cli(z.string().max(254), { argument: true, placeholder: '<address>' }).describe(
      'e-mail address, of a member of staff or not yet',
    ),
  }),
  prepare: invitationParts,
  async run({ tx, now, actor, house }, { email }, parts) {
    if (actor.via !== 'command') throw refuse('only_on_the_machine')
    const owner = await rescue(tx, { email }, now)
    const link = await inviteStaff(tx, parts, owner, now)
    const result = { staff: owner.id, email: owner.email, role: owner.role, link, mailed: house.sendsMail }
    return { result, after: { role: owner.role, email: owner.email } }
  },
  says: ({ staff, email, link, mailed }) => `${email} is an owner now (member of staff ${staff})\n${invitationWords(email, link, mailed)}`,
})
