import { z } from 'zod'
import { supplierByName } from '../catalog/bind.ts'
import { askFirst } from '../orders/bind-supplier.ts'
import { act, changed } from './act.ts'
import { cli, id, supplierName } from './fields.ts'
import { rowOf } from './rows.ts'

export const servicePrefer = act({
  name: 'service prefer',
  does: 'ask a supplier of a service first from now on; the others stay in their order behind it',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    service: cli(id(), { argument: true }).describe('number of the service'),
    supplier: cli(supplierName(), { argument: true, placeholder: '<supplier>' }).describe('name of the supplier'),
  }),
  async run({ tx }, { service, supplier: name }) {
    const supplier = await supplierByName(tx, name)
    const before = await rowOf(tx, 'bindings', service)
    await askFirst(tx, service, supplier)
    return {
      result: { service, supplier: name },
      subject: { service, supplier },
      ...changed(before ?? {}, await rowOf(tx, 'bindings', service)),
    }
  },
  says: ({ service, supplier }) => `${supplier} is asked first for service ${service}`,
})
