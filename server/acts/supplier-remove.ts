import { z } from 'zod'
import { closeAlerts } from '../loops/alerts.ts'
import { checkUnlocked, removeSupplier } from '../suppliers/registry.ts'
import { act } from './act.ts'
import { cli, supplierName } from './fields.ts'

export const supplierRemove = act({
  name: 'supplier remove',
  does: 'remove a supplier that never had a service or an order',
  permission: 'suppliers.manage',
  input: z.object({ name: cli(supplierName(), { argument: true }).describe('name of the supplier') }),
  async run({ tx, now }, { name }) {
    await checkUnlocked(tx, name)
    const removed = await removeSupplier(tx, name)
    await closeAlerts(tx, { kind: null, supplierId: removed, orderId: null }, now)
    return { result: { name, removed }, subject: { supplier: removed }, before: { name }, after: null }
  },
  says: ({ name }) => `Supplier ${name} is removed`,
})
