import { beforeAll, expect, test } from 'vitest'
import { fund } from '../../server/payments/fund.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { type Parameters, openDocket } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { workOnce, workThrough } from '../support/fulfilment.ts'

const docket = openDocket()
beforeAll(() => guardFeed(docket.db))

async function subscribe(more: Parameters = {}, balance = '10') {
  const { key, account } = await docket.account({ balance })
  const service = await docket.service({ type: 'Subscriptions', rate: '10', min: 10, max: 1000, cancel: true }, { supplier: 'simulated' })
  const { order } = await docket.call({ key, action: 'add', service, username: 'maker', min: 100, max: 100, delay: 0, ...more })
  return { key, account, order: order as number }
}

function post(order: number, ...names: string[]) {
  const links = names.map((name) => `https://example.com/maker/${name}`)
  return feedPosts(docket.db, BigInt(order), links, docket.clock.now())
}

test('nothing is charged until a post makes a child order', async () => {
  const { key, order } = await subscribe()
  await workOnce(docket)
  expect(await docket.balance(key)).toBe('10.00000')
  await post(order, 'one')
  await workOnce(docket)
  expect(await docket.balance(key)).toBe('9.00000')
  const status = await docket.call({ key, action: 'status', order })
  expect(status).toMatchObject({ status: 'Active', posts: '1', orders: [expect.any(Number)] })
  await workThrough(docket, 5)
  expect(await docket.call({ key, action: 'status', order: status.orders[0] })).toMatchObject({ status: 'Completed', charge: '1.00000' })
})

test('the same post twice is one order', async () => {
  const { key, order } = await subscribe()
  expect(await post(order, 'one', 'one', 'two')).toEqual({ taken: 2, passedOver: 1 })
  expect(await post(order, 'two')).toEqual({ taken: 0, passedOver: 1 })
  for (let turn = 0; turn < 3; turn += 1) await workOnce(docket)
  expect(await docket.balance(key)).toBe('8.00000')
})

test('a post is served after the delay and not before', async () => {
  const { key, order } = await subscribe({ delay: 30 })
  await post(order, 'one')
  docket.clock.forward({ minutes: 29 })
  await workOnce(docket)
  expect(await docket.balance(key)).toBe('10.00000')
  docket.clock.forward({ minutes: 1 })
  await workOnce(docket)
  expect(await docket.balance(key)).toBe('9.00000')
})

test('a subscription ends when its posts are served', async () => {
  const { key, order } = await subscribe({ posts: 2 })
  expect(await post(order, 'one', 'two', 'three')).toEqual({ taken: 2, passedOver: 1 })
  for (let turn = 0; turn < 4; turn += 1) await workOnce(docket)
  const status = await docket.call({ key, action: 'status', order })
  expect(status).toMatchObject({ status: 'Completed', posts: '2' })
  expect(status.orders).toHaveLength(2)
  await expect(post(order, 'four')).rejects.toThrow(/Completed and takes no more posts/)
})

test('a short balance pauses it and money resumes it', async () => {
  const { key, account, order } = await subscribe({}, '1.5')
  await post(order, 'one', 'two')
  for (let turn = 0; turn < 3; turn += 1) await workOnce(docket)
  expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Paused' })
  expect(await docket.balance(key)).toBe('0.50000')
  await workOnce(docket)
  expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Paused' })

  await fund(docket.db, account, { amount: parseUnits('5'), note: 'more', reference: null }, docket.clock.now())
  for (let turn = 0; turn < 2; turn += 1) await workOnce(docket)
  expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Active' })
  expect(await docket.balance(key)).toBe('4.50000')
})

test('it expires after its last day', async () => {
  const { key, order } = await subscribe({ expiry: '02/03/2026' })
  expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Active', expiry: '02/03/2026' })
  docket.clock.forward({ days: 2 })
  await workOnce(docket)
  expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Expired' })
})

test('a cancelled subscription makes no further order', async () => {
  const { key, order } = await subscribe()
  await post(order, 'one')
  await workOnce(docket)
  expect(await docket.call({ key, action: 'cancel', order })).toEqual([{ order, cancel: 1 }])
  expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Canceled' })
  await expect(post(order, 'two')).rejects.toThrow(/Canceled/)
  await workOnce(docket)
  expect(await docket.balance(key)).toBe('9.00000')
})
