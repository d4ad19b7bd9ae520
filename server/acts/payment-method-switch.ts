import { z } from 'zod'
import { findMethodToSetUp, switchMethod } from '../payments/set-up.ts'
import { act } from './act.ts'
import { cli, id } from './fields.ts'

export const paymentMethodOn = switching('on', 'offer a way to pay to customers, once a test of its settings has worked')
export const paymentMethodOff = switching('off', 'offer a way to pay no more; what was begun is still followed when it is looked at')

function switching(state: 'on' | 'off', does: string) {
  return act({
    name: `payment-method ${state}`,
    does,
    permission: 'payments.manage',
    input: z.object({ method: cli(id(), { argument: true }).describe('number of the way to pay') }),
    async run({ tx }, { method }) {
      const row = await findMethodToSetUp(tx, method)
      await switchMethod(tx, row, state === 'on')
      return { result: { method, name: row.name, on: state === 'on' }, before: { is_on: row.isOn }, after: { is_on: state === 'on' } }
    },
    says: ({ name, on }) => `${name} is ${on ? 'offered to customers' : 'offered no more'}`,
  })
}
