import type { Service } from '../../../sdk/src/index.ts'
import { type Exit, exits, worstOf } from '../failures.ts'
import { print, tell } from '../output.ts'
import type { OfPanel, Panel } from '../panels.ts'
import type { World } from '../world.ts'
import type { Batch } from './batch.ts'
import type { Journal } from './journal.ts'
import { amountOf, unitsOf } from './money.ts'
import type { Stop } from './place.ts'
import type { Due, Plan } from './plan.ts'

export interface MassOptions extends OfPanel {
  readonly yes?: boolean
  readonly dryRun?: boolean
  readonly skipFaulty?: boolean
  readonly retryRefused?: boolean
  readonly result?: string
  readonly batch?: string
  readonly atOnce: number
  readonly patience: number
  readonly json?: boolean
}

/** One run of `order mass`. */
export interface Mass extends Due {
  readonly options: MassOptions
  readonly panel: Panel
  readonly services: ReadonlyMap<string, Service>
  readonly balance: { readonly balance: string; readonly currency: string | null }
  readonly batch: Batch
  readonly plan: Plan
  readonly journal: Journal
  /** The file of the result. */
  readonly result: string
}

const FAULTS_SHOWN = 20

/** What would be ordered, for people. */
export function tellPlan(world: World, mass: Mass): void {
  const { options, batch, plan, balance, keepsRetryKeys, panel } = mass
  const say = (text: string) => tell(world, options, text)
  const currency = balance.currency ?? ''
  const { placed, refused, unknown } = counts(mass)
  const before = placed + refused + unknown > 0 ? ` In earlier runs: ${placed} placed, ${refused} refused, ${unknown} unknown.` : ''
  say(`${batch.file.name}: ${batch.lines} lines, ${plan.due} to order at ${panel.name}.${before}`)
  if (batch.columns.own.length > 0) say(`Not sent, only kept in the result: ${batch.columns.own.join(', ')}`)
  for (const { line, error } of plan.faults.slice(0, FAULTS_SHOWN)) say(`  line ${line}: ${error}`)
  if (plan.faulty > FAULTS_SHOWN) say(`  and ${plan.faulty - FAULTS_SHOWN} more`)
  if (plan.faulty > 0 && !options.skipFaulty)
    return say(`${plan.faulty} lines are wrong: nothing was ordered. --skip-faulty orders the others.`)
  if (plan.due === 0) return say('Nothing is left to order. To order the same file once more, give it a name: --batch NAME')
  const besides = plan.unpriced > 0 ? `, and ${plan.unpriced} lines whose price the panel alone knows` : ''
  say(`It costs about ${amountOf(plan.charge)} ${currency}${besides}. Balance: ${balance.balance} ${currency}`)
  if (plan.charge > unitsOf(balance.balance.replace(/^-.*/, '0')))
    say('The balance is not enough for all of it: it stops when it is used up.')
  if (!keepsRetryKeys)
    say(
      'This panel keeps no retry keys: when an answer is lost, nobody can order that line again without the risk of ordering it twice. Such a line is kept as "unknown", and the others go on.',
    )
}

export function planInJson({ batch, plan, balance, keepsRetryKeys, panel, result, ...mass }: Mass): object {
  return {
    panel: panel.name,
    file: batch.file.name,
    sha256: batch.sha256,
    lines: batch.lines,
    to_order: plan.due,
    ...counts(mass),
    faulty: plan.faulty,
    faults: plan.faults,
    charge: amountOf(plan.charge),
    unpriced: plan.unpriced,
    ...balance,
    keeps_retry_keys: keepsRetryKeys,
    not_sent: batch.columns.own,
    result,
  }
}

/** How it ended. */
export function tellEnd(world: World, mass: Mass, stop: Stop | null, hasCharges: boolean): Exit {
  const { options, batch, plan, result, keepsRetryKeys } = mass
  const say = (text: string) => tell(world, options, text)
  const { placed, refused, unknown } = counts(mass)
  const left = batch.lines - placed - refused - unknown - plan.faulty
  print(
    world,
    options,
    { placed, refused, unknown, faulty: plan.faulty, left, result, has_charges: hasCharges, stopped: stop },
    `${placed} placed, ${refused} refused, ${unknown} unknown, ${plan.faulty} faulty, ${left} left\nResult: ${result}`,
  )
  if (stop) say(`Stopped: ${stop.message}. The same command goes on from here.`)
  if (!hasCharges) say('Charges are not in the result: run the same command once more for them.')
  if (unknown > 0 && keepsRetryKeys) say('Run the same command once more: unknown lines are asked for again, and none is ordered twice.')
  if (unknown > 0 && !keepsRetryKeys)
    say(
      `This panel keeps no retry keys, so an unknown line cannot be repeated safely: look for its link in the panel's list of orders, and order it by hand if it is not there.`,
    )
  if (stop?.code === 'interrupted') return exits.interrupted
  return worstOf([
    unknown > 0 ? exits.unknown : exits.done,
    refused + plan.faulty > 0 ? exits.refused : exits.done,
    stop ? STOPPED[stop.code] : exits.done,
  ])
}

const STOPPED: Readonly<Record<Stop['code'], Exit>> = {
  interrupted: exits.interrupted,
  not_enough_funds: exits.refused,
  key: exits.key,
  no_answer: exits.later,
  outcomes_unknown: exits.unknown,
}

function counts({ journal }: Pick<Mass, 'journal'>) {
  const count = (state: Parameters<Journal['count']>[0]) => journal.count(state)
  return { placed: count('placed'), refused: count('refused'), unknown: count('sent') + count('unknown') }
}
