import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { revokeKey } from '../../server/customers/keys.ts'
import { openOrderReads } from '../../server/orders/read-many.ts'
import { openFewReads, type OrderRow, type FewReads } from '../../server/orders/read.ts'
import { settle } from '../../server/orders/settle.ts'
import { openRememberedOrders } from '../../server/orders/remembered-orders.ts'
import { openDocket } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { onSale } from '../support/on-sale.ts'
import { statementsOf } from '../support/statements.ts'

const ORDERS = 40

describe('lists of orders that are asked for again and again', () => {
  const docket = openDocket()
  let service: number
  let truth: FewReads

  beforeAll(async () => {
    await guardFeed(docket.db)
    service = await onSale(docket, { cancel: true })
    truth = openFewReads(docket.db, 1000)
  })

  interface Customer {
    readonly key: string
    readonly bookId: number
    readonly keyId: number
    readonly ids: readonly string[]
  }

  async function customer(): Promise<Customer> {
    const { key, account } = await docket.account()
    const link = (n: number) => ({ key, action: 'add', service, link: `https://example.com/${n}`, quantity: 100 })
    const placed = await Promise.all(Array.from({ length: ORDERS }, (_, n) => docket.call(link(n))))
    const { rows } = await docket.db.query<{ bookId: number; keyId: number }>(
      'select b.id as "bookId", k.id as "keyId" from books b join api_keys k on k.account_id = b.account_id where b.account_id = $1',
      [account],
    )
    return { key, ...rows[0]!, ids: placed.map(({ order }) => String(order)) }
  }

  const tell = (id: string, status: OrderStatus, remains: number | null, startCount: number | null = null) =>
    settle(
      docket.db,
      [{ orderId: BigInt(id), status, startCount: startCount === null ? null : BigInt(startCount), remains: remains === null ? null : BigInt(remains), words: null }], // prettier-ignore
      'test',
      docket.clock.now(),
    )

  test('are answered as the database would, on every node, whatever moves meanwhile', async () => {
    const news = fc.record({
      do: fc.constant('tell' as const),
      order: fc.nat(2 * ORDERS - 1),
      status: fc.constantFrom<OrderStatus>('Pending', 'Processing', 'In progress', 'Completed', 'Partial', 'Canceled'),
      remains: fc.option(fc.integer({ min: -5, max: 100 })),
      startCount: fc.option(fc.nat(1000)),
    })
    const look = fc.record({
      do: fc.constant('look' as const),
      node: fc.nat(1),
      customer: fc.nat(1),
      orders: fc.uniqueArray(fc.nat(2 * ORDERS - 1), { minLength: 10, maxLength: 30 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(news, look), { minLength: 20, maxLength: 60 }),
        fc.integer({ min: 1, max: 10 }),
        async (steps, abreast) => {
          const customers = [await customer(), await customer()]
          const all = customers.flatMap(({ ids }) => ids)
          const nodes = [openOrderReads(docket.db, 1000), openOrderReads(docket.db, 1000)]
          const take = async (step: (typeof steps)[number]) => {
            if (step.do === 'tell') await tell(all[step.order]!, step.status, step.remains, step.startCount)
            else await nodes[step.node]!({ ...customers[step.customer]!, ids: step.orders.map((at) => all[at]!) })
          }
          for (let at = 0; at < steps.length; at += abreast) {
            await Promise.all(steps.slice(at, at + abreast).map(take))
            // Another account's orders are asked for as well.
            const asks = customers.map(({ bookId, keyId }) => ({ bookId, keyId, ids: all }))
            const expected = await Promise.all(asks.map(truth))
            for (const node of nodes) expect(await Promise.all(asks.map(node))).toEqual(expected)
          }
        },
      ),
      { numRuns: 15, endOnFailure: true },
    )
  })

  test('are read anew when more moved than a look is told', async () => {
    const { ids, ...who } = await customer()
    const node = openOrderReads(docket.db, 1000)
    await node({ ...who, ids })
    for (let count = 1; count <= 7; count += 1) for (const id of ids) await tell(id, 'In progress', 100 - count)
    expect(await node({ ...who, ids })).toEqual(await truth({ ...who, ids }))
    expect([...(await node({ ...who, ids }))!.values()].every(({ remains }) => remains === '93')).toBe(true)
  })

  test('take one statement, which reads no order that stands as it stood', async () => {
    const { key, ids } = await customer()
    const orders = ids.join(',')
    const first = await docket.call({ key, action: 'status', orders })
    await tell(ids[3]!, 'Completed', null)
    const sent = await statementsOf(async () => {
      expect(await docket.call({ key, action: 'status', orders })).toEqual({
        ...first,
        [ids[3]!]: { ...first[ids[3]!], status: 'Completed', remains: '0' },
      })
    })
    expect(sent.map(({ values }) => values[0])).toEqual(['{}'])
  })

  test('a revoked key is refused, though all it asks for is remembered', async () => {
    const { key, keyId, ids } = await customer()
    const call = { key, action: 'status', orders: ids.join(',') }
    expect(Object.keys(await docket.call(call))).toHaveLength(ORDERS)
    await revokeKey(docket.db, keyId, docket.clock.now())
    expect(await docket.call(call)).toEqual({ error: 'Invalid API key' })
  })
})

describe('remembered of orders', () => {
  const row = (id: number, remains: number): OrderRow =>
    ({ id: String(id), bookId: '1', kind: 'single', status: 'In progress', kept: '0', startCount: '0', remains: String(remains) }) // prettier-ignore
  const remains = (remembered: ReturnType<typeof openRememberedOrders>, id: number) =>
    remembered.keptOf(1, [String(id)]).orders.get(String(id))?.remains

  test('an answer that was overtaken is not kept', () => {
    const remembered = openRememberedOrders()
    remembered.learn(1, null, 5n, [row(1, 50)])
    remembered.learn(1, 5n, 7n, [row(1, 30)])
    remembered.learn(1, 5n, 6n, [row(1, 40)])
    expect(remembered.keptOf(1, ['1']).since).toBe(7n)
    expect(remains(remembered, 1)).toBe('30')
  })

  test('an answer that does not tell all that was missed is not kept', () => {
    const remembered = openRememberedOrders()
    remembered.learn(1, null, 5n, [row(1, 50)])
    // Asked before there was a book: what moved of order 1 up to 8 was not asked for.
    remembered.learn(1, null, 8n, [row(2, 10)])
    expect(remembered.keptOf(1, ['1', '2'])).toEqual({ since: 5n, orders: new Map([['1', row(1, 50)]]) })
    remembered.learn(1, 6n, 9n, [row(2, 10)])
    expect(remembered.keptOf(1, ['1']).since).toBe(5n)
    remembered.learn(1, 4n, 9n, [row(1, 0), row(2, 10)])
    expect(remains(remembered, 1)).toBe('0')
  })

  test('what is remembered is bounded: who asked longest ago is forgotten first', () => {
    const remembered = openRememberedOrders()
    const rows = (bookId: number) => Array.from({ length: 30_000 }, (_, n) => row(bookId * 100_000 + n, 1))
    for (const bookId of [1, 2, 3, 4]) remembered.learn(bookId, null, 1n, rows(bookId))
    remembered.keptOf(1, ['100000'])
    remembered.learn(5, null, 1n, rows(5))
    expect([1, 2, 3, 4, 5].map((bookId) => remembered.keptOf(bookId, []).since)).toEqual([1n, null, 1n, 1n, 1n])
    remembered.learn(
      6,
      null,
      1n,
      Array.from({ length: 40_001 }, (_, n) => row(n, 1)),
    )
    expect(remembered.keptOf(6, ['1']).since).toBeNull()
  })
})
