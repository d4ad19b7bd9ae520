import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { formatUnits } from '../ledger/money.ts'
import { creditByDecision, type CreditPlan, type Decider, matchReceipt, planCredit, refuseReceipt } from '../payments/decide.ts'
import { refuse } from '../refusal.ts'
import { act, type ActContext, type Done } from './act.ts'
import { amount, cli, id, reason } from './fields.ts'
import { needsSecondFor } from './moved-by-hand.ts'
import { paymentNumber } from './payment-fields.ts'

const input = z.object({
  receipt: cli(paymentNumber(), { argument: true }).describe('number of the receipt'),
  decision: cli(z.enum(['credit', 'match', 'refuse']), { placeholder: '<decision>' }).describe(
    'credit it, match it with a deposit that staff booked for the same money, or leave it uncredited',
  ),
  account: id().optional().describe('with credit: the account that gets it; without it, the one of the payment'),
  amount: amount().optional().describe('with credit: how much, in the currency of the account; without it, what it is worth'),
  same_as: paymentNumber().optional().describe('with match: number of the receipt of that deposit'),
  reason: reason().describe('why'),
})
type Input = z.output<typeof input>

export const paymentDecide = act({
  name: 'payment decide',
  does: 'decide what becomes of money that came in and waits for a person',
  permission: 'payments.decide',
  input,
  async needsSecond(context, given) {
    if (given.decision !== 'credit') return undefined
    const { units, currency } = await planOf(context, given)
    return needsSecondFor(context, units, currency)
  },
  async run(context, given): Promise<Done<Decided>> {
    if (given.decision === 'credit') return credit(context, given)
    if (given.account !== undefined || given.amount !== undefined)
      throw refuse('say_one_of', '--decision credit with --account and --amount')
    return given.decision === 'match' ? match(context, given) : leave(context, given)
  },
  says: ({ receipt, state, credited, account, currency }) =>
    state === 'credited' ? `Receipt ${receipt}: account ${account} got ${credited} ${currency}` : `Receipt ${receipt} is ${state}`,
})

interface Decided {
  readonly receipt: bigint
  readonly state: 'credited' | 'matched' | 'refused'
  readonly account: number | null
  readonly credited?: string
  readonly bonus?: string
  readonly currency?: string
}

function planOf({ tx }: ActContext, { receipt, account, amount: units }: Input): Promise<CreditPlan> {
  return planCredit(tx, receipt, { account: account ?? null, units: units ?? null })
}

async function credit(context: ActContext, given: Input): Promise<Done<Decided>> {
  const { tx, now } = context
  const plan = await planOf(context, given)
  await creditByDecision(tx, plan, deciderOf(context, given.reason), now)
  const { account, currency, units, bonus, receipt } = plan
  await logAct(tx, account, STAFF, 'funded', now, `${formatUnits(units + bonus)} ${currency}: ${receipt.method}`)
  const booked = { account, credited: formatUnits(units), bonus: formatUnits(bonus), currency }
  return {
    result: { receipt: receipt.id, state: 'credited', ...booked },
    subject: { account },
    before: { state: receipt.state, why: receipt.why },
    after: { state: 'credited', why: given.reason, came: `${receipt.amount} ${receipt.currency}`, ...booked },
  }
}

async function match({ tx, now, ...context }: ActContext, { receipt: id, same_as: sameAs, reason: why }: Input): Promise<Done<Decided>> {
  if (sameAs === undefined) throw refuse('incorrect_act_field', 'same_as', 'Say which deposit it is the same as.')
  const { account, state } = await matchReceipt(tx, id, sameAs, deciderOf(context, why), now)
  const after = { state, why, same_as: String(sameAs) }
  return { result: { receipt: id, state: 'matched', account }, subject: { account: account ?? undefined }, before: WAITED, after }
}

async function leave({ tx, now, ...context }: ActContext, { receipt: id, reason: why }: Input): Promise<Done<Decided>> {
  const { account, state } = await refuseReceipt(tx, id, deciderOf(context, why), now)
  return {
    result: { receipt: id, state: 'refused', account },
    subject: { account: account ?? undefined },
    before: WAITED,
    after: { state, why },
  }
}

const WAITED = { state: 'review' }

export function deciderOf({ actor, house }: Pick<ActContext, 'actor' | 'house'>, why: string): Decider {
  return { who: actor.who, reason: why, seller: house.settings().seller }
}
