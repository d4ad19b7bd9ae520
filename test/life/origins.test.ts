import { beforeAll, describe, expect, test } from 'vitest'
import { startDueRuns } from '../../server/orders/drip-feeds.ts'
import { readDueOrders } from '../../server/orders/hand-over.ts'
import { listOrders } from '../../server/orders/list.ts'
import { convertOrigins } from '../../server/orders/origins.ts'
import { settle } from '../../server/orders/settle.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { finalStatuses, openStatuses } from '../../contract/statuses.ts'
import { openDocket } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { workOnce } from '../support/fulfilment.ts'

const docket = openDocket()
beforeAll(() => guardFeed(docket.db))

interface Fact {
  readonly id: bigint
  readonly parent: bigint | null
  readonly origin: string | null
}

const facts = async (): Promise<Fact[]> =>
  (await docket.db.query<Fact>('select id, parent_id as parent, origin from orders order by id')).rows

/** A plain order, a drip-feed with two runs and a subscription with the order of a post, of one book. */
async function placeOneOfEach() {
  const { key } = await docket.account()
  const plain = await docket.service({ rate: '1' }, { supplier: 'simulated' })
  const dripping = await docket.service({ rate: '1', dripfeed: true }, { supplier: 'simulated' })
  const watching = await docket.service({ type: 'Subscriptions', rate: '1', min: 10, max: 1000 }, { supplier: 'simulated' })
  const add = async (parameters: Record<string, string | number>) =>
    BigInt((await docket.call({ key, action: 'add', link: 'https://example.com/p', ...parameters })).order)
  const order = await add({ service: plain, quantity: 100 })
  const dripFeed = await add({ service: dripping, quantity: 100, runs: 3, interval: 5 })
  const subscription = await add({ service: watching, username: 'maker', min: 100, max: 100, delay: 0 })
  await startDueRuns(docket.db, docket.clock.now())
  await feedPosts(docket.db, subscription, ['https://example.com/maker/one'], docket.clock.now())
  await workOnce(docket)
  docket.clock.forward({ minutes: 5 })
  await startDueRuns(docket.db, docket.clock.now())
  const { rows } = await docket.db.query<{ book: number }>('select book_id as book from orders where id = $1', [order])
  return { key, book: rows[0]!.book, order, dripFeed, subscription }
}

test('an order says itself that it is a run of a drip-feed or was made for a post', async () => {
  const before = (await facts()).length
  const { dripFeed, subscription } = await placeOneOfEach()
  const placed = (await facts()).slice(before).map(({ parent, origin }) => ({ parent, origin }))
  expect(placed.filter(({ origin }) => origin === null)).toHaveLength(3)
  const run = { parent: dripFeed, origin: 'run' }
  expect(placed.filter(({ origin }) => origin === 'run')).toEqual([run, run])
  expect(placed.filter(({ origin }) => origin === 'post')).toEqual([{ parent: subscription, origin: 'post' }])
})

test('an origin without a parent is refused, and so is a parent without an origin', async () => {
  const { order } = await placeOneOfEach()
  for (const change of [`origin = 'run'`, 'parent_id = 1', `origin = 'elsewhere', parent_id = 1`]) {
    await expect(docket.db.query(`update orders set ${change} where id = $1`, [order])).rejects.toMatchObject({
      constraint: 'origin_and_parent_go_together',
    })
  }
})

