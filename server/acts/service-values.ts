import { z } from 'zod'
import type { PriceEffects } from '../catalog/price-effects.ts'
import { refuse } from '../refusal.ts'
import { cli, rate, serviceWord, whole, yesNo } from './fields.ts'

const positiveOrNone = () => z.int().min(1).max(999_999_999).nullable()

/** The values of a service that many rows can set at once, under the names of the table. */
export const serviceValues = {
  name: serviceWord('name').optional(),
  category: serviceWord('category').optional(),
  description: serviceWord('description').optional(),
  rate: rate().optional(),
  min: whole().optional(),
  max: whole().optional(),
  dripfeed: yesNo().optional(),
  refill: yesNo().optional(),
  cancel: yesNo().optional(),
  refill_days: positiveOrNone().optional(),
  one_active_link: yesNo().optional(),
  state: z.enum(['on sale', 'disabled', 'hidden']).optional(),
  when_all_refuse: z.enum(['cancel', 'attention']).optional(),
  when_cost_passes: z.enum(['raise', 'pause', 'flag']).optional(),
  start_within: positiveOrNone().optional(),
  finish_within: positiveOrNone().optional(),
  compensation_basis_points: positiveOrNone().optional(),
  refill_count: positiveOrNone().optional(),
}

export const belowCostFlag = () => z.boolean().default(false).describe('also where the new price is below the cost')

const MOST_TOLD = 20

/** Throws a Refusal when a service's own price has fallen below its cost. What falls below it by a discount only is told, not refused. */
export function refuseBelowCost({ below_cost: below }: Pick<PriceEffects, 'below_cost'>): void {
  const own = below.filter(({ account }) => account === null)
  if (own.length === 0) return
  const told = own
    .slice(0, MOST_TOLD)
    .map(({ service, price, cost, supplier }) => `service ${service}: ${price}, and ${supplier} takes ${cost}`)
  throw refuse('below_cost', told.join('\n'), own.length - told.length)
}

/** A value of a service as the option of a command gives it: `101:rate=0.95`. */
export function readCell(text: string): { service: number; values: Record<string, unknown> } {
  const [, service, name, value] = /^([1-9]\d{0,8}):([a-z_]+)=(.*)$/s.exec(text) ?? []
  if (service === undefined) throw new Error('It must be a service, a value and what it shall be, like 101:rate=0.95.')
  return { service: Number(service), values: { [name!]: jsonOf(name!, value!) } }
}

function jsonOf(name: string, value: string): unknown {
  if (value === 'none') return null
  if (value === 'yes' || value === 'no') return value === 'yes'
  const isText = name === 'rate' || name === 'name' || name === 'category' || name === 'description'
  return !isText && /^\d{1,15}$/.test(value) ? Number(value) : value
}

export const rounding = () =>
  cli(z.string().default('0.0001'), { placeholder: '<step>' }).describe('prices are rounded up to multiples of this, like 0.01')
