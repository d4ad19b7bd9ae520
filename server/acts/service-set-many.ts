import { z } from 'zod'
import { changeServices, differences, holdServices, refuseClashes, type SomeValues } from '../catalog/change-services.ts'
import { belowCostOf, readPriceEffects } from '../catalog/price-effects.ts'
import { refuse } from '../refusal.ts'
import { act, type ActContext, demand } from './act.ts'
import { cli, id } from './fields.ts'
import { belowCostFlag, readCell, refuseBelowCost, serviceValues } from './service-values.ts'

const MOST_ROWS = 5000

const row = z.object({
  service: id(),
  values: z.strictObject(serviceValues),
  seen: z
    .strictObject(serviceValues)
    .default({})
    .describe('the values as the editor saw them: the act is refused when one has changed since'),
})

export const serviceSetMany = act({
  name: 'service set-many',
  does: 'change many services at once, all or none',
  permission: 'services.manage',
  changesCatalogue: true,
  input: z.object({
    rows: cli(z.array(row).min(1).max(MOST_ROWS), { argument: true, placeholder: '<service:value=...>', fromText: readCell }).describe(
      'what each service shall be, like 101:rate=0.95 101:max=5000 102:state=hidden',
    ),
    below_cost: belowCostFlag(),
  }),
  async run(context, { rows, below_cost: belowCost }) {
    const merged = mergeRows(rows)
    const priced = merged.filter(({ values }) => values.rate !== undefined)
    if (priced.length > 0) demand(context, 'service set-many', 'services.price')
    const held = await holdServices(
      context.tx,
      merged.map(({ service }) => service),
    )
    refuseClashes(held, merged)
    const told = differences(held, merged)
    const services = Object.keys(told.after.services).map(Number)
    if (services.length === 0) throw refuse('nothing_to_change', '101:rate=0.95')
    const effects = await changed(context, merged, told.after.services, belowCost)
    const subject = services.length === 1 ? { service: services[0] } : {}
    return { result: { changed: services.length, ...effects }, subject, ...told }
  },
  says: ({ changed: services }) => `${services} services are changed`,
})

/** Sets the values. A dry run tells what new prices do; otherwise they are refused where they fall below cost, unless that is wanted. */
async function changed({ tx, dryRun }: ActContext, rows: readonly Row[], after: Record<number, object>, belowCost: boolean) {
  const priced = Object.keys(after)
    .map(Number)
    .filter((id) => 'rate' in after[id]!)
  const before = await belowCostOf(tx, priced)
  await changeServices(tx, rows)
  if (priced.length === 0) return {}
  const effects = await readPriceEffects(tx, priced, before)
  if (dryRun) return { effects }
  if (!belowCost) refuseBelowCost(effects)
  return {}
}

interface Row {
  readonly service: number
  readonly values: SomeValues
  readonly seen: SomeValues
}

/** A service may be given several times, as a command does; each of its values only once. */
function mergeRows(rows: readonly Row[]): Row[] {
  const merged = new Map<number, Row>()
  for (const { service, values, seen } of rows) {
    const before = merged.get(service)
    if (before && Object.keys(values).some((name) => name in before.values)) throw refuse('given_twice_here', service)
    merged.set(service, { service, values: { ...before?.values, ...values }, seen: { ...before?.seen, ...seen } })
  }
  return [...merged.values()]
}
