import { afterEach, expect, onTestFinished, test } from 'vitest'
import { booksBalance } from '../support/docket.ts'
import { endServers, serve } from '../support/server-process.ts'
import { nowpaymentsCase } from './cases/nowpayments.ts'
import { signedHookCase } from './cases/signed-hook.ts'
import type { GatewayCase, HookCall } from './gateway-case.ts'
import { asAsked, beginPayment, depositsOf, offer, openPaymentDocket, paymentsOf, SECRET } from './world.ts'

const docket = openPaymentDocket()
const PAYMENTS = 24
const KILLS = 4

afterEach(endServers)

const cases: readonly (readonly [string, GatewayCase])[] = [
  ['a gateway that is asked', nowpaymentsCase],
  ['one that only tells', signedHookCase],
]

test.each(cases)('2 and 3 kill -9 at any moment, and %s sends again: each payment is credited once', async (_, played) => {
  const fake = await played.openFake()
  onTestFinished(() => fake.close())
  docket.clock.forward({ seconds: (Date.now() - docket.clock.now().getTime()) / 1000 })
  const payments = await paymentsOf(docket)
  const method = await offer(docket, played, fake.settings)
  const [currency] = played.currencies
  const begun = await Promise.all(
    Array.from({ length: PAYMENTS }, async (_, index) => {
      const account = { id: (await docket.account({ balance: '0', currency })).account, currency, email: null }
      return beginPayment(docket, payments, method, `${index + 20}`, { account })
    }),
  )
  for (const payment of begun) fake.pay(payment.reference, asAsked(payment))
  const waiting = new Set(begun)
  const settings = { DATABASE_URL: docket.databaseUrl, DOCKET_SECRET: SECRET, DOCKET_ROLE: 'http,fulfilment' }
  for (let round = 0; waiting.size > 0; round += 1) {
    const server = await serve(settings)
    const answered: number[] = []
    await Promise.all(
      [...waiting].map(async (payment) => {
        const call = fake.hooks(payment.reference, { at: new Date() }).at(-1)!
        const status = await send(server.url, method.token, call)
        if (status === 200) waiting.delete(payment)
        answered.push(status)
        // Some are answered, others are under way or on their way.
        if (round < KILLS && answered.length === ((round * 5) % PAYMENTS) + 1) await server.kill()
      }),
    )
    if (round >= KILLS) expect(await server.stop()).toBe(0)
  }
  for (const [index, payment] of begun.entries()) {
    await expect.poll(() => depositsOf(docket, payment.bookId)).toEqual([BigInt(index + 20) * 100_000n])
  }
  await booksBalance(docket.db)
})

/** 0: nobody answered. */
async function send(url: string, token: string, call: HookCall): Promise<number> {
  try {
    const response = await fetch(`${url}/hooks/payments/${token}${call.query}`, {
      method: call.method,
      headers: call.headers,
      body: call.body,
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return 0
  }
}
