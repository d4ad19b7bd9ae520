import { expect, test, vi } from 'vitest'
import { readCatalogue } from '../../server/catalog/catalogue.ts'
import { addKey } from '../../server/customers/keys.ts'
import { measureTimes } from '../../server/fulfilment/times.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const docket = openDocket()

/** Orders that each start after so many minutes and finish as many after that. */
async function live(key: string, service: number, ...minutes: number[]) {
  for (const wait of minutes) {
    const order = await placed(docket, key, { service, quantity: 10 })
    docket.clock.forward({ minutes: wait })
    await tell(docket, order, 'In progress', { startCount: 5 })
    docket.clock.forward({ minutes: wait })
    await tell(docket, order, 'Completed')
  }
}

async function measureAll() {
  while ((await measureTimes(docket.db, docket.clock.now)) > 0);
}

const shown = async (key: string, service: number) => {
  const list: any[] = await docket.call({ key, action: 'services', extended: 1 })
  const { start_time, finish_time } = list.find((each) => each.service === service)
  return { start_time, finish_time }
}

const ONE_TO_TWENTY = Array.from({ length: 20 }, (_, index) => index + 1)
const TIMES = { start_time: { median: 600, p95: 1140 }, finish_time: { median: 1200, p95: 2280 } }

test('real times are the median and the 95th percentile of what orders took', async () => {
  const { key } = await docket.account()
  const service = await onSale(docket)
  await live(key, service, ...ONE_TO_TWENTY)
  const { version } = await readCatalogue(docket.db)
  await measureAll()
  // The node hears of it a moment later; no price was turned for it.
  await vi.waitFor(async () => expect(await shown(key, service)).toEqual(TIMES), { timeout: 300_000, interval: 5 })
  expect((await readCatalogue(docket.db)).version).toBe(version)
})

test('too few orders say nothing', async () => {
  const { key } = await docket.account()
  const service = await onSale(docket)
  await live(key, service, ...ONE_TO_TWENTY.slice(0, 9))
  await measureAll()
  expect((await readCatalogue(docket.db)).services.get(service)).toMatchObject({ startTime: null, finishTime: null })
  await live(key, service, 10)
  await measureAll()
  expect((await readCatalogue(docket.db)).services.get(service)).toMatchObject({ startTime: { median: 300, p95: 600 } })
})

test('the newest hundred count, of the last thirty days', async () => {
  const { key } = await docket.account({ balance: '1000' })
  const service = await onSale(docket)
  await live(key, service, ...Array.from({ length: 30 }, () => 60))
  await live(key, service, ...Array.from({ length: 100 }, () => 1))
  await measureAll()
  expect((await readCatalogue(docket.db)).services.get(service)).toMatchObject({ startTime: { median: 60, p95: 60 } })
  docket.clock.forward({ days: 29 })
  await measureAll()
  expect((await readCatalogue(docket.db)).services.get(service)).toMatchObject({ startTime: { median: 60, p95: 60 } })
  docket.clock.forward({ days: 1 })
  await measureAll()
  expect((await readCatalogue(docket.db)).services.get(service)).toMatchObject({ startTime: null, finishTime: null })
})

test('what was cancelled, and what was play, took no time', async () => {
  const { key, account } = await docket.account()
  const { key: testKey } = await addKey(docket.db, account, { test: true, label: 'sandbox' }, docket.clock.now())
  const service = await onSale(docket)
  await live(testKey, service, ...ONE_TO_TWENTY)
  for (const wait of ONE_TO_TWENTY) {
    const order = await placed(docket, key, { service, quantity: 10 })
    docket.clock.forward({ minutes: wait })
    await tell(docket, order, 'Canceled')
  }
  await measureAll()
  expect((await readCatalogue(docket.db)).services.get(service)).toMatchObject({ startTime: null })
  await live(key, service, ...ONE_TO_TWENTY)
  await measureAll()
  expect((await readCatalogue(docket.db)).services.get(service)).toMatchObject({ startTime: TIMES.start_time })
})

test('a service without news is not measured again for a day', async () => {
  const { key } = await docket.account()
  const service = await onSale(docket)
  await live(key, service, ...ONE_TO_TWENTY)
  await measureAll()
  const measuredAt = async () =>
    (await docket.db.query('select measured_at from service_times where service_id = $1', [service])).rows[0].measured_at
  const first = await measuredAt()
  docket.clock.forward({ hours: 23 })
  await measureAll()
  expect(await measuredAt()).toEqual(first)
  docket.clock.forward({ hours: 1 })
  await measureAll()
  expect(await measuredAt()).toEqual(docket.clock.now())
})

test('two nodes at once measure once', async () => {
  const { key } = await docket.account()
  const service = await onSale(docket)
  await live(key, service, ...ONE_TO_TWENTY)
  const holder = await docket.db.connect()
  try {
    await holder.query('begin; select pg_advisory_xact_lock(7305)')
    expect(await measureTimes(docket.db, docket.clock.now)).toBe(0)
  } finally {
    await holder.query('rollback')
    holder.release()
  }
  expect(await measureTimes(docket.db, docket.clock.now)).toBeGreaterThan(0)
})

test('when an order began is the first sign of work, and it is noted once', async () => {
  const { key } = await docket.account()
  const service = await onSale(docket, { rate: '1' })
  const began = async (order: number) => (await docket.call({ key, action: 'status', order, extended: 1 })).started
  for (const [status, counts] of [
    ['In progress', {}],
    ['Processing', { startCount: 5 }],
    ['Pending', { remains: 9 }],
    ['Completed', { remains: 0 }],
    ['Partial', { remains: 4 }],
  ] as const) {
    const order = await placed(docket, key, { service, quantity: 10 })
    await tell(docket, order, 'Processing')
    expect(await began(order)).toBeNull()
    docket.clock.forward({ minutes: 1 })
    await tell(docket, order, status, counts)
    const at = docket.clock.now().toISOString()
    expect(await began(order)).toBe(at)
    docket.clock.forward({ minutes: 1 })
    await tell(docket, order, 'Completed', { startCount: 6 })
    expect(await began(order)).toBe(at)
  }
  const nothing = await placed(docket, key, { service, quantity: 10 })
  await tell(docket, nothing, 'Canceled')
  expect(await began(nothing)).toBeNull()
})
