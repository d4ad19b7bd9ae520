import { z } from 'zod'
import { lockChild, refuseState } from '../children/children.ts'
import { renewKey } from '../children/keys.ts'
import { act } from './act.ts'
import { panelHost } from './child-fields.ts'

export const childRenewKey = act({
  name: 'child renew-key',
  does: 'give a child panel a new key to order with; the old one is revoked as soon as the new one is in its database',
  permission: 'children.manage',
  input: z.object({ host: panelHost() }),
  prepare: (house) => house.secret(),
  async run({ tx, now }, { host }, secret) {
    const child = await lockChild(tx, host)
    const { state, accountId, keyId } = child
    if (state !== 'open' && state !== 'suspended' && state !== 'closed') throw refuseState(child)
    const key = await renewKey(tx, child, { secret, now })
    return { result: { host, key }, subject: { account: accountId }, before: { key: keyId }, after: { key } }
  },
  says: ({ host }) => `${host} gets a new key; it orders with it in a moment, and its orders meanwhile wait`,
})
