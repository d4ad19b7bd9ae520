import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { useSetupLink } from '../staff/setup-links.ts'
import { addFirstOwner } from '../staff/staff.ts'
import { act } from './act.ts'
import { cli, text } from './fields.ts'
import { rowOf } from './rows.ts'

export const setupOwner = act({
  name: 'setup owner',
  does: 'make the first owner with a set-up link, which is used up',
  permission: 'staff.manage',
  input: z.object({
    token: cli(text(100), { placeholder: '<token>', secret: true }).describe('the last part of the link'),
    email: cli(text(254), { placeholder: '<address>' }).describe('e-mail address'),
    name: cli(text(100), { placeholder: '<name>' }).describe('as colleagues know the person'),
  }),
  async run({ tx, now }, { token, email, name }) {
    if (!(await useSetupLink(tx, token, now))) throw refuse('setup_link_is_void')
    const { id: staff } = await addFirstOwner(tx, { email, name }, now)
    return { result: { staff, email }, after: await rowOf(tx, 'staff', staff) }
  },
  says: ({ email }) => `${email} is an owner`,
})
