import { z } from 'zod'
import { lockChild, moveChild, refuseState, restartRent } from '../children/children.ts'
import { act } from './act.ts'
import { panelHost } from './child-fields.ts'

export const childSuspend = act({
  name: 'child suspend',
  does: 'stop serving a child panel: its pages and its API say so, its open orders go on, and its data stay',
  permission: 'children.manage',
  input: z.object({ host: panelHost() }),
  async run({ tx, now }, { host }) {
    const child = await lockChild(tx, host)
    if (child.state !== 'open' && !(child.state === 'suspended' && child.why === 'rent')) throw refuseState(child)
    await moveChild(tx, child.id, { to: 'suspended', why: 'staff' }, now)
    return { result: { host }, subject: { account: child.accountId }, before: { state: child.state }, after: { state: 'suspended' } }
  },
  says: ({ host }) => `${host} is suspended`,
})

export const childResume = act({
  name: 'child resume',
  does: 'serve a child panel again that was suspended or closed, with everything it had',
  permission: 'children.manage',
  input: z.object({ host: panelHost() }),
  async run({ tx, now }, { host }) {
    const child = await lockChild(tx, host)
    if (child.state !== 'suspended' && child.state !== 'closed') throw refuseState(child)
    await moveChild(tx, child.id, { to: 'open' }, now)
    // For the time in which it was not served there is no rent.
    if (child.rentDueAt < now) await restartRent(tx, child.id, { from: now, months: 0 })
    return { result: { host }, subject: { account: child.accountId }, before: { state: child.state }, after: { state: 'open' } }
  },
  says: ({ host }) => `${host} is served again`,
})
