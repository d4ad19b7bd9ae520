import { beforeAll, expect, test } from 'vitest'
import { openDocket } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { workOnce, workThrough } from '../support/fulfilment.ts'

const docket = openDocket()
beforeAll(() => guardFeed(docket.db))
const simulated = { supplier: 'simulated', dripfeed: true, cancel: true } as const

async function placeDripFeed(link = 'https://example.com/p/1') {
  const { key } = await docket.account({ balance: '10' })
  const service = await docket.service({ rate: '1', min: 50, max: 1000, dripfeed: true, cancel: true }, simulated)
  const { order } = await docket.call({ key, action: 'add', service, link, quantity: 100, runs: 3, interval: 10 })
  return { key, order: order as number }
}

test('M5 a drip-feed hands on exactly the runs that were paid', async () => {
  const { key, order } = await placeDripFeed()
  expect(await docket.balance(key)).toBe('9.70000')

  await workOnce(docket)
  const first = await docket.call({ key, action: 'status', order })
  expect(first).toMatchObject({ charge: '0.30000', status: 'In progress', remains: '300', runs: '0' })
  expect(first.orders).toHaveLength(1)

  await workThrough(docket, 40)
  const done = await docket.call({ key, action: 'status', order })
  expect(done).toMatchObject({ charge: '0.30000', status: 'Completed', remains: '0' })
  expect(done.orders).toHaveLength(3)
  expect(await docket.balance(key)).toBe('9.70000')
  const { rows } = await docket.db.query('select sum(quantity)::int as handed from simulated_orders')
  expect(rows[0].handed).toBe(300)
})

test('a drip-feed starts each run on its minute', async () => {
  const { key, order } = await placeDripFeed()
  const runs = async () => (await docket.call({ key, action: 'status', order })).orders.length
  await workOnce(docket)
  expect(await runs()).toBe(1)
  docket.clock.forward({ minutes: 9, seconds: 59 })
  await workOnce(docket)
  expect(await runs()).toBe(1)
  docket.clock.forward({ seconds: 1 })
  await workOnce(docket)
  expect(await runs()).toBe(2)
})

test('late runs are caught up without bunching', async () => {
  const { key, order } = await placeDripFeed()
  const runs = async () => (await docket.call({ key, action: 'status', order })).orders.length
  await workOnce(docket)
  docket.clock.forward({ hours: 2 })
  await workOnce(docket)
  await workOnce(docket)
  expect(await runs()).toBe(2)
  docket.clock.forward({ minutes: 5 })
  await workOnce(docket)
  expect(await runs()).toBe(3)
})

test('a cancelled drip-feed starts no further run and refunds them', async () => {
  const { key, order } = await placeDripFeed()
  await workOnce(docket)
  await workThrough(docket, 6)
  expect(await docket.call({ key, action: 'cancel', order })).toEqual([{ order, cancel: 1 }])
  await workThrough(docket, 30)
  const status = await docket.call({ key, action: 'status', order })
  // One of three is done: by `runs` a buyer refunds the other two.
  expect(status).toMatchObject({ charge: '0.10000', status: 'Partial', remains: '200', runs: '1' })
  expect(await docket.call({ key, action: 'status', order, extended: 1 })).toMatchObject({ runs: '1', runs_ordered: '3' })
  expect(status.orders).toHaveLength(1)
  expect(await docket.balance(key)).toBe('9.90000')
})

test('a drip-feed cancelled before its first run is refunded at once', async () => {
  const { key, order } = await placeDripFeed()
  expect(await docket.call({ key, action: 'cancel', order })).toEqual([{ order, cancel: 1 }])
  expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Canceled', charge: '0.00000' })
  await workThrough(docket, 15)
  expect((await docket.call({ key, action: 'status', order })).orders).toEqual([])
  expect(await docket.balance(key)).toBe('10.00000')
})

test('M9 runs that end partial refund their share once, at the end', async () => {
  const { key, order } = await placeDripFeed('https://example.com/p/1#partial')
  await workOnce(docket)
  await workThrough(docket, 40)
  const status = await docket.call({ key, action: 'status', order })
  // Each run of 100 delivers 66 of them.
  expect(status).toMatchObject({ status: 'Partial', remains: '102', charge: '0.19800' })
  expect(await docket.balance(key)).toBe('9.80200')
})

test('H4 two nodes at once start each run once', async () => {
  const { key, order } = await placeDripFeed()
  await Promise.all([workOnce(docket), workOnce(docket), workOnce(docket)])
  expect((await docket.call({ key, action: 'status', order })).orders).toHaveLength(1)
})
