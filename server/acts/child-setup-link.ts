import { z } from 'zod'
import { lockChild, refuseState, waitForSetupLink } from '../children/children.ts'
import { newSetupLink } from '../staff/setup-links.ts'
import { act } from './act.ts'
import { panelHost } from './child-fields.ts'

export const childSetupLink = act({
  name: 'child setup-link',
  does: 'print another link by which the first owner of a child panel sets it up, once, within a day; an earlier link is void',
  permission: 'children.manage',
  secrets: ['link'],
  input: z.object({ host: panelHost() }),
  async run({ tx, now }, { host }) {
    const child = await lockChild(tx, host)
    if (child.state !== 'making' && child.state !== 'open') throw refuseState(child)
    const { link, hash, endsAt } = newSetupLink(child, now)
    await waitForSetupLink(tx, child.id, { hash, endsAt })
    return { result: { host, link, ends: endsAt }, subject: { account: child.accountId }, after: { ends: endsAt } }
  },
  says: ({ link }) => `Its owner opens this once, within a day, to set it up:\n\n  ${link}`,
})
