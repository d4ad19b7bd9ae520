import { z } from 'zod'
import { supplierByName } from '../catalog/bind.ts'
import { removeSupplierOf } from '../orders/bind-supplier.ts'
import { act } from './act.ts'
import { cli, id, supplierName } from './fields.ts'
import { rowOf } from './rows.ts'

export const serviceUnbind = act({
  name: 'service unbind',
  does: 'let a supplier fulfil no more orders of a service; those that it has stay with it',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    service: cli(id(), { argument: true }).describe('number of the service'),
    supplier: cli(supplierName(), { argument: true, placeholder: '<supplier>' }).describe('name of the supplier'),
  }),
  async run({ tx }, { service, supplier: name }) {
    const supplier = await supplierByName(tx, name)
    const before = await rowOf(tx, 'bindings', service)
    await removeSupplierOf(tx, service, supplier)
    return {
      result: { service, supplier: name },
      subject: { service, supplier },
      before: { [name]: before?.[name] },
      after: { [name]: null },
    }
  },
  says: ({ service, supplier }) => `${supplier} fulfils service ${service} no more`,
})
