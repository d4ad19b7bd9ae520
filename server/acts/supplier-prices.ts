import { z } from 'zod'
import { supplierByName } from '../catalog/bind.ts'
import { type PriceSettingsInForce, setPriceSettings, showPriceSettings } from '../catalog/sync-lists.ts'
import { refuse } from '../refusal.ts'
import { act, changed } from './act.ts'
import { cli, supplierName, text, yesNo } from './fields.ts'
import { rowOf } from './rows.ts'

/** How the costs of a supplier become prices. */
export const marginFields = {
  margin: cli(text(20), { placeholder: '<percent>' }).optional().describe('added to the cost, like 20%'),
  add: cli(text(20), { placeholder: '<amount>' }).optional().describe('added after the margin, like 0.05'),
  round: cli(text(20), { placeholder: '<step>' }).optional().describe('round up to a multiple of it, like 0.01'),
}

const NO_EXCHANGE = 'It must be like EUR=1.08, or none.'
const EXCHANGE = /^([^=\s]{1,10})=(\d{1,12}(?:\.\d{1,12})?)$/

export const supplierPrices = act({
  name: 'supplier prices',
  does: 'set how the costs of a supplier become prices, and whether its list is read every hour; without options, show it',
  permission: 'services.price',
  overwrites: true,
  input: z.object({
    name: cli(supplierName(), { argument: true }).describe('name of the supplier'),
    ...marginFields,
    exchange: cli(
      z
        .string(NO_EXCHANGE)
        .regex(EXCHANGE, NO_EXCHANGE)
        .transform((given) => {
          const [, currency, rate] = EXCHANGE.exec(given)!
          return { currency: currency!, rate: rate! }
        })
        .nullable(),
      { placeholder: '<CODE=rate>' },
    )
      .optional()
      .describe('value of one unit of its currency in ours, like EUR=1.08; none: no conversion'),
    hourly: yesNo().optional().describe('whether its list is read every hour'),
  }),
  async run({ tx, now }, { name, margin: percent, add, round: step, exchange, hourly }) {
    const settings = { percent, add, step, exchange, hourly }
    if (Object.values(settings).every((value) => value === undefined)) throw refuse('nothing_to_change', '--margin 20%')
    const supplier = await supplierByName(tx, name)
    const before = await rowOf(tx, 'price lists', supplier)
    await setPriceSettings(tx, supplier, settings, now)
    const inForce = await showPriceSettings(tx, supplier)
    const result = { name, changed: true, ...shownSettings(inForce) }
    return { result, subject: { supplier }, ...changed(before, await rowOf(tx, 'price lists', supplier)) }
  },
  says: (is) => `The prices of ${is.name} are set: they count from the next reading on. ${settingsWords(is.name, is)}`,
})

export interface ShownSettings {
  readonly margin: string | null
  readonly add?: string
  readonly round?: string
  readonly exchange?: string | null
  readonly hourly?: boolean
}

export function shownSettings(inForce: PriceSettingsInForce | undefined): ShownSettings {
  if (!inForce) return { margin: null }
  const { percent, add, step, exchangeCurrency, exchangeRate, hourly } = inForce
  const exchange = exchangeCurrency === null ? null : `${exchangeCurrency}=${exchangeRate}`
  return { margin: `${percent}%`, add, round: step, exchange, hourly }
}

export function settingsWords(name: string, { margin, add, round, exchange, hourly }: ShownSettings): string {
  if (margin === null) return `The list of ${name} was never read and no margin is set: "docket supplier import ${name} --margin 20%"`
  const at = exchange ? `, one ${exchange.replace('=', ' at ')}` : ''
  return `${name}: cost + ${margin} + ${add}, rounded up to ${round}${at}; its list is ${hourly ? 'read every hour' : 'not read by itself'}`
}
