import { z } from 'zod'
import { readAmount } from '../payments/amounts.ts'
import { keepUnknown } from '../payments/apply.ts'
import { because } from '../payments/because.ts'
import { lookAt } from '../payments/look.ts'
import { gatewayCan } from '../payments/methods.ts'
import type { MethodRow } from '../payments/methods.ts'
import { receiptsOfTheirs } from '../payments/receipts.ts'
import { tellOfDifferences } from '../payments/reconcile.ts'
import { reportedLine } from '../payments/reports.ts'
import { findMethodToSetUp } from '../payments/set-up.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { cli, flag, id, text } from './fields.ts'
import type { House } from './house.ts'

export const reconcileLook = act({
  name: 'reconcile look',
  does: 'ask the gateway now about a payment that it reports and that is missing here, and credit what came',
  permission: 'payments.decide',
  input: z.object({
    method: cli(id(), { argument: true }).describe('number of the way to pay'),
    receipt: cli(text(200).min(1), { argument: true }).describe('the name that the gateway has for the payment'),
    keep: flag().describe('when nobody here began it, keep it as money without a payer, so that somebody decides whose it is'),
  }),
  async prepare(house, { method: number, receipt, keep }, { dryRun }) {
    const method = await findMethodToSetUp(house.db, number)
    const before = await stateOf(house, method, receipt)
    if (!dryRun && before === null) await look(house, method, receipt, keep)
    return { before, after: await stateOf(house, method, receipt) }
  },
  async run({ tx, now }, { method, receipt }, { before, after }) {
    await tellOfDifferences({ db: tx, now: () => now })
    return { result: { method, receipt, state: after ?? 'missing here' }, before: { state: before }, after: { state: after } }
  },
  says: ({ receipt, state }) => (state === 'missing here' ? `${receipt} is still missing: nobody here began it` : `${receipt} is ${state}`),
})

async function look(house: House, method: MethodRow, theirId: string, keep: boolean): Promise<void> {
  const payments = await house.payments()
  const line = await reportedLine(house.db, method.id, theirId)
  if (!gatewayCan(payments.gateways, method, 'look')) throw refuse('payment_cannot_be_asked')
  const outcome = await lookAt(payments, method, { theirId: line.reference === null ? theirId : null, reference: line.reference })
  if (outcome === 'unknown') throw refuse('payment_gateway_away', method.name)
  if (!keep || (await stateOf(house, method, theirId)) !== null) return
  const { amount, currency, at, fee, reference } = line
  const came = {
    id: theirId,
    amount: readAmount(amount)!,
    currency,
    at,
    fee: fee === null ? null : readAmount(fee)!,
    worth: null,
    late: false,
  }
  await keepUnknown(payments, method, came, reference === null ? because.inReport(line.day) : because.inReportAs(line.day, reference))
}

/** How the receipt of their id stands here; null: there is none. */
async function stateOf({ db }: House, { id: methodId }: MethodRow, theirId: string): Promise<string | null> {
  return (await receiptsOfTheirs(db, theirId)).find((row) => row.methodId === methodId)?.state ?? null
}
