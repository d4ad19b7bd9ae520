import { z } from 'zod'
import { askForOurAccount, type OurAccount, trySupplier } from '../fulfilment/try-supplier.ts'
import { refuse } from '../refusal.ts'
import { readSuppliers } from '../suppliers/registry.ts'
import { act } from './act.ts'
import { cli, supplierName } from './fields.ts'

export const supplierTry = act({
  name: 'supplier try',
  does: 'try waiting orders now; says whether the supplier takes our key, and our balance there',
  permission: 'suppliers.manage',
  input: z.object({ name: cli(supplierName(), { argument: true }).describe('name of the supplier') }),
  async prepare(house, { name }) {
    const row = (await readSuppliers(house.db)).find((each) => each.name === name)
    if (!row) throw refuse('no_such_supplier', name)
    const prices = await house.priceSource(row)
    return { supplier: row, account: prices ? await askForOurAccount(prices) : null }
  },
  async run({ tx, now }, { name }, { supplier, account }) {
    const tried = await trySupplier(tx, { supplier, account }, now)
    return { result: { name, tried, account }, subject: { supplier: supplier.id }, after: { orders_tried: tried } }
  },
  says: ({ name, tried, account }) => `${tried} orders are tried now${account ? `. ${sentenceOf(account, name)}` : ''}`,
})

function sentenceOf(account: OurAccount, name: string): string {
  switch (account.kind) {
    case 'taken':
      return `${name} takes our key: our balance there is ${account.balance}${account.currency ? ` ${account.currency}` : ''}`
    case 'key refused':
      return `${name} refuses our key ("${account.words}"): give the right one with "docket supplier set ${name} --key KEY"`
    case 'no answer':
      return `${name} does not tell our balance: ${account.words}`
    default:
      return account satisfies never
  }
}
