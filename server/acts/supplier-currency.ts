import { z } from 'zod'
import { catalogueCurrency, setCatalogueCurrency } from '../catalog/sync-lists.ts'
import { act } from './act.ts'
import { cli, text } from './fields.ts'

export const supplierCurrency = act({
  name: 'supplier currency',
  does: 'set the currency of all our rates and costs',
  permission: 'services.price',
  input: z.object({ code: cli(text(10), { argument: true, placeholder: '<code>' }).describe('like USD') }),
  async run({ tx }, { code }) {
    const before = { currency: await catalogueCurrency(tx) }
    await setCatalogueCurrency(tx, code)
    return { result: { currency: code }, before, after: { currency: code } }
  },
  says: ({ currency }) => `Rates and costs are in ${currency}`,
})
