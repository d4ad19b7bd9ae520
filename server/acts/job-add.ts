import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { supplierByName } from '../catalog/bind.ts'
import { openOrdersAt } from '../fulfilment/staff.ts'
import { addJob, findJob, ordersOfTrial } from '../jobs/jobs.ts'
import { formatUnits, parseUnits, type Units } from '../ledger/money.ts'
import { isRefusal, refuse } from '../refusal.ts'
import type { StaffActor } from '../staff/actor.ts'
import { act, demand, type Done } from './act.ts'
import { cli, flag, id, readIds, supplierName } from './fields.ts'
import type { House } from './house.ts'
import { actOfJob, namesOfJobActs } from './job-acts.ts'
import type { OrderResult } from './order-change.ts'
import { checkInput, runAct } from './run-act.ts'

const MOST_ORDERS = 100_000

const input = z.object({
  act: cli(z.enum(namesOfJobActs, `It must be one of: ${namesOfJobActs.join(', ')}.`), { argument: true, placeholder: '<act>' }).describe(
    `what is done to each order: ${namesOfJobActs.join(', ')}`,
  ),
  with: cli(z.record(z.string(), z.unknown()), { placeholder: '<json>', fromText: readJson })
    .default({})
    .describe('further fields of the act, as JSON, like {"reason": "the supplier is away"}'),
  orders: cli(z.array(z.int().min(1)).max(MOST_ORDERS), { placeholder: '<list>', fromText: readIds })
    .optional()
    .describe('numbers of the orders, like 1,4,10-20'),
  supplier: supplierName().optional().describe('instead of numbers: the orders that have not ended at this supplier'),
  service: id().optional().describe('with --supplier: only of this service'),
  state: cli(z.enum(['unsent', 'calling', 'waiting', 'sent', 'unconfirmed', 'attention']), { placeholder: '<state>' })
    .optional()
    .describe('with --supplier: only those whose hand-off stands so; unsent: not handed over yet'),
  trial: flag().describe('change each order and roll it back, as a job: the way to see first what it would do to very many'),
  of_trial: id().optional().describe('instead of numbers: the orders that this trial found it would change'),
})
type Input = z.output<typeof input>

function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new Error('It must be JSON, like {"reason": "the supplier is away"}.')
  }
}

/** How many orders a job would change, how many not and why, and what it would give back, by currency. */
interface Effect {
  readonly change: number
  readonly cannot: Readonly<Record<string, number>>
  readonly given_back: Readonly<Record<string, string>>
}

interface Added {
  /** Null: it was a dry run. */
  readonly job: bigint | null
  readonly orders: number
  /** What it would do; null when it was made, because it tells that itself. */
  readonly effect: Effect | null
}

export const jobAdd = act({
  name: 'job add',
  does: 'do something to many orders, one after another; which they are is decided now. --dry-run tells what it would do to each and to the money',
  permission: 'orders.settle',
  tellsDryRun: true,
  input,
  async prepare(house, given, { dryRun, actor }) {
    const inner = actOfJob(given.act)!
    const orders = await chosen(house, given)
    if (orders.length === 0) throw refuse('no_orders_chosen')
    if (orders.length > MOST_ORDERS) throw refuse('too_many_orders', MOST_ORDERS)
    checkInput(inner, { ...given.with, order: Number(orders[0]) })
    return { orders, effect: dryRun ? await effectOn(house, actor, given, orders) : null }
  },
  async run(context, given, { orders, effect }): Promise<Done<Added>> {
    demand(context, given.act, actOfJob(given.act)!.permission)
    if (context.dryRun)
      return { result: { job: null, orders: orders.length, effect }, after: { act: given.act, orders: orders.length, ...effect } }
    const { act, with: input, trial, of_trial: ofTrial } = given
    const wanted = { act, input, orders, trial, ofTrial: ofTrial === undefined ? null : BigInt(ofTrial) }
    const job = await addJob(context.tx, wanted, context.actor, context.now)
    return { result: { job, orders: orders.length, effect: null }, after: { job: Number(job), act: given.act, orders: orders.length } }
  },
  says({ job, orders, effect }, { trial }) {
    if (effect === null && trial)
      return `Job ${job} tries ${orders} orders and changes none: "docket job result ${job}" tells what would happen`
    if (effect === null) return `Job ${job} works on ${orders} orders: "docket job list" tells how far it is`
    const cannot = Object.entries(effect.cannot).map(([why, count]) => `${count} cannot: ${why}`)
    const money = Object.entries(effect.given_back).map(([currency, amount]) => `${amount} ${currency} would be given back`)
    return [`Of ${orders} orders ${effect.change} would change`, ...cannot, ...money].join('\n')
  },
})

async function chosen(house: House, given: Input): Promise<bigint[]> {
  const { orders, supplier, service, state, of_trial: trial } = given
  const ways = [orders, supplier, trial].filter((way) => way !== undefined)
  if (ways.length !== 1) throw refuse('say_one_of', '--orders LIST, --supplier NAME, --of-trial NUMBER')
  if (orders !== undefined) return [...new Set(orders)].map(BigInt)
  if (trial !== undefined) return wouldChange(house, given, BigInt(trial))
  const supplierId = await supplierByName(house.db, supplier!)
  return openOrdersAt(house.db, { supplierId, serviceId: service ?? null, state: state ?? null }, MOST_ORDERS + 1)
}

/** Throws a Refusal when the trial tried something else, because then nobody has seen what would happen. */
async function wouldChange({ db }: House, given: Input, trial: bigint): Promise<bigint[]> {
  const tried = await findJob(db, trial)
  const isSame = tried.trial && tried.act === given.act && isDeepStrictEqual(tried.input, given.with)
  if (!isSame) throw refuse('not_what_was_tried', Number(trial))
  return ordersOfTrial(db, trial)
}

/** A dry run of each order, each in a transaction of its own that is rolled back, so that nobody waits for the locks of all. */
async function effectOn(house: House, actor: StaffActor, given: Input, orders: readonly bigint[]): Promise<Effect> {
  const inner = actOfJob(given.act)!
  const cannot: Record<string, number> = {}
  const back = new Map<string, Units>()
  let change = 0
  for (const order of orders) {
    try {
      const { result } = await runAct(house, actor, inner, { input: { ...given.with, order: Number(order) }, dryRun: true })
      const { given_back: amount, currency } = result as Partial<OrderResult>
      if (amount !== undefined && currency !== undefined) back.set(currency, (back.get(currency) ?? 0n) + parseUnits(amount))
      change += 1
    } catch (error) {
      if (!isRefusal(error)) throw error
      cannot[error.message] = (cannot[error.message] ?? 0) + 1
    }
  }
  return { change, cannot, given_back: Object.fromEntries([...back].map(([currency, units]) => [currency, formatUnits(units)])) }
}
