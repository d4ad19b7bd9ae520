import { z } from 'zod'
import { lockChild, moveChild, refuseState } from '../children/children.ts'
import { readHealth } from '../children/health.ts'
import { revokeKey } from '../customers/keys.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { panelHost } from './child-fields.ts'
import { flag } from './fields.ts'

const DAY_MS = 24 * 3_600_000

export const childClose = act({
  name: 'child close',
  does: 'close a child panel: it takes no orders any more, its open orders go on, and its data are kept for some days',
  permission: 'children.manage',
  input: z.object({ host: panelHost() }),
  async run({ tx, now, house }, { host }) {
    const child = await lockChild(tx, host)
    if (child.state !== 'open' && child.state !== 'suspended') throw refuseState(child)
    const keptUntil = new Date(now.getTime() + house.settings().child.keptDays * DAY_MS)
    await moveChild(tx, child.id, { to: 'closed', keptUntil }, now)
    const after = { state: 'closed', kept_until: keptUntil }
    return { result: { host, kept_until: keptUntil }, subject: { account: child.accountId }, before: { state: child.state }, after }
  },
  says: ({ host, kept_until: until }) =>
    `${host} is closed. Its data are kept until ${until.toISOString()}, and then until "docket child drop"`,
})

export const childDrop = act({
  name: 'child drop',
  does: 'delete the data of a closed child panel for ever, when they have been kept long enough and no order is open',
  permission: 'children.manage',
  input: z.object({
    host: panelHost(),
    open_orders: flag().describe('also while orders have not ended: nobody will follow them any more'),
  }),
  async run({ tx, now }, { host, open_orders: evenOpen }) {
    const child = await lockChild(tx, host)
    if (child.state !== 'closed') throw refuseState(child)
    if (child.keptUntil! > now) throw refuse('child_is_kept', host, child.keptUntil!.toISOString())
    const open = (await readHealth(tx, child.id))?.ordersOpen ?? 0
    if (open > 0 && !evenOpen) throw refuse('child_has_open_orders', host, open)
    await moveChild(tx, child.id, { to: 'dropping', keptUntil: child.keptUntil! }, now)
    await revokeKey(tx, child.keyId, now)
    return { result: { host }, subject: { account: child.accountId }, before: { state: 'closed' }, after: { state: 'dropping' } }
  },
  says: ({ host }) => `The data of ${host} are being deleted`,
})
