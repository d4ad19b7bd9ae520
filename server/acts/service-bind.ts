import { z } from 'zod'
import { supplierByName } from '../catalog/bind.ts'
import { bindSupplier } from '../orders/bind-supplier.ts'
import { act, changed } from './act.ts'
import { cli, id, rate, serviceType, supplierName, text, whole } from './fields.ts'
import { rowOf } from './rows.ts'

export const serviceBind = act({
  name: 'service bind',
  does: 'let a supplier fulfil a service; several suppliers are asked in the order of their positions',
  permission: 'services.manage',
  overwrites: true,
  changesCatalogue: true,
  input: z.object({
    service: cli(id(), { argument: true }).describe('number of the service'),
    supplier: supplierName().describe('name of the supplier'),
    their_service: cli(text(200), { placeholder: '<id>' }).default('').describe('the supplier’s id of the service'),
    cost_rate: rate()
      .optional()
      .describe('the supplier’s price per 1000: an order that would cost more than it was sold for waits for staff'),
    multiplier: whole(1, 1_000_000).default(1).describe('the supplier’s quantity for one of ours'),
    their_type: serviceType()
      .optional()
      .describe('the supplier’s type of the service, if its list was not read; with Subscriptions, whole subscriptions are handed over'),
    position: id().optional().describe('1 is asked first; without it: last'),
  }),
  async run({ tx }, { service, supplier, ...given }) {
    const before = await rowOf(tx, 'bindings', service)
    await bindSupplier(tx, service, supplier, {
      theirService: given.their_service,
      costRate: given.cost_rate ?? null,
      multiplier: given.multiplier,
      position: given.position ?? null,
      theirType: given.their_type ?? null,
    })
    const subject = { service, supplier: await supplierByName(tx, supplier) }
    return { result: { service, supplier }, subject, ...changed(before ?? {}, await rowOf(tx, 'bindings', service)) }
  },
  says: ({ service, supplier }) => `${supplier} fulfils service ${service}`,
})
