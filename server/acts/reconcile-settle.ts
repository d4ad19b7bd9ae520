import { z } from 'zod'
import { tellOfDifferences } from '../payments/reconcile.ts'
import { settleDifference } from '../payments/reports.ts'
import { findMethodToSetUp } from '../payments/set-up.ts'
import { act } from './act.ts'
import { cli, id, reason, text } from './fields.ts'

export const reconcileSettle = act({
  name: 'reconcile settle',
  does: 'explain a difference between what a gateway reports and what was credited; no money moves',
  permission: 'payments.decide',
  input: z.object({
    method: cli(id(), { argument: true }).describe('number of the way to pay'),
    receipt: cli(text(200).min(1), { argument: true }).describe('the name that the gateway has for the payment'),
    reason: reason().describe('what it is, and what was done about it'),
  }),
  async run({ tx, now, actor }, { method, receipt, reason: words }) {
    const { name } = await findMethodToSetUp(tx, method)
    await settleDifference(tx, { methodId: method, theirId: receipt, who: actor.who, words }, now)
    await tellOfDifferences({ db: tx, now: () => now })
    return { result: { method, receipt }, after: { method: name, receipt, settled: words } }
  },
  says: ({ receipt }) => `The difference of ${receipt} is settled`,
})
