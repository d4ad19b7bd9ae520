import { z } from 'zod'
import { refuse } from '../refusal.ts'
import { hasOwnerWhoSignedIn, makeSetupLink } from '../staff/setup-links.ts'
import { act } from './act.ts'

export const setupLink = act({
  name: 'setup-link',
  does: 'print a link to set Docket up in a browser: it makes the first owner, once, within a day; an earlier link is void',
  permission: 'staff.manage',
  secrets: ['link'],
  input: z.object({}),
  prepare: (house) => house.site(),
  async run({ tx, now }, _, site) {
    if (await hasOwnerWhoSignedIn(tx)) throw refuse('house_has_owner')
    const { link, endsAt } = await makeSetupLink(tx, site, now)
    return { result: { link, ends: endsAt }, after: { ends: endsAt } }
  },
  says: ({ link }) => `Open this once, within a day, to set Docket up:\n\n  ${link}`,
})
