import pino from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { addUpMeasures, forgetOldMeasures } from '../../server/fulfilment/measures.ts'
import { openSecret } from '../../server/secret.ts'
import { startNode } from '../../server/main.ts'
import { openApiFigures } from '../../server/status/api-figures.ts'
import { listIncidents } from '../../server/status/incidents.ts'
import { judgeFigures } from '../../server/status/judge.ts'
import { latencyAt, orderTimeAt } from '../../server/status/latency.ts'
import { readStanding } from '../../server/status/standing.ts'
import { openSupplierCalls } from '../../server/suppliers/calls.ts'
import { addSupplier } from '../../server/suppliers/registry.ts'
import { openDocket, send, testConfig } from '../support/docket.ts'
import { workOnce } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { effortOf, statementsOf } from '../support/statements.ts'
import { toldSupplier } from '../support/told-supplier.ts'

const docket = openDocket()
const now = () => docket.clock.now()
const standing = () => readStanding(docket.db, now())
const judge = () => judgeFigures(docket.db, now())
const found = async () =>
  (await listIncidents(docket.db, { before: null, most: 20 })).map(({ cause, began, settled, worst }) => ({
    cause,
    minutes: settled === null ? null : Math.round((settled.getTime() - began.getTime()) / 60_000),
    worst,
  }))

/** Each story begins with a house that was never open. */
afterEach(async () => {
  for (const table of ['incident_texts', 'incidents', 'api_minutes', 'api_hours']) await docket.db.query(`delete from ${table}`)
})

/** Another node, which is gone when its test is: nobody waits until it hears of services. */
const nodeBeside = () => startNode(testConfig(docket.databaseUrl), pino({ level: 'silent' }), docket.clock.now)

/** Calls of the API through a node that begins now, which writes what it counted when it stops. */
async function calls(key: string, { answered = 0, failed = 0 }): Promise<void> {
  const node = await nodeBeside()
  const call = () => send(node.url!, { key, action: 'balance' })
  for (let n = 0; n < answered; n += 1) expect((await call()).status).toBe(200)
  if (failed > 0) {
    // The database answers, and not with what was asked for.
    await docket.db.query('alter table books rename to books_away')
    for (let n = 0; n < failed; n += 1) expect((await call()).status).toBe(500)
    await docket.db.query('alter table books_away rename to books')
  }
  await node.stop()
}

describe('the figures of the API', () => {
  test('are real calls, of all nodes together: how many failed, and within which time they were answered', async () => {
    const { key } = await docket.account()
    await calls(key, { answered: 6 })
    await calls(key, { answered: 1, failed: 3 })
    // A no for a reason of the caller is an answer.
    await calls('a key that is none', { answered: 5 })
    docket.clock.forward({ minutes: 5 })

    const { api, state } = await standing()
    const today = api.days.at(-1)!
    expect(today.failed).toBeCloseTo(3 / 15)
    expect(today.median).toBeGreaterThan(0)
    expect(today.p95).toBeGreaterThanOrEqual(today.median!)
    expect([api.state, state]).toEqual(['disturbed', 'disturbed'])
    docket.clock.forward({ minutes: 20 })
    expect((await standing()).api.state).toBe('up')
  })

  test('tell the truth of a time in which no node was running: no figures, and not available', async () => {
    const { key } = await docket.account()
    await calls(key, { answered: 1 })
    docket.clock.forward({ hours: 3 })
    await calls(key, { answered: 1 })
    docket.clock.forward({ minutes: 2 })

    const { api } = await standing()
    const lately = api.hours.slice(-4)
    expect(lately.map(({ available }) => available)).toEqual([expect.any(Number), null, null, null])
    expect(lately.map(({ silentMinutes }) => silentMinutes > 0)).toEqual([true, true, true, true])
    expect(api.available).toBeLessThan(0.05)
    await judge()
    expect(await found()).toEqual([{ cause: 'silence', minutes: 179, worst: null }])
    await judge()
    expect(await found()).toHaveLength(1)
    // Before the first minute there was nothing to answer.
    expect(api.hours[0]).toMatchObject({ available: null, silentMinutes: 0 })
    expect(api.days[0]).toMatchObject({ available: null, silentMinutes: 0 })
  })

  test('of a node that nobody calls say that it is running, minute by minute, in one statement', async () => {
    const figures = openApiFigures(docket.db, now)
    await figures.flush()
    for (let minute = 0; minute < 90; minute += 1) {
      docket.clock.forward({ minutes: 1 })
      await figures.flush()
    }
    docket.clock.forward({ seconds: 150 })
    await figures.flush()
    const { api } = await standing()
    expect(api.available).toBe(1)
    expect(api.days.at(-1)).toMatchObject({ available: 1, silentMinutes: 0, failed: null, median: null })
    await judge()
    expect(await found()).toEqual([])
    await figures.stop()
  })

  test('wait while they cannot be written, and are told of the minutes in which they were counted', async () => {
    const figures = openApiFigures(docket.db, now)
    await figures.flush()
    await docket.db.query('alter table api_minutes rename to api_minutes_away')
    figures.count('fault', 0.2)
    await expect(figures.flush()).rejects.toThrow('api_minutes')
    docket.clock.forward({ minutes: 1 })
    figures.count('unavailable', 5)
    figures.count('ok', 0.002)
    await expect(figures.flush()).rejects.toThrow('api_minutes')
    await docket.db.query('alter table api_minutes_away rename to api_minutes')
    docket.clock.forward({ minutes: 1 })
    await figures.stop()

    const { rows } = await docket.db.query('select calls, failed from api_minutes order by minute')
    expect(rows.map(({ calls: all }) => all)).toEqual([1n, 2n, 0n])
  })

  test('are kept for 90 days', async () => {
    const figures = openApiFigures(docket.db, now)
    await figures.flush()
    docket.clock.forward({ days: 91 })
    await figures.stop()
    await judge()
    expect((await docket.db.query('select from api_hours')).rowCount).toBe(1)
    expect((await docket.db.query('select from api_minutes')).rowCount).toBe(1)
    // What nobody wrote is known until the end.
    expect(await found()).toEqual([{ cause: 'silence', minutes: 91 * 1440 - 1, worst: null }])
  })
})

