import { request as startRequest, Agent } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { signedHookCase } from './cases/signed-hook.ts'
import { offer, openPaymentDocket } from './world.ts'

const docket = openPaymentDocket()

const POSTS = 100_000
const AT_ONCE = 16

test('17 a hundred thousand junk posts leave no row, and memory is bounded', async () => {
  const fake = await signedHookCase.openFake()
  onTestFinished(() => fake.close())
  const { token } = await offer(docket, signedHookCase, fake.settings)
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  onTestFinished(() => agent.destroy())
  const statuses = new Map<number, number>()
  const post = (index: number) =>
    new Promise<void>((resolve, reject) => {
      // Half of them know an address that is one.
      const to = index % 2 === 0 ? token : `${index}`.padStart(32, 'x')
      const call = startRequest(
        `${docket.node.url}/hooks/payments/${to}`,
        { agent, method: 'POST', headers: { 'webhook-id': `msg_${index}` } },
        (response) => {
          statuses.set(response.statusCode!, (statuses.get(response.statusCode!) ?? 0) + 1)
          response.resume().on('end', resolve)
        },
      )
      call.on('error', reject).end(`{"id":"${index}","amount":"100","currency":"USD","junk":"${'x'.repeat(index % 500)}"}`)
    })
  const posts = async (from: number, until: number) => {
    let next = from
    const sender = async () => {
      while (next < until) await post(next++)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, sender))
  }
  await posts(0, POSTS / 10)
  const before = process.memoryUsage().rss
  await posts(POSTS / 10, POSTS)
  const grown = (process.memoryUsage().rss - before) / 2 ** 20

  expect(Object.fromEntries(statuses)).toEqual({ 401: POSTS / 2, 404: POSTS / 2 })
  const { rows } = await docket.db.query(
    `select (select count(*) from payment_calls)::int as calls, (select count(*) from payment_receipts where method_id <> 1)::int as receipts`,
  )
  expect(rows).toEqual([{ calls: 0, receipts: 0 }])
  expect(grown).toBeLessThan(150)
})
