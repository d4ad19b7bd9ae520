import { z } from 'zod'
import { decideApproval } from '../staff/approvals.ts'
import { refuse } from '../refusal.ts'
import { accountAdd } from './account-add.ts'
import { act, type AnyAct, demand, type Done } from './act.ts'
import { bonusGive } from './bonus-give.ts'
import { cli, id, text } from './fields.ts'
import { fund } from './fund.ts'
import { paymentApprove } from './payment-approve.ts'
import { paymentDecide } from './payment-decide.ts'
import { checkInput } from './run-act.ts'

/** The acts that may wait for a second person. */
const waiting: readonly AnyAct[] = [fund, accountAdd, paymentApprove, paymentDecide, bonusGive]

export const approvalAccept = act({
  name: 'approval accept',
  does: 'do what waits for a second person; never the person who asked for it',
  permission: 'money.approve',
  secrets: ['key'],
  input: z.object({
    approval: cli(id(), { argument: true }).describe('the id that "approval list" shows'),
    reason: text(500).optional().describe('why, for the log'),
  }),
  async run(context, { approval }): Promise<Done<Accepted>> {
    const { act: name, input, askedBy } = await decideApproval(context.tx, approval, context.actor, true, context.now)
    const inner = waiting.find((each) => each.name === name)
    if (!inner) throw refuse('unknown_approval', approval)
    demand(context, name, inner.permission)
    const given = checkInput(inner, input)
    const done = await inner.run(context, given, undefined)
    return { ...done, result: { ...done.result, approval, asked_by: askedBy, did: inner.says(done.result, given) } }
  },
  says: ({ did, asked_by: askedBy }) => `${did}\nAsked for by ${askedBy}`,
})

interface Accepted {
  readonly approval: number
  readonly asked_by: string
  /** What was done, as a sentence. */
  readonly did: string
  /** Of a new account. */
  readonly key?: string
}
