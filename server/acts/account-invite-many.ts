import { z } from 'zod'
import { inviteNext } from '../customers/invite.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'
import { invitationParts } from './invitation.ts'

const MOST = 1000

export const accountInviteMany = act({
  name: 'account invite-many',
  does: 'mail a link to choose a password to the next customers who have none and were never invited, like those of another panel',
  permission: 'accounts.manage',
  input: z.object({
    most: cli(z.int().min(1).max(MOST), { placeholder: '<number>' })
      .default(100)
      .describe('so many at once; mail servers refuse too many in an hour'),
  }),
  prepare: invitationParts,
  async run({ tx, now, house }, { most }, { secret, site }) {
    const { invited, left } = await inviteNext({ db: tx, now: () => now, secret, site }, most)
    return { result: { invited, left, mailed: house.sendsMail }, after: { invited } }
  },
  says: ({ invited, left, mailed }) => {
    const how = mailed ? '' : ' DOCKET_SMTP_URL is not set: they wait until it is.'
    return `${invited} invited, ${left} left.${how}`
  },
})
