import { z } from 'zod'
import { declinePayment, holdPayment } from '../payments/decide-manual.ts'
import { act } from './act.ts'
import { cli, reason } from './fields.ts'
import { paymentNumber } from './payment-fields.ts'

export const paymentDecline = act({
  name: 'payment decline',
  does: 'end a payment for which no money came',
  permission: 'payments.decide',
  input: z.object({
    payment: cli(paymentNumber(), { argument: true }).describe('number of the payment'),
    reason: reason().describe('why; the customer reads it at the payment'),
  }),
  async run({ tx, now }, { payment: number, reason: why }) {
    const payment = await holdPayment(tx, number)
    await declinePayment(tx, payment, why, now)
    const result = { payment: number, account: payment.accountId, state: 'failed' }
    return { result, subject: { account: payment.accountId }, before: { state: payment.state }, after: { state: 'failed', why } }
  },
  says: ({ payment }) => `Payment ${payment} is declined`,
})
