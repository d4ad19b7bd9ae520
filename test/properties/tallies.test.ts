import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { openTallies } from '../../server/orders/tallies.ts'
import { carriedOn, countOrders } from '../../server/orders/tally.ts'
import { openDocket } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { workOnce } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { tell } from '../support/order-life.ts'
import { statementsOf } from '../support/statements.ts'

const TRUTH = `
  select o.status, count(*)::int as count from orders o
  where o.book_id = $1 and not exists (
    select from child_orders c join orders d on d.id = c.parent_id where c.order_id = o.id and d.kind = 'drip-feed')
  group by o.status order by o.status`

describe('how many orders of an account have each status', () => {
  const docket = openDocket()
  let services: { paid: number; free: number; subscription: number }
  /** A pool like a node's, whose statements can be counted. */
  let api: Database

  beforeAll(async () => {
    await guardFeed(docket.db)
    api = openPool(docket.databaseUrl, { size: 1, name: 'docket api', connectTimeoutMs: 300_000 })
    const all = { rate: '1', min: 1, max: 10_000, dripfeed: true, cancel: true, refill: true }
    services = {
      paid: await onSale(docket, all),
      free: await onSale(docket, { ...all, rate: '0' }),
      subscription: await onSale(docket, { type: 'Subscriptions', rate: '1', min: 1, max: 10_000, cancel: true }),
    }
    for (const service of Object.values(services)) await change(docket, service, { supplier: 'simulated' })
  })

  afterAll(() => api.end())

  async function bookOf(account: number): Promise<number> {
    const { rows } = await docket.db.query<{ id: number }>('select id from books where account_id = $1 and not play', [account])
    return rows[0]!.id
  }

  async function truth(bookId: number): Promise<object> {
    const { rows } = await docket.db.query<{ status: OrderStatus; count: number }>(TRUTH, [bookId])
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
  }

  const shown = (tally: ReadonlyMap<OrderStatus, number>) => Object.fromEntries([...tally].filter(([, count]) => count !== 0))

  test('is the same whether counted anew or carried on, on every node, whatever is placed or moves', async () => {
    const order = fc.nat(30)
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('paid' as const, 'free' as const), who: fc.nat(1), runs: fc.option(fc.integer({ min: 2, max: 3 })) }) }, // prettier-ignore
      { weight: 2, arbitrary: fc.record({ do: fc.constant('subscribe' as const), who: fc.nat(1) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('tell' as const), order, status: fc.constantFrom<OrderStatus>('Processing', 'In progress', 'Completed', 'Partial', 'Canceled') }) }, // prettier-ignore
      { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cancel' as const, 'refill' as const, 'post' as const), order }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('work' as const) }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant('look' as const), who: fc.nat(1), node: fc.nat(1) }) },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 15, maxLength: 40 }), fc.integer({ min: 1, max: 6 }), async (steps, abreast) => {
        const customers = [await docket.account(), await docket.account()]
        const books = await Promise.all(customers.map(({ account }) => bookOf(account)))
        const nodes = [openTallies(docket.db), openTallies(docket.db)]
        const placed: { id: number; key: string; kind: string }[] = []
        const pick = (at: number) => placed[at % Math.max(1, placed.length)]
        const add = async (key: string, kind: string, more: object) => {
          const answer = await docket.call({ key, action: 'add', ...more })
          if (answer.order) placed.push({ id: answer.order, key, kind })
        }
        const take = async (one: (typeof steps)[number]): Promise<unknown> => {
          if (one.do === 'work') return workOnce(docket)
          if (one.do === 'look') return nodes[one.node]!.of(books[one.who]!)
          if (one.do === 'subscribe')
            return add(customers[one.who]!.key, 'subscription', { service: services.subscription, username: 'u', min: 1, max: 2 })
          if (one.do === 'paid' || one.do === 'free') {
            const runs = one.runs === null ? {} : { runs: one.runs, interval: 1 }
            return add(customers[one.who]!.key, 'single', { service: services[one.do], link: 'p', quantity: 10, ...runs })
          }
          const named = 'order' in one ? pick(one.order) : undefined
          if (!named) return undefined
          if (one.do === 'tell') return named.kind === 'single' ? tell(docket, named.id, one.status) : undefined
          if (one.do === 'post')
            return named.kind === 'subscription'
              ? feedPosts(docket.db, BigInt(named.id), [`https://example.com/${placed.length}`], docket.clock.now()).catch(() => {})
              : undefined
          return docket.call({ key: named.key, action: one.do, order: named.id })
        }
        for (let at = 0; at < steps.length; at += abreast) {
          docket.clock.forward({ minutes: 1 })
          await Promise.all(steps.slice(at, at + abreast).map(take))
          for (const book of books) {
            const wanted = await truth(book)
            for (const node of nodes) expect(shown(await node.of(book))).toEqual(wanted)
            expect(shown((await countOrders(docket.db, book, 1000)).tally)).toEqual(wanted)
          }
        }
      }),
      { numRuns: 12, endOnFailure: true },
    )
  })

  test('takes one statement, which looks at no order that stands as it stood', async () => {
    const { key, account } = await docket.account()
    const book = await bookOf(account)
    for (let count = 0; count < 5; count += 1) await docket.call({ key, action: 'add', service: services.paid, link: 'p', quantity: 10 })
    const tallies = openTallies(api)
    const first = await tallies.of(book)
    const { rows } = await docket.db.query<{ id: number }>('select id::int from orders where book_id = $1 order by id', [book])
    await tell(docket, rows[0]!.id, 'Completed')
    const sent = await statementsOf(async () => {
      expect(shown(await tallies.of(book))).toEqual({ ...shown(first), Pending: 4, Completed: 1 })
    })
    expect(sent).toHaveLength(1)
  })

  test('is counted anew where more happened than is looked up, and after the database may have been set back', async () => {
    const { key, account } = await docket.account()
    const book = await bookOf(account)
    const before = await countOrders(docket.db, book, 1000)
    for (let count = 0; count < 3; count += 1) await docket.call({ key, action: 'add', service: services.paid, link: 'p', quantity: 10 })
    expect(await carriedOn(docket.db, book, before, 2)).toBeUndefined()
    expect(await carriedOn(docket.db, book, { ...before, line: 99n }, 1000)).toBeUndefined()
    const after = await carriedOn(docket.db, book, before, 3)
    expect(after).toMatchObject({ tally: new Map([...before.tally, ['Pending', 3]]) })
    const tallies = openTallies(api)
    await tallies.of(book)
    tallies.forget()
    const sent = await statementsOf(async () => void (await tallies.of(book)))
    expect(sent.length).toBeGreaterThan(1)
  })

  test('stops where counting would take too long, and nothing is carried on from there', async () => {
    const { key, account } = await docket.account()
    const book = await bookOf(account)
    for (let count = 0; count < 4; count += 1) await docket.call({ key, action: 'add', service: services.paid, link: 'p', quantity: 10 })
    const tallies = openTallies(docket.db, 3)
    for (let look = 0; look < 2; look += 1) expect((await tallies.of(book)).get('Pending')).toBe(3)
  })
})
