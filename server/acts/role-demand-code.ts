import { z } from 'zod'
import { everyRole } from '../staff/roles.ts'
import { demandCode } from '../staff/roles-with-code.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'

export const roleDemandCode = act({
  name: 'role demand-code',
  does: 'demand an authenticator app of everybody with a role; who has none sets it up before anything else in the desk',
  permission: 'staff.manage',
  input: z.object({
    role: cli(z.enum(everyRole), { argument: true, placeholder: '<role>' }).describe('the role'),
    demanded: cli(z.boolean(), { placeholder: '<yes|no>' }).describe('whether sign-in needs a code'),
  }),
  async run({ tx, now }, { role, demanded }) {
    const before = await demandCode(tx, role, demanded, now)
    return { result: { role, demanded }, before: { [role]: before }, after: { [role]: demanded } }
  },
  says: ({ role, demanded }) => (demanded ? `Everybody with the role ${role} needs a code` : `The role ${role} demands no code`),
})
