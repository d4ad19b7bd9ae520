import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { formatUnits } from '../ledger/money.ts'
import { askGivebacks, checkCanGiveBack, noteGiveback } from '../payments/give-back.ts'
import { findReceipt } from '../payments/receipts.ts'
import { act } from './act.ts'
import { cli, flag, reason } from './fields.ts'
import { paidAmount, paymentNumber } from './payment-fields.ts'

export const paymentGiveBack = act({
  name: 'payment give-back',
  does: 'give money back to where it came from: all that is left of a receipt, or a part',
  permission: 'payments.decide',
  input: z.object({
    receipt: cli(paymentNumber(), { argument: true }).describe('number of the receipt'),
    amount: paidAmount().optional().describe('how much, in the currency that came; without it, all that is left'),
    even_if_short: flag().describe(
      'also when the balance does not cover it: the rest is owed, and the account orders nothing until it is paid',
    ),
    reason: reason().describe('why'),
  }),
  async prepare(house, { receipt }) {
    const payments = await house.payments()
    await checkCanGiveBack(payments, (await findReceipt(house.db, receipt)).methodId)
    return { payments, key: `docket-back-${randomUUID()}` }
  },
  async run({ tx, now, actor }, { receipt: receiptId, amount = null, even_if_short: evenIfShort, reason: why }, { key }) {
    const wanted = { key, receiptId, amount, evenIfShort, who: actor.who, reason: why }
    const { receipt, amount: back, units } = await noteGiveback(tx, wanted, now)
    const result = { receipt: receiptId, amount: back, currency: receipt.currency, key }
    const after = { amount: `${back} ${receipt.currency}`, taken: `${formatUnits(units)} ${receipt.accountCurrency}`, why }
    return { result, subject: { account: receipt.account ?? undefined }, before: null, after }
  },
  // The gateway is asked once it is noted; a lost answer is asked for again by the worker, under the same key.
  async afterwards(_, { payments, key }) {
    await askGivebacks(payments, key)
  },
  says: ({ amount, currency, receipt }) =>
    `${amount} ${currency} of receipt ${receipt} is being given back: "docket payment list" shows what came of it`,
})