describe('the figures tell of incidents', () => {
  test('calls that fail for some minutes open one, and it settles with the last of them', async () => {
    const figures = openApiFigures(docket.db, now)
    const minute = async (answered: number, failed: number) => {
      for (let n = 0; n < answered; n += 1) figures.count('ok', 0.01)
      for (let n = 0; n < failed; n += 1) figures.count('fault', 0.01)
      docket.clock.forward({ minutes: 1 })
      await figures.flush()
      await judge()
    }
    await minute(20, 0)
    await minute(20, 1)
    await minute(0, 0)
    expect(await found()).toEqual([])
    for (let n = 0; n < 6; n += 1) await minute(15, 5)
    expect(await found()).toEqual([{ cause: 'errors', minutes: null, worst: 0.25 }])
    expect((await standing()).state).toBe('disturbed')
    for (let n = 0; n < 10; n += 1) await minute(20, 0)
    const [settled] = await found()
    expect(settled).toMatchObject({ cause: 'errors', worst: 0.25 })
    expect(settled!.minutes).toBeGreaterThanOrEqual(6)
    expect(settled!.minutes).toBeLessThanOrEqual(8)
    await figures.stop()
  })

  test('a silence that lasts opens one, and it settles when a node is running again', async () => {
    const figures = openApiFigures(docket.db, now)
    await figures.flush()
    docket.clock.forward({ minutes: 20 })
    await judge()
    expect(await found()).toEqual([{ cause: 'silence', minutes: null, worst: null }])
    await figures.stop()
    await judge()
    expect(await found()).toEqual([{ cause: 'silence', minutes: 19, worst: null }])
  })

  test('a supplier that does not answer for half an hour opens one, whoever it is', async () => {
    const secret = await openSecret({ secret: 'a secret of at least thirty-two characters', dataDirectory: '' })
    const supplier = {
      protocol: 'api-v2',
      url: 'https://secret.example/api/v2',
      key: 'x',
      privateNetwork: false,
      keepsRetryKeys: null,
    } as const
    const ids = [
      await addSupplier(docket.db, { ...supplier, name: 'one' }, secret),
      await addSupplier(docket.db, { ...supplier, name: 'two' }, secret),
    ]
    const noted = openSupplierCalls(docket.db, now)
    const call = async (failures: readonly (string | null)[]) => {
      ids.forEach((supplierId, at) => noted.note({ supplierId, ms: 20, failure: failures[at]! }))
      await noted.flush()
      await judge()
    }
    await call([null, null])
    expect((await standing()).suppliers).toMatchObject({ state: 'up', answering: 2, all: 2 })
    await call(['timeout', null])
    docket.clock.forward({ minutes: 31 })
    await call(['timeout', null])
    expect((await standing()).suppliers).toMatchObject({ state: 'disturbed', answering: 1, all: 2, named: [] })
    expect(await found()).toEqual([{ cause: 'suppliers', minutes: null, worst: 1 }])
    await call([null, null])
    expect((await found())[0]!.minutes).not.toBe(null)
    const days = (await standing()).suppliers.days
    expect(days.at(-1)!.answered).toBeCloseTo(6 / 8)
    await noted.stop()
  })
})

