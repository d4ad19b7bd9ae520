import { beforeAll, describe, expect, test } from 'vitest'
import { servicePrefer } from '../../server/acts/service-prefer.ts'
import { serviceBind } from '../../server/acts/service-bind.ts'
import { supplierSet } from '../../server/acts/supplier-set.ts'
import { askDueBalance } from '../../server/fulfilment/balances.ts'
import { addUpMeasures } from '../../server/fulfilment/measures.ts'
import { readBetter, readServicesThere, readSideBySide } from '../../server/fulfilment/side-by-side.ts'
import { openSupplierCalls, readSupplierHours } from '../../server/suppliers/calls.ts'
import { openPriceSources } from '../../server/suppliers/open.ts'
import { addSupplier } from '../../server/suppliers/registry.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { openFakeSupplier, type FakeSupplier } from '../support/fake-supplier.ts'
import { workOnce } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { type ToldSupplier, toldSupplier } from '../support/told-supplier.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)
const seen = async (id: number) => (await readSideBySide(docket.db, docket.clock.now(), id))[0]!

/** Orders of a service that a supplier ends, each after so many minutes. */
async function ended(
  supplier: ToldSupplier,
  service: number,
  outcomes: readonly ('Completed' | 'Partial' | 'Canceled')[],
  minutes: number,
) {
  const { key } = await docket.account()
  const orders: number[] = []
  for (const _ of outcomes) orders.push(await placed(docket, key, { service, quantity: 100 }))
  await workOnce(docket, supplier)
  docket.clock.forward({ minutes })
  outcomes.forEach((outcome, at) => supplier.tell(orders[at]!, outcome, outcome === 'Partial' ? { remains: 40 } : {}))
  await workOnce(docket, supplier)
  return orders
}

const often = <T>(times: number, value: T): T[] => Array.from({ length: times }, () => value)

describe('what came of the orders of a supplier', () => {
  test('is added up behind the commits: times, and how many ended in part or cancelled; once, however often it is added up', async () => {
    const supplier = await toldSupplier(docket)
    const service = await onSale(docket)
    await change(docket, service, { supplier: supplier.name })
    await ended(supplier, service, [...often(11, 'Completed' as const), 'Partial', 'Canceled'], 30)

    await addUpMeasures(docket.db)
    await addUpMeasures(docket.db)
    const [there] = await readServicesThere(docket.db, supplier.id, { after: 0, most: 10 })
    expect(there).toMatchObject({
      service,
      orders: 13n,
      recent: 13,
      recent_partial: 1,
      recent_canceled: 1,
      finish_median: 1800,
      finish_p95: 1800,
    })
    expect(await seen(supplier.id)).toMatchObject({ orders: 13n, partial: 1n, canceled: 1n, services: 1, first: 1 })
  })

  test('counts each order once, also if something is noted about it after its end, and leaves out what was never handed over', async () => {
    const supplier = await toldSupplier(docket)
    const service = await onSale(docket, { refill: true, cancel: true })
    await change(docket, service, { supplier: supplier.name })
    const [order] = await ended(supplier, service, ['Completed'], 5)
    await addUpMeasures(docket.db)
    await docket.db.query(
      `select add_order_event(book_id, id, null, now(), 'staff', status::text, 0, 0, 'a word') from orders where id = $1`,
      [order],
    )
    const { key } = await docket.account()
    const never = await placed(docket, key, { service, quantity: 10 })
    await docket.call({ key, action: 'cancel', orders: never })
    await addUpMeasures(docket.db)
    expect(await seen(supplier.id)).toMatchObject({ orders: 1n, canceled: 0n })
  })

  test('shows who does a service cheaper and sooner, until that one is asked first', async () => {
    const [slow, quick] = [await toldSupplier(docket), await toldSupplier(docket)]
    const service = await onSale(docket)
    await run(house(), serviceBind, { service, supplier: slow.name, cost_rate: '0.8' })
    await change(docket, service, {})
    await ended(slow, service, often(10, 'Completed' as const), 60)
    await run(house(), serviceBind, { service, supplier: quick.name, cost_rate: '0.5', position: 1 })
    await change(docket, service, {})
    await ended(quick, service, often(10, 'Completed' as const), 10)
    await run(house(), servicePrefer, { service, supplier: slow.name })
    await addUpMeasures(docket.db)

    const better = (await readBetter(docket.db, { after: 0, supplierId: null })).rows
    expect(better).toEqual([
      expect.objectContaining({
        service,
        asked_first: slow.name,
        cost: '0.8',
        better: quick.name,
        better_cost: '0.5',
        finish_median: 3600,
        better_finish_median: 600,
      }),
    ])
    await run(house(), servicePrefer, { service, supplier: quick.name })
    expect((await readBetter(docket.db, { after: 0, supplierId: null })).rows).toEqual([])
    expect((await docket.db.query('select supplier_id as id from services where id = $1', [service])).rows).toEqual([{ id: quick.id }])
  })
})

