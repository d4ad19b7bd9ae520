import { z } from 'zod'
import { logAct, STAFF } from '../customers/account-log.ts'
import { formatUnits } from '../ledger/money.ts'
import { approvedUnits, approvePayment, holdPayment } from '../payments/decide-manual.ts'
import { act } from './act.ts'
import { cli, reason } from './fields.ts'
import { needsSecondFor } from './moved-by-hand.ts'
import { deciderOf } from './payment-decide.ts'
import { paidAmount, paymentNumber } from './payment-fields.ts'

export const paymentApprove = act({
  name: 'payment approve',
  does: 'credit a manual payment whose money you have seen arrive',
  permission: 'payments.decide',
  input: z.object({
    payment: cli(paymentNumber(), { argument: true }).describe('number of the payment'),
    amount: paidAmount().optional().describe('what arrived, in the currency of the payer; without it, what was asked'),
    reason: reason().describe('where you saw it, like "statement of 3 March"'),
  }),
  async needsSecond(context, { payment: number, amount = null }) {
    const payment = await holdPayment(context.tx, number)
    return needsSecondFor(context, approvedUnits(payment, amount), payment.accountCurrency)
  },
  async run(context, { payment: number, amount = null, reason: why }) {
    const { tx, now } = context
    const payment = await holdPayment(tx, number)
    const { units, bonus } = await approvePayment(tx, payment, amount, deciderOf(context, why), now)
    const { accountId: account, accountCurrency: currency } = payment
    await logAct(tx, account, STAFF, 'funded', now, `${formatUnits(units + bonus)} ${currency}: ${payment.reference}`)
    const booked = { credited: formatUnits(units), bonus: formatUnits(bonus), currency }
    const result = { payment: number, account, ...booked }
    return { result, subject: { account }, before: { state: payment.state }, after: { state: 'paid', why, ...booked } }
  },
  says: ({ payment, account, credited, currency }) => `Payment ${payment}: account ${account} got ${credited} ${currency}`,
})
