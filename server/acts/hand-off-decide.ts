import { z } from 'zod'
import { checkTheyHaveIt, decide, type Decided, type Decision } from '../fulfilment/decide.ts'
import { refuse } from '../refusal.ts'
import { readSuppliers } from '../suppliers/registry.ts'
import { type Standing, SupplierAway } from '../suppliers/supplier.ts'
import { act, changed } from './act.ts'
import { cli, flag, orderId, text, whole } from './fields.ts'
import type { House } from './house.ts'
import { rowOf } from './rows.ts'

const WORDS: Readonly<Record<Decided, string>> = {
  watched: 'the supplier has it, and it is watched from now on',
  sent: 'it is handed over now',
  cancelled: 'it is cancelled and refunded',
  partial: 'it has ended, and what remains is refunded',
}

const input = z.object({
  order: cli(orderId(), { argument: true }).describe('number of the order'),
  they_have_it: cli(text(200), { placeholder: '<their id>' }).optional().describe('the supplier has it under this id'),
  unasked: flag().describe('with --they-have-it: do not ask the supplier first'),
  send: flag().describe('the supplier does not have it: hand it over'),
  cancel: flag().describe('the supplier does not have it: cancel and refund'),
  remains: whole().optional().describe('it has ended at the supplier, and so many of our quantity were not delivered'),
})
type Input = z.output<typeof input>

export const handOffDecide = act({
  name: 'hand-off decide',
  does: 'decide what happens to an order. --they-have-it: follow it under the supplier’s id. --send: hand it over (again), or refund it if a cancel was requested. --cancel: refund it. --remains: end it and refund so many',
  permission: 'orders.decide',
  input,
  async prepare(house, given) {
    const decision = decisionOf(given)
    const isAsked = decision.they === 'have it' && !given.unasked
    return { decision, found: isAsked ? await askSupplier(house, given.order, decision.reference) : undefined }
  },
  async run({ tx, now }, { order }, { decision, found }) {
    const before = await rowOf(tx, 'orders', order)
    const decided = await decide(tx, order, decision, now)
    if (!decided) throw refuse('no_decision_awaited', Number(order))
    const after = { ...(await rowOf(tx, 'orders', order)), decided }
    const remains = found?.remains ?? null
    const result = { order, decided, found: found?.words ?? null, their_remains: remains === null ? null : Number(remains) }
    return { result, subject: { order }, ...changed(before, after) }
  },
  says({ order, decided, found, their_remains: remains }) {
    const told = found === null ? '' : `: it says ${found}${remains === null ? '' : `, remains ${remains}`}`
    return `Order ${order}: ${WORDS[decided]}${told}`
  },
})

function decisionOf({ they_have_it: reference, send, cancel, remains }: Input): Decision {
  if ([reference !== undefined, send, cancel, remains !== undefined].filter(Boolean).length !== 1) {
    throw refuse('say_one_of', '--they-have-it ID, --send, --cancel, --remains N')
  }
  if (remains !== undefined) return { they: 'did a part', remains: BigInt(remains) }
  if (reference !== undefined) return { they: 'have it', reference }
  return { they: send ? 'do not: send' : 'do not: cancel' }
}

/** Asks the supplier about the id that staff gave. */
async function askSupplier(house: House, order: bigint, reference: string): Promise<Standing | undefined> {
  try {
    return await checkTheyHaveIt(house.db, order, reference, async (supplierId) => {
      const row = (await readSuppliers(house.db)).find((each) => each.id === supplierId)
      return row && house.supplier(row)
    })
  } catch (error) {
    if (!(error instanceof SupplierAway)) throw error
    throw refuse('supplier_away', error.message)
  }
}