describe('orders from before there was an origin', () => {
  /** All orders as an older version left them: it wrote neither column, and a text that still says of a run whose it is. */
  async function agedHouse() {
    const house = await placeOneOfEach()
    await convertAnew()
    while (await convertOrigins(docket.db, docket.clock.now()));
    const known = await facts()
    await docket.db.query('update orders set origin = null, parent_id = null')
    await convertAnew()
    const seen = async () => {
      const filter = { statuses: [...openStatuses, ...finalStatuses], serviceIds: [], from: null, to: null, find: '' }
      const list = async (withRuns: boolean) =>
        (await listOrders(docket.db, house.book, { ...filter, withRuns }, { before: null, most: 100 })).map(({ id }) => id)
      const due = await readDueOrders(
        docket.db,
        known.map(({ id }) => id),
        1,
      )
      const { orders } = await docket.call({ key: house.key, action: 'status', order: Number(house.dripFeed) })
      const { explain } = await docket.call({ key: house.key, action: 'status', order: orders[0], explain: 1 })
      return {
        without: await list(false),
        with: await list(true),
        runs: due.filter(({ isRun }) => isRun).map(({ orderId }) => orderId),
        explain,
      }
    }
    return { ...house, known, seen }
  }

  async function convertAnew() {
    await docket.db.query(`update conversions set after = 0, done_at = null where name = 'origins of orders'`)
  }

  test('are answered the same before, while and after they are converted, batch by batch', async () => {
    const { known, seen, order, dripFeed } = await agedHouse()
    const before = await seen()
    expect(before.without).toEqual(expect.arrayContaining([order, dripFeed]))
    expect(before.with.length).toBe(before.without.length + 2)
    expect(before.explain.charge).toMatchObject({ by: 'parent', order: Number(dripFeed) })
    let turns = 0
    do {
      turns += 1
      expect(await seen()).toEqual(before)
    } while (await convertOrigins(docket.db, docket.clock.now(), 1))
    expect(turns).toBeGreaterThan(known.filter(({ origin }) => origin !== null).length)
    expect(await facts()).toEqual(known)
    expect(await seen()).toEqual(before)
    expect(await convertOrigins(docket.db, docket.clock.now())).toBe(false)
  })

  test('move their drip-feed as ever', async () => {
    const { known, dripFeed } = await agedHouse()
    const stale = async () =>
      (await docket.db.query('select stale from drip_feeds where order_id = $1', [dripFeed])).rows[0].stale as boolean
    const run = known.find(({ origin, parent }) => origin === 'run' && parent === dripFeed)!
    await docket.db.query('update drip_feeds set stale = false where order_id = $1', [dripFeed])
    const news = { orderId: run.id, status: 'In progress', startCount: null, remains: 50n, words: null } as const
    await settle(docket.db, [news], 'test', docket.clock.now())
    expect(await stale()).toBe(true)
  })

  test('are converted by one node at a time, and the others wait for nothing', async () => {
    await agedHouse()
    const client = await docket.db.connect()
    try {
      await client.query('begin')
      await client.query(`select from conversions where name = 'origins of orders' for update`)
      expect(await convertOrigins(docket.db, docket.clock.now(), 1)).toBe(false)
      await client.query('rollback')
    } finally {
      client.release()
    }
    expect(await convertOrigins(docket.db, docket.clock.now(), 1)).toBe(true)
  })
})

test('a node of the version before tells the subscription by the retry key alone, and the order knows it as well', async () => {
  const { order, subscription } = await placeOneOfEach()
  await docket.db.query(
    `insert into subscription_posts (subscription_id, post, number, quantity, due_at, supplier_id, reference) values ($1, 'their 77', 9, 10, now(), 1, '77')`,
    [subscription],
  )
  const { rows } = await docket.db.query<{ outcomes: number[]; id: bigint }>(
    `select p.outcomes, fresh.id from orders o, reserve_order_ids(1, 0) as fresh(id), place_orders(p_version => (select version from catalogue), p_now => now(), p_again => false,
       p_ids => array[fresh.id], p_books => array[o.book_id], p_keys => array[0], p_services => array[o.service_id], p_suppliers => array[1],
       p_quantities => array[10::bigint], p_charges => array[1::bigint], p_rates => array['0.001'], p_links => array['p'], p_rate_sources => null, p_kinds => null,
       p_parameters => null, p_retry_keys => array[E'\\x01post:' || $2 || ':9'], p_fingerprints => array['their 77'], p_windows => array[0], p_one_active_link => null) p
     where o.id = $1`,
    [order, String(subscription)],
  )
  const { outcomes, id } = rows[0]!
  expect(outcomes).toEqual([1])
  expect((await facts()).find((one) => one.id === id)).toEqual({ id, parent: subscription, origin: 'post' })
  const handed = await docket.db.query('select reference, state from hand_offs where order_id = $1', [id])
  expect(handed.rows).toEqual([{ reference: '77', state: 'sent' }])
})
