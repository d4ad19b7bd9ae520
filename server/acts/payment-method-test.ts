import { z } from 'zod'
import { findMethodToSetUp, noteTested, tryMethod } from '../payments/set-up.ts'
import { act, changed } from './act.ts'
import { cli, id } from './fields.ts'
import { rowOf } from './rows.ts'

export const paymentMethodTest = act({
  name: 'payment-method test',
  does: 'ask the gateway something harmless with the settings of a way to pay, and note whether they work',
  permission: 'payments.manage',
  input: z.object({ method: cli(id(), { argument: true }).describe('number of the way to pay') }),
  async prepare(house, { method }) {
    return tryMethod(await house.payments(), await findMethodToSetUp(house.db, method))
  },
  async run({ tx, now }, { method }, tested) {
    const { name } = await findMethodToSetUp(tx, method)
    const before = await rowOf(tx, 'payment methods', method)
    await noteTested(tx, method, tested, now)
    return { result: { method, name, ...tested }, ...changed(before, await rowOf(tx, 'payment methods', method)) }
  },
  says: ({ name, ok, words }) => `${name} ${ok ? 'works' : 'does not work'}: ${words}`,
})