describe('how long orders take', () => {
  test('is told by category, of the last day beside thirty, and only of ten orders or more', async () => {
    const supplier = await toldSupplier(docket)
    const { key } = await docket.account()
    const ended = async (service: number, count: number, minutes: number) => {
      await change(docket, service, { supplier: supplier.name })
      const orders: number[] = []
      for (let n = 0; n < count; n += 1) orders.push(await placed(docket, key, { service, quantity: 10 }))
      await workOnce(docket, supplier)
      docket.clock.forward({ minutes })
      for (const order of orders) supplier.tell(order, 'Completed')
      await workOnce(docket, supplier)
      await addUpMeasures(docket.db)
    }
    const words = await onSale(docket, { category: 'Words' })
    await ended(words, 12, 30)
    await ended(await onSale(docket, { category: 'Sound' }), 3, 5)
    const { orders } = await standing()
    expect(orders.map(({ category }) => category)).toEqual([null, 'Words'])
    const finish = orders[1]!.finish
    for (const seconds of [finish.day!.median, finish.month!.p95]) {
      expect(seconds).toBeGreaterThan(1800 / 1.5)
      expect(seconds).toBeLessThan(1800 * 1.5)
    }
    docket.clock.forward({ days: 2 })
    const later = (await standing()).orders.find(({ category }) => category === 'Words')!
    expect(later.finish.day).toBe(null)
    expect(later.finish.month).toEqual(finish.month)
    docket.clock.forward({ days: 40 })
    await forgetOldMeasures(docket.db, now())
    expect((await docket.db.query('select from order_time_days')).rowCount).toBe(0)
  })

  test('is estimated within its bucket', () => {
    expect(orderTimeAt(new Map(), 0.5)).toBe(null)
    expect(orderTimeAt(new Map([[20, 10]]), 0.5)).toBeGreaterThan(2 ** 9.5)
    expect(orderTimeAt(new Map([[20, 10]]), 0.95)).toBeLessThanOrEqual(2 ** 10)
    expect(latencyAt([0, 0, 0, 90, 0, 0, 10], 0.5)).toBeLessThanOrEqual(10)
    expect(latencyAt([0, 0, 0, 90, 0, 0, 10], 0.95)).toBeGreaterThan(50)
  })
})

test('a house of 90 days is read from indexes, and adding a call to a full hour costs a look at it', async () => {
  await docket.db.query(`
    insert into api_hours select h, (1::bigint << 60) - 1, 1000, 1, array_fill(10::bigint, array[14])
    from generate_series(date_trunc('hour', $1::timestamptz) - interval '2 years', date_trunc('hour', $1::timestamptz), interval '1 hour') h on conflict do nothing`, [now()]) // prettier-ignore
  await docket.db.query(`
    insert into order_time_hours select h, c::text, m, b, 5 from generate_series($1::timestamptz - interval '20 days', $1::timestamptz, interval '1 hour') h,
      generate_series(1, 5) c, unnest(array['start', 'finish']) m, generate_series(10, 14) b`, [now()]) // prettier-ignore
  await docket.db.query(`
    insert into order_time_days select d::date, c::text, m, b, 5 from generate_series($1::timestamptz - interval '400 days', $1::timestamptz, interval '1 day') d,
      generate_series(1, 5) c, unnest(array['start', 'finish']) m, generate_series(10, 14) b`, [now()]) // prettier-ignore
  await docket.db.query(`
    insert into api_minutes select m, 100, 1 from generate_series($1::timestamptz - interval '2 days', $1::timestamptz, interval '1 minute') m on conflict do nothing`, [now()]) // prettier-ignore
  await docket.db.query(`
    insert into incidents (cause, began_at, settled_at) select 'staff', h, h + interval '1 hour' from generate_series($1::timestamptz - interval '600 days', $1::timestamptz, interval '2 hours') h`, [now()]) // prettier-ignore
  await docket.db.query('analyze')
  const node = await nodeBeside()
  const sent = await statementsOf(async () => {
    await fetch(`${node.url!}/status`).catch(() => undefined)
    await node.stop()
  })
  const figures = sent.filter(({ text }) => text.includes('insert into api_hours'))
  // At its beginning and at its end.
  expect(figures).toHaveLength(2)
  for (const statement of figures) expect((await effortOf(docket.db, statement)).readWhole).toEqual([])
  const asked = await statementsOfReading()
  for (const statement of asked) expect([statement.text, (await effortOf(docket.db, statement)).readWhole]).toEqual([statement.text, []])
})

/** The statements of a page, as any pool sends them. */
async function statementsOfReading() {
  const asked: { text: string; values: unknown[] }[] = []
  const query = (config: { text: string; values?: unknown[] }) => {
    asked.push({ text: config.text, values: config.values ?? [] })
    return docket.db.query(config.text, config.values)
  }
  await readStanding({ query } as never, now())
  return asked
}
