import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { CONFIRM } from '../../server/db/confirming.ts'
import { openPipeline, type Pipeline } from '../../server/db/pipeline.ts'
import { openAsking } from '../../server/orders/ask-until-known.ts'
import { openOrderIds } from '../../server/orders/order-ids.ts'
import type { Item } from '../../server/orders/order-queues.ts'
import type { PricedOrder } from '../../server/orders/priced-order.ts'
import { openDocket } from '../support/docket.ts'

const docket = openDocket()
let pipeline: Pipeline

beforeAll(() => {
  pipeline = openPipeline(docket.db)
})
afterAll(() => pipeline.end())

const repeated = { key: 'k1', fingerprint: 'the same', windowSeconds: 0 }

const gone = () => Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })

/** Fails the first statements of that name as a server does that has just gone: nothing was sent to it. `done`: it was sent and done all the same. */
function goneAt(name: string, { times, done = false }: { times: number; done?: boolean }): Pipeline {
  let left = times
  const query: Pipeline['query'] = async (statement) => {
    if (statement.name !== name || left === 0) return pipeline.query<never>(statement)
    left -= 1
    if (done) await pipeline.query(statement)
    throw gone()
  }
  return { ...pipeline, query }
}

/** The items of a batch that has its ids, as a node makes them. */
async function batchOf(orders: readonly PricedOrder[]): Promise<Item[]> {
  const ids = await openOrderIds(pipeline).take(orders.length)
  return orders.map((order, index) => ({
    queue: { waiting: [], inFlight: true },
    price: () => order,
    resolve: () => {},
    reject: () => {},
    arrivedAt: performance.now(),
    order,
    id: ids[index]!,
  }))
}

async function orderOf(link: string, retry: PricedOrder['retry'] = null): Promise<PricedOrder> {
  const { account, key } = await docket.account()
  const { rows } = await docket.db.query<{ id: number; key: number }>(
    'select b.id, k.id as key from books b join api_keys k on k.account_id = b.account_id where b.account_id = $1',
    [account],
  )
  expect(key).toBeTruthy()
  return {
    bookId: rows[0]!.id,
    keyId: rows[0]!.key,
    serviceId: await docket.service(),
    supplierId: null,
    kind: 'single',
    quantity: 100n,
    charge: 10_000n,
    rate: '1',
    rateSource: null,
    link,
    parameters: null,
    activeLink: null,
    capped: false,
    retry,
    post: null,
  }
}

const stored = async (books: readonly number[]) =>
  (await docket.db.query<{ id: bigint }>('select id from orders where book_id = any($1) order by id', [books])).rows.map(({ id }) => id)

describe('a batch in which one order was placed before, when the server goes after it has placed the others', () => {
  test('charges the others once: a confirmation that was not even sent leaves no doubt that they were placed', async () => {
    const orders = [await orderOf('https://example.com/1', repeated), await orderOf('https://example.com/2')]
    const { version } = (await openCatalogue(docket.db)).current()
    const first = await batchOf([orders[0]!])
    await openAsking(pipeline, docket.clock.now).placeExamined(first, version)

    const batch = await batchOf(orders)
    const answer = await openAsking(goneAt(CONFIRM.name, { times: 2 }), docket.clock.now).placeExamined(batch, version)

    expect(answer).toEqual({ outcomes: ['placed_before', 'placed'], existing: [first[0]!.id, null] })
    expect(await stored(orders.map(({ bookId }) => bookId))).toEqual([first[0]!.id, batch[1]!.id])
  })
})

describe('a batch that meets its own ids', () => {
  test.each(['placePlain', 'placeExamined'] as const)('is known as what was placed before: %s', async (place) => {
    const orders = [await orderOf('https://example.com/3'), await orderOf('https://example.com/4')]
    const { version } = (await openCatalogue(docket.db)).current()
    const batch = await batchOf(orders)
    const name = place === 'placePlain' ? 'place plain orders' : 'place orders'

    const answer = await openAsking(goneAt(name, { times: 1, done: true }), docket.clock.now)[place](batch, version)

    expect(answer).toMatchObject({ outcomes: ['placed', 'placed'] })
    expect(await stored(orders.map(({ bookId }) => bookId))).toEqual(batch.map(({ id }) => id))
  })
})
