import { z } from 'zod'
import { changeServices, differences, holdServices } from '../catalog/change-services.ts'
import { belowCostOf, readPriceEffects } from '../catalog/price-effects.ts'
import { findNewPrices } from '../catalog/reprice.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { cli, flag, ids, text } from './fields.ts'
import { belowCostFlag, refuseBelowCost, rounding } from './service-values.ts'

const PERCENTAGE = 'It must be a percentage like 20% or 7.5%.'
const CHANGE = 'It must be a change like +5% or -2.5%, above -100%.'

export const serviceReprice = act({
  name: 'service reprice',
  does: 'set prices by a margin over the cost, or raise or lower them by a percentage, for some services, a category or all',
  permission: 'services.price',
  changesCatalogue: true,
  input: z.object({
    services: ids().optional().describe('numbers of the services'),
    category: text(500).optional().describe('all services of this category'),
    all: flag().describe('all services'),
    margin: cli(z.string().regex(/^\d{1,6}(\.\d{1,4})?%?$/, PERCENTAGE), { placeholder: '<percent>' })
      .optional()
      .describe('per cent over the cost of the supplier that is asked first, like 20%'),
    change: cli(z.string().regex(/^(\+?\d{1,4}(\.\d{1,4})?|-\d{1,2}(\.\d{1,4})?)%?$/, CHANGE), { placeholder: '<percent>' })
      .optional()
      .describe('per cent up or down, like +5% or -2.5%'),
    step: rounding(),
    below_cost: belowCostFlag(),
  }),
  async run({ tx, dryRun }, { services, category, all, margin, change, step, below_cost: belowCost }) {
    if (Number(services !== undefined) + Number(category !== undefined) + Number(all) !== 1)
      throw refuse('say_one_of', '--services, --category, --all')
    if ((margin === undefined) === (change === undefined)) throw refuse('one_way_to_price')
    const by = margin === undefined ? { change: change!, step } : { margin, step }
    const { priced, withoutCost } = await findNewPrices(tx, { services: services ?? null, category: category ?? null }, by)
    const numbers = priced.map(({ service }) => service)
    const rows = priced.map((each) => ({ service: each.service, values: { rate: each.new } }))
    const held = await holdServices(tx, numbers)
    const before = await belowCostOf(tx, numbers)
    await changeServices(tx, rows)
    const effects = await readPriceEffects(tx, numbers, before)
    if (!dryRun && !belowCost) refuseBelowCost(effects)
    const result = { changed: priced.length, without_cost: withoutCost, ...(dryRun ? { prices: priced, effects } : {}) }
    return { result, subject: numbers.length === 1 ? { service: numbers[0] } : {}, ...differences(held, rows) }
  },
  says: ({ changed, without_cost: withoutCost }) =>
    `${changed} prices changed${withoutCost.length > 0 ? `; ${withoutCost.length} services have no known cost and keep theirs` : ''}`,
})
