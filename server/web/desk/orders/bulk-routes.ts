import { randomUUID } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { AnyAct } from '../../../acts/act.ts'
import { actOfJob } from '../../../acts/job-acts.ts'
import { jobAdd } from '../../../acts/job-add.ts'
import { listAllOrders } from '../../../fulfilment/all-orders.ts'
import { isRefusal, refuse } from '../../../refusal.ts'
import { type Faults, NO_FAULTS, UNPROCESSABLE } from '../../ui/page-ui.ts'
import { fieldsOf, type Given, readFields } from '../act-fields.tsx'
import { runOnDesk } from '../act-routes.ts'
import { faultsOfRefusal } from '../act-words.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { type Asked, askedIn, wantedBy } from './asked.ts'

/** Bulk changes begin with a trial: a job that changes each order and rolls it back. What it found is done only when somebody confirms it. */
export function routeBulk(desk: Desk) {
  desk.page('/orders/bulk', 'orders.settle', (context) => sendForm(context, chosenIn(context.query), {}, NO_FAULTS))
  desk.form('/orders/bulk', 'orders.settle', takeTrial)
}

/** What was chosen on the list. */
export interface Chosen {
  readonly act: AnyAct
  /** The act without its order. */
  readonly each: AnyAct
  readonly ids: readonly number[]
  /** All orders that match this, instead of some by their numbers. */
  readonly matching: Asked | null
}

/** All that match are at most so many: more are done by another filter, or by the command line. */
export const MOST_MATCHING = 10_000

function chosenIn(parameters: URLSearchParams): Chosen {
  const act = actOfJob(parameters.get('act') ?? '')
  if (!act) throw refuse('incorrect_field', 'act')
  const picked = [...parameters.getAll('pick'), ...(parameters.get('orders') ?? '').split(',')].filter((number) =>
    /^[1-9]\d{0,15}$/.test(number),
  )
  const matching = parameters.get('matching')
  return {
    act,
    each: { ...act, input: act.input.omit({ order: true }) },
    ids: matching === null ? [...new Set(picked)].map(Number) : [],
    matching: matching === null ? null : askedIn(new URLSearchParams(matching)),
  }
}

async function sendForm(context: DeskContext, chosen: Chosen, given: Given, faults: Faults): Promise<FastifyReply> {
  const { bulkPage } = await import('./bulk-page.tsx')
  const isBad = Object.keys(faults).length > 0
  return context.send(bulkPage(context, { chosen, given, faults, once: `trial ${randomUUID()}` }), isBad ? UNPROCESSABLE : 200)
}

async function takeTrial(context: DeskContext): Promise<FastifyReply> {
  const fields = new URLSearchParams(context.request.body as Record<string, string>)
  const chosen = chosenIn(fields)
  const given = Object.fromEntries(fieldsOf(chosen.each).flatMap(({ name }) => (fields.has(name) ? [[name, fields.get(name)!]] : [])))
  const { input, faults } = readFields(chosen.each, given)
  if (Object.keys(faults).length > 0) return sendForm(context, chosen, given, faults)
  try {
    const orders = chosen.matching === null ? chosen.ids : await numbersMatching(context, chosen.matching)
    const asked = { act: chosen.act.name, with: input, orders, trial: true }
    const { result } = await runOnDesk(context, jobAdd, asked, { requestKey: fields.get('form:once') ?? `trial ${randomUUID()}` })
    return context.reply.redirect(`/desk/jobs/${result.job}`, 303)
  } catch (error) {
    if (!isRefusal(error)) throw error
    return sendForm(context, chosen, given, faultsOfRefusal(context.ui.frame.texts, error))
  }
}

const AT_A_TIME = 1000
const MOST_LOOKS = 50

/** The numbers of all orders that match at this moment. Throws a Refusal when they are too many, or not found within a bounded time. */
async function numbersMatching({ db }: DeskContext, asked: Asked): Promise<number[]> {
  const { filter } = await wantedBy(db, asked)
  const numbers: number[] = []
  let before: bigint | null = null
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const page = await listAllOrders(db, filter, { before, most: AT_A_TIME })
    numbers.push(...page.orders.map(({ id }) => Number(id)))
    if (numbers.length > MOST_MATCHING) throw refuse('too_many_orders', MOST_MATCHING)
    before = page.next
    if (before === null) return numbers
  }
  throw refuse('too_wide_a_filter')
}
