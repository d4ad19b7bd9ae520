import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { addChild } from '../children/children.ts'
import { addressOfPanel } from '../children/host.ts'
import { findAccount } from '../customers/accounts.ts'
import { addKey } from '../customers/keys.ts'
import { formatUnits } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'
import { newSetupLink } from '../staff/setup-links.ts'
import { act } from './act.ts'
import { panelAddress, panelName, rentAMonth } from './child-fields.ts'
import { id } from './fields.ts'

export const childAdd = act({
  name: 'child add',
  does: 'sell a panel of its own to a customer: a Docket with its own database, which orders here from the balance of the account',
  permission: 'children.manage',
  secrets: ['link'],
  input: z.object({
    url: panelAddress(),
    account: id().describe('number of the account that owns it and pays for it'),
    name: panelName().optional().describe('what its customers call it, until its owner changes that; without it, its host'),
    rent: rentAMonth().optional().describe('what it costs per month, in the currency of the account; without it, as the settings say'),
  }),
  prepare: async (house) => ({ secret: await house.secret(), site: await house.site() }),
  async run({ tx, now, house }, { url: typed, account, name, rent = house.settings().child.rent ?? 0n }, { secret, site }) {
    const { url, host } = addressOfPanel(typed) ?? refuseAddress()
    if (host === addressOfPanel(site.url)?.host) throw refuse('child_host_taken', host)
    const { currency } = await findAccount(tx, account)
    const key = await addKey(tx, account, { test: false, label: `child panel ${host}` }, now)
    const { link, hash: setupHash, endsAt: setupExpiresAt } = newSetupLink({ url }, now)
    const database = `docket_child_${randomBytes(6).toString('hex')}`
    const child = { accountId: account, host, url, name: name ?? host, database, keyId: key.id, sealedKey: secret.seal(key.key), rent }
    await addChild(tx, { ...child, setupHash, setupExpiresAt }, now)
    const result = { host, url, account, rent: formatUnits(rent), currency, link, ends: setupExpiresAt }
    const after = { host, url, account, name: child.name, rent: formatUnits(rent), database, key: key.id, state: 'making' }
    return { result, subject: { account }, after }
  },
  says: ({ url, link }) => `${url} is being made. Its owner opens this once, within a day, to set it up:\n\n  ${link}`,
})

function refuseAddress(): never {
  throw refuse('incorrect_child_url')
}
