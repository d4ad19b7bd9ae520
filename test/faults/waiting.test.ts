import pino from 'pino'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { coalesce } from '../../server/db/coalesce.ts'
import { openPool } from '../../server/db/pool.ts'
import { startNode } from '../../server/main.ts'
import { add, type Known, anAccount, aService, crowd, eventually, nothingLostOrDoubled } from '../support/clients.ts'
import { booksBalance, freshDatabase, send, testConfig } from '../support/docket.ts'
import { openProxy } from '../support/proxy.ts'

/** 15 seconds are promised. A busy machine gets some more; a request that waited for two time limits would take 30. */
const LONGEST_WAIT_SECONDS = 28

async function timed<T>(work: () => Promise<T>): Promise<{ answer: T; seconds: number }> {
  const began = performance.now()
  const answer = await work()
  return { answer, seconds: (performance.now() - began) / 1000 }
}

const statusOf = async (response: Promise<Response>) => {
  const { status } = await response
  return status
}

describe('a database that swallows everything', () => {
  test('keeps none of 64 clients waiting longer than one time limit of 15 seconds, whatever they asked, and each answer is true', async () => {
    const databaseUrl = await freshDatabase()
    const db = openPool(databaseUrl, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
    const service = await aService(db, 9001)
    const proxy = await openProxy(databaseUrl)
    const node = await startNode(testConfig(proxy.url), pino({ level: 'silent' }))
    const { account, key } = await anAccount(db, '1000')
    const first = await add(node.url!, { key, service, quantity: 1000 })
    const page = (path: string) =>
      statusOf(fetch(`${node.url}${path}`, { redirect: 'manual', headers: { cookie: `docket-session=${'a'.repeat(43)}` } }))
    const reads: (() => Promise<number>)[] = [
      () => statusOf(send(node.url!, { key, action: 'balance' })),
      () => statusOf(send(node.url!, { key, action: 'status', order: first.order })),
      () => statusOf(send(node.url!, { key, action: 'quote', service, quantity: 10, link: 'https://example.com/' })),
      () => statusOf(send(node.url!, { key: 'unknown', action: 'balance' })),
      () => statusOf(send(node.url!, { key, action: 'cancel', orders: first.order })),
      () => statusOf(send(node.url!, { key, action: 'changes' })),
      () => page('/orders'),
      () => statusOf(fetch(`${node.url}/adminapi/v2/orders`, { headers: { 'x-api-key': 'dk_staff_unknown' } })),
    ]
    proxy.freeze()

    const orders: Known[] = []
    // Two requests each, one behind the other: those of the second turn arrive while the first hang.
    const waits = await crowd(64, async (client) => {
      const seconds: number[] = []
      for (let turn = 0; turn < 2; turn += 1) {
        const { answer, seconds: waited } = await timed<Known | number>(() =>
          client % 2 === 0
            ? add(node.url!, { key, service, quantity: 10, link: `https://example.com/${client}/${turn}` })
            : reads[((client - 1) / 2) % reads.length]!(),
        )
        seconds.push(waited)
        if (typeof answer !== 'number') orders.push(answer)
        else expect([answer, client]).toEqual([503, client])
      }
      return seconds
    })
    expect(Math.max(...waits.flat())).toBeLessThan(LONGEST_WAIT_SECONDS)
    expect(new Set(orders.map((known) => known.status))).toEqual(new Set([503]))

    proxy.thaw()
    await eventually('the node is ready again', async () => (await fetch(`${node.url}/readyz`)).status === 200)
    const last = await add(node.url!, { key, service, quantity: 10, link: 'https://example.com/last' })
    expect(last.order).toBeTypeOf('number')
    const unknown = orders.filter((known) => /not known whether/.test(known.error ?? ''))
    const stored = await nothingLostOrDoubled(db, account, 100_000_000, [first, ...orders, last])
    expect(stored.length).toBeGreaterThanOrEqual(2)
    // What was told "please try again" was never placed.
    expect(stored.length).toBeLessThanOrEqual(2 + unknown.length)
    await booksBalance(db)
    await node.stop()
    await proxy.close()
    await db.end()
  })
})

describe('asks that wait for a statement under way', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  test('are refused when their time is over, counted from their own arrival, and never run', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] })
    const run: string[] = []
    let finish = () => {}
    const ask = coalesce<string, string>(
      (asks) => {
        run.push(...asks)
        return new Promise((resolve) => (finish = () => resolve(asks)))
      },
      { most: 10, slots: 1, limit: 10 },
    )
    const refused = { status: 503, code: 'database_away', retryAfter: 1 }
    const underWay = ask('under way').catch((error: unknown) => error)
    await eventually('the first runs', () => run.length === 1)
    const waiting = ask('waiting').catch((error: unknown) => error)
    vi.advanceTimersByTime(14_500)
    const young = ask('young')
    vi.advanceTimersByTime(1000)

    expect(await underWay).toMatchObject(refused)
    expect(await waiting).toMatchObject(refused)
    finish()
    await eventually('the young one runs', () => run.includes('young'))
    finish()
    expect(await young).toBe('young')
    expect(run).toEqual(['under way', 'young'])
    await eventually('nothing waits', () => ask.depth() === 0)
  })
})
