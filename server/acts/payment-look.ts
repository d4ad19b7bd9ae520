import { z } from 'zod'
import { lookAt } from '../payments/look.ts'
import { findMethod, gatewayCan } from '../payments/methods.ts'
import { findPayment } from '../payments/payments.ts'
import { refuse } from '../refusal.ts'
import { act } from './act.ts'
import { cli } from './fields.ts'
import { paymentNumber } from './payment-fields.ts'

export const paymentLook = act({
  name: 'payment look',
  does: 'ask the gateway now how a payment stands, and credit what came',
  permission: 'payments.decide',
  input: z.object({ payment: cli(paymentNumber(), { argument: true }).describe('number of the payment') }),
  async prepare(house, { payment: number }, { dryRun }) {
    const payments = await house.payments()
    const payment = await findPayment(house.db, number)
    if (!payment) throw refuse('unknown_payment', number)
    const method = (await findMethod(house.db, payment.methodId))!
    if (!gatewayCan(payments.gateways, method, 'look')) throw refuse('payment_cannot_be_asked')
    if (!dryRun && (await lookAt(payments, method, payment)) === 'unknown') throw refuse('payment_gateway_away', method.name)
    return payment
  },
  async run({ tx }, { payment: number }, before) {
    const { state, accountId: account, why } = (await findPayment(tx, number))!
    return { result: { payment: number, state, why }, subject: { account }, before: { state: before.state }, after: { state } }
  },
  says: ({ payment, state, why }) => `Payment ${payment} is ${state}${why === null || why === '' ? '' : `: ${why}`}`,
})
