import { z } from 'zod'
import { putSupplierAt, removeSupplierOf } from '../orders/bind-supplier.ts'
import { act } from './act.ts'
import { cli, id, supplierName } from './fields.ts'
import { rowOf } from './rows.ts'

const service = cli(id(), { argument: true }).describe('number of the service')
const supplier = cli(supplierName(), { argument: true }).describe('name of a supplier that fulfils it')

export const servicePrefer = act({
  name: 'service prefer',
  does: 'ask a supplier of a service first, or at another place in the order',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({ service, supplier, position: id().default(1).describe('1 is asked first') }),
  async run({ tx }, { service, supplier, position }) {
    const { before, after, supplierId } = await putSupplierAt(tx, service, supplier, position)
    const subject = { service, supplier: supplierId }
    return { result: { service, suppliers: after }, subject, before: { suppliers: before }, after: { suppliers: after } }
  },
  says: ({ service, suppliers }) => `Service ${service} is fulfilled by ${suppliers.join(', then ')}`,
})

export const serviceUnbind = act({
  name: 'service unbind',
  does: 'let a supplier fulfil no more orders of a service; those that it has stay with it',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({ service, supplier }),
  async run({ tx }, { service, supplier }) {
    const before = await rowOf(tx, 'bindings', service)
    const supplierId = await removeSupplierOf(tx, service, supplier)
    const subject = { service, supplier: supplierId }
    return { result: { service, supplier }, subject, before: { [supplier]: before?.[supplier] }, after: { [supplier]: null } }
  },
  says: ({ service, supplier }) => `${supplier} fulfils service ${service} no more`,
})
