import { expect, onTestFinished, test } from 'vitest'
import { handleLeftCalls } from '../../server/payments/hear.ts'
import { expirePayments, lookAtDue } from '../../server/payments/look.ts'
import { topUpDue } from '../../server/payments/top-up.ts'
import { allCases } from './cases/all.ts'
import { beginPayment, offer, openPaymentDocket, paymentsOf, sendHook } from './world.ts'

const docket = openPaymentDocket()

test.each(allCases.map((each) => [each.gateway.name, each] as const))('%s is never called before it is switched on', async (_, played) => {
  const fake = await played.openFake()
  onTestFinished(() => fake.close())
  const payments = await paymentsOf(docket)
  const method = await offer(docket, played, fake.settings)
  await docket.db.query('update payment_methods set is_on = false where id = $1', [method.id])
  const [currency] = played.currencies
  const account = { id: (await docket.account({ balance: '0', currency })).account, currency, email: null }
  await expect(beginPayment(docket, payments, method, '100', { account })).rejects.toMatchObject({ code: 'payment_method_off' })
  for (const call of fake.foreign()) expect(await sendHook(docket, method, call)).toBe(404)
  await Promise.all([lookAtDue(payments), handleLeftCalls(payments), expirePayments(payments), topUpDue(payments)])
  expect(fake.calls).toEqual([])
  expect((await docket.db.query('select from payments where method_id = $1', [method.id])).rowCount).toBe(0)
})
