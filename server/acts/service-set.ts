import { z } from 'zod'
import { belowCostOf, readPriceEffects } from '../catalog/price-effects.ts'
import { setCustomRate, setService } from '../catalog/import.ts'
import { logAct, STAFF } from '../customers/account-log.ts'
import { findAccount } from '../customers/accounts.ts'
import { setOnlySupplier } from '../orders/bind-supplier.ts'
import { refuse } from '../refusal.ts'
import { act, type ActContext, changed, demand } from './act.ts'
import { cli, id, rate, serviceWord, text, whole, yesNo } from './fields.ts'
import { rowOf } from './rows.ts'
import { belowCostFlag, refuseBelowCost } from './service-values.ts'

const POSITIVE_OR_NONE = 'It must be a positive whole number, or none.'
const positiveOrNone = (placeholder: string) =>
  cli(z.int(POSITIVE_OR_NONE).min(1, POSITIVE_OR_NONE).max(999_999_999, POSITIVE_OR_NONE).nullable(), { placeholder })

const STATES = 'It must be on-sale, disabled or hidden.'
const SHARE = 'It must be cancel, or a share of the charge up to 100% with at most two decimals, like 5%.'

const input = z.object({
  service: cli(id(), { argument: true }).describe('number of the service'),
  name: serviceWord('name').optional().describe('name in the catalogue; in other languages: docket service words'),
  category: serviceWord('category').optional().describe('category in the catalogue'),
  description: serviceWord('description').optional().describe('description in the catalogue'),
  rate: rate().optional().describe('price per 1000, shown as typed'),
  below_cost: belowCostFlag(),
  min: whole().optional().describe('smallest quantity of an order'),
  max: whole().optional().describe('largest quantity of an order'),
  state: cli(z.enum(['on sale', 'disabled', 'hidden'], STATES), {
    placeholder: '<state>',
    fromText: (given) => given.replace('on-sale', 'on sale'),
  })
    .optional()
    .describe('on-sale, disabled (known, but cannot be ordered) or hidden'),
  cancel: yesNo().optional().describe('whether its orders can be cancelled'),
  refill: yesNo().optional().describe('whether its orders can be refilled'),
  refill_days: positiveOrNone('<days>').optional().describe('how many days after completion an order is refilled; none: for ever'),
  dripfeed: yesNo().optional().describe('whether it can be ordered as a drip-feed'),
  one_active_link: yesNo().optional().describe('refuse a second order for a link while the first is unfinished'),
  when_all_refuse: cli(z.enum(['cancel', 'attention'], 'It must be cancel or attention.'), { placeholder: '<cancel|attention>' })
    .optional()
    .describe('what happens to an order that every supplier refused: cancel and refund it, or keep it for staff'),
  start_within: positiveOrNone('<minutes>')
    .optional()
    .describe('promise that an order starts within so many minutes; none: no promise for new orders'),
  finish_within: positiveOrNone('<minutes>')
    .optional()
    .describe('promise that an order is finished within so many minutes of its placement; none: no promise for new orders'),
  when_missed: cli(z.string(SHARE).transform(readShare), { placeholder: '<cancel|share>' })
    .optional()
    .describe('what a missed promise does: cancel the order, or pay back a share of the charge, like 5%'),
  refill_count: positiveOrNone('<number>').optional().describe('how many refills an order gets; none: no limit'),
  supplier: cli(text(200).nullable(), { placeholder: '<name>' })
    .optional()
    .describe('the only supplier of the service, like simulated; none: no supplier. For several: docket service bind'),
  account: id().optional().describe('with --custom-rate: the account that pays it'),
  custom_rate: rate().nullable().optional().describe('price per 1000 for this account; none: the service’s own rate again'),
})
type Input = z.output<typeof input>

export const serviceSet = act({
  name: 'service set',
  does: 'change a service, or the rate one account pays for it',
  permission: 'services.manage',
  overwrites: true,
  changesCatalogue: true,
  input,
  async run(context, given) {
    const { tx, now } = context
    const { service, account } = given
    if ((account === undefined) !== (given.custom_rate === undefined)) throw refuse('account_and_custom_rate')
    if (Object.entries(given).every(([name, value]) => name === 'service' || name === 'below_cost' || value === undefined)) {
      throw refuse('nothing_to_change', '--rate 0.90')
    }
    if (given.rate !== undefined || account !== undefined) demand(context, 'service set', 'services.price')
    const before = await standing(context, given)
    const below = given.rate === undefined ? [] : await belowCostOf(tx, [service])
    await setService(tx, service, changeOf(given))
    if (given.rate !== undefined && !given.below_cost) refuseBelowCost(await readPriceEffects(tx, [service], below))
    if (account !== undefined) {
      await findAccount(tx, account)
      await setCustomRate(tx, account, service, given.custom_rate!)
      await logAct(tx, account, STAFF, 'terms changed', now, `${service}: ${given.custom_rate ?? '–'}`)
    }
    if (given.supplier !== undefined) await setOnlySupplier(tx, service, given.supplier)
    const result = { service, changed: true }
    return { result, subject: { service, account }, ...changed(before, await standing(context, given)) }
  },
  says: ({ service }) => `Service ${service} is changed`,
})

const CUSTOM_RATE = 'select rate from custom_rates where service_id = $1 and account_id = $2'

async function standing({ tx }: ActContext, { service, account }: Input): Promise<object | null> {
  const row = await rowOf(tx, 'services', service)
  if (row === null || account === undefined) return row
  const { rows } = await tx.query<{ rate: string }>(CUSTOM_RATE, [service, account])
  return { ...row, custom_rate: rows[0]?.rate ?? null }
}

function changeOf(given: Input) {
  return {
    name: given.name,
    category: given.category,
    description: given.description,
    refillDays: given.refill_days,
    rate: given.rate,
    min: given.min,
    max: given.max,
    state: given.state,
    cancel: given.cancel,
    refill: given.refill,
    dripfeed: given.dripfeed,
    oneActiveLink: given.one_active_link,
    whenAllRefuse: given.when_all_refuse,
    startWithin: given.start_within,
    finishWithin: given.finish_within,
    compensationBasisPoints: given.when_missed === 'cancel' ? null : given.when_missed,
    refillCount: given.refill_count,
  }
}

/** What is paid back for a missed promise, in hundredths of a per cent, or that the order is cancelled. */
function readShare(text: string, context: z.RefinementCtx): number | 'cancel' {
  if (text === 'cancel') return text
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(text)
  const share = match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : 0
  if (share >= 1 && share <= 10_000) return share
  context.addIssue({ code: 'custom', message: SHARE })
  return z.NEVER
}
