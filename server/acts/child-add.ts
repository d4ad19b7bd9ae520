import { z } from 'zod'
import { sellChild } from '../children/sell.ts'
import { formatUnits } from '../ledger/money.ts'
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
  prepare: async (house) => ({ secret: await house.secret(), siteUrl: (await house.site()).url }),
  async run({ tx, now, house }, { url, account, name, rent = house.settings().child.rent ?? 0n }, prepared) {
    const sold = await sellChild(tx, { url, accountId: account, name, rent }, { ...prepared, now })
    const told = { host: sold.host, url: sold.url, account, rent: formatUnits(rent) }
    const result = { ...told, currency: sold.currency, link: sold.link, ends: sold.linkEndsAt }
    const after = { ...told, name: sold.name, database: sold.database, key: sold.keyId, state: 'making' }
    return { result, subject: { account }, after }
  },
  says: ({ url, link }) => `${url} is being made. Its owner opens this once, within a day, to set it up:\n\n  ${link}`,
})
