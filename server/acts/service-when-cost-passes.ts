import { z } from 'zod'
import { setWhenCostPasses } from '../catalog/sync-lists.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'

export const WAYS = z.enum(['raise', 'pause', 'flag'], 'It must be raise, pause or flag.')

export const serviceWhenCostPasses = act({
  name: 'service when-cost-passes',
  does: 'set what a sync does with a service that costs more than its price: raise the price, pause it, or only flag it',
  permission: 'services.price',
  changesCatalogue: true,
  input: z.object({
    way: cli(WAYS, { argument: true, placeholder: '<way>' }).describe('raise, pause or flag'),
    services: cli(z.array(z.int().min(1)).max(100_000), { argument: true, placeholder: '<numbers...>', fromText: Number })
      .optional()
      .describe('numbers of the services; without them: all'),
  }),
  async run({ tx }, { way, services }) {
    const changed = await setWhenCostPasses(tx, services && services.length > 0 ? services : null, way)
    const subject = services?.length === 1 ? { service: services[0] } : {}
    return { result: { changed, way }, subject, after: { when_cost_passes: way, services: services ?? 'all', changed } }
  },
  says: ({ changed, way }) => `${changed} services are set to ${way}`,
})