describe('a supplier that is called', () => {
  let fake: FakeSupplier
  let id: number

  beforeAll(async () => {
    fake = await openFakeSupplier()
    const secret = await openSecret({ secret: 'a secret of this test, long enough', dataDirectory: '/nowhere' })
    const row = { name: 'called', protocol: 'api-v2', url: fake.url, key: fake.key, privateNetwork: true, keepsRetryKeys: null } as const
    id = await addSupplier(docket.db, row, secret)
    return async () => {
      await prices?.close()
      await fake.close()
    }
  })
  let prices: ReturnType<typeof openPriceSources> | undefined

  test('has its calls, failures and times by the hour, and says since when it is away', async () => {
    const counted = openSupplierCalls(docket.db, docket.clock.now)
    const from = docket.clock.now()
    counted.note({ supplierId: id, ms: 100, failure: null })
    docket.clock.forward({ seconds: 10 })
    const away = docket.clock.now()
    counted.note({ supplierId: id, ms: 300, failure: 'HTTP 502: Bad Gateway' })
    counted.note({ supplierId: id, ms: 200, failure: 'HTTP 502: Bad Gateway' })
    await counted.flush()
    expect(await readSupplierHours(docket.db, id, new Date(0))).toEqual([
      { hour: expect.any(Date), calls: 3n, failures: 2n, mean: 200, slowest: 300 },
    ])
    expect(await seen(id)).toMatchObject({
      answers: false,
      since: away,
      failure: 'HTTP 502: Bad Gateway',
      calls: 3n,
      failures: 2n,
      mean: 200,
    })

    docket.clock.forward({ hours: 1 })
    counted.note({ supplierId: id, ms: 50, failure: null })
    await counted.stop()
    expect(await seen(id)).toMatchObject({ answers: true, since: docket.clock.now(), calls: 4n })
    expect(from < away).toBe(true)
  })

  test('is asked for our balance, which tells how long it lasts, and raises an alert that settles itself', async () => {
    const secret = await openSecret({ secret: 'a secret of this test, long enough', dataDirectory: '/nowhere' })
    const counted = openSupplierCalls(docket.db, docket.clock.now)
    prices = openPriceSources(secret, counted)
    const { open } = prices
    const ask = async (balance: string, hours: number) => {
      docket.clock.forward({ hours })
      fake.answer('balance', { balance, currency: 'USD' })
      expect(await askDueBalance({ db: docket.db, now: docket.clock.now, openPrices: open })).toBe(1)
    }
    const alerts = async () =>
      (
        await docket.db.query(
          `select words from alerts where kind = 'supplier balance below limit' and closed_at is null and supplier_id = $1`,
          [id],
        )
      ).rows
    await ask('100', 1)
    expect(await askDueBalance({ db: docket.db, now: docket.clock.now, openPrices: open })).toBe(0)
    await ask('90', 24)
    await ask('150', 24)
    await ask('140', 24)
    const standing = await seen(id)
    expect(standing).toMatchObject({ balance: '140', currency: 'USD' })
    // Twenty were spent in three days; what was paid in is no spending.
    expect(Number(standing.spent_a_day)).toBeCloseTo(6.6, 0)
    expect(standing.lasts_days).toBeGreaterThanOrEqual(20)
    expect(standing.lasts_days).toBeLessThanOrEqual(22)

    await run(house(), supplierSet, { name: 'called', balance_low: '145' })
    expect(await alerts()).toEqual([{ words: 'Our balance there is 140 USD, below 145 USD' }])
    await ask('500', 1)
    expect(await alerts()).toEqual([])
    await ask('90', 1)
    expect(await alerts()).toHaveLength(1)
    await run(house(), supplierSet, { name: 'called', balance_low: null })
    expect(await alerts()).toEqual([])
    await counted.stop()
    expect((await seen(id)).calls).toBeGreaterThan(0n)
  })
})
