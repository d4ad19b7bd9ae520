import { describe, expect, test } from 'vitest'
import { openStatuses, refillStatuses } from '../../contract/statuses.ts'
import { addKey } from '../../server/customers/keys.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const unknown = { error: 'Incorrect order ID' }

describe('status', () => {
  const docket = openDocket()

  test('W5 a fresh order remains as ordered', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket, { rate: '0.9' }), quantity: 1234 })
    const text = await (await docket.request({ key, action: 'status', order })).text()
    expect(text).toBe('{"charge":"1.11060","start_count":"0","status":"Pending","remains":"1234","currency":"USD"}')
  })

  test('W4 a charge of thousands has digits and one dot', async () => {
    const { key } = await docket.account({ balance: '123456789012.34567' })
    const service = await onSale(docket, { rate: '1234567.89123', max: 1_000_000_000_000 })
    const order = await placed(docket, key, { service, quantity: 1_000_000 })
    const { charge } = await docket.call({ key, action: 'status', order })
    expect(charge).toBe('1234567891.23000')
    const large = await placed(docket, key, {
      service: await onSale(docket, { rate: '1', max: 1_000_000_000_000 }),
      quantity: 9_999_999_999,
    })
    await tell(docket, large, 'In progress', { startCount: 1_234_567_890_123, remains: 9_999_999_998 })
    expect(await docket.call({ key, action: 'status', order: large })).toEqual({
      charge: '9999999.99900',
      start_count: '1234567890123',
      status: 'In progress',
      remains: '9999999998',
      currency: 'USD',
    })
  })

  test('W1 an order speaks only the words of the contract', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    for (const last of ['Completed', 'Partial', 'Canceled'] as const) {
      const order = await placed(docket, key, { service, quantity: 1000 })
      for (const word of [...openStatuses, last]) {
        await tell(docket, order, word, { remains: 400 })
        expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: word })
      }
    }
  })

  test('W1 the database knows no other words', async () => {
    const { rows } = await docket.db.query(`select unnest(enum_range(null::order_status))::text as word`)
    expect(rows.map((row) => row.word)).toEqual([
      'Pending',
      'Processing',
      'In progress',
      'Completed',
      'Partial',
      'Canceled',
      'Active',
      'Paused',
      'Expired',
    ])
    const check = await docket.db.query(
      `select pg_get_constraintdef(oid) as text from pg_constraint where conname = 'refill_status_is_known'`,
    )
    const words = [...check.rows[0].text.matchAll(/'([^']+)'::text/g)].map((match) => match[1])
    expect(words).toEqual([...refillStatuses])
  })

  test('an order never goes back, and never leaves a final state', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 1000 })
    await tell(docket, order, 'In progress', { remains: 500 })
    await tell(docket, order, 'Pending', { remains: 400 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'In progress', remains: '400' })
    await tell(docket, order, 'Partial', { remains: 300 })
    for (const later of ['In progress', 'Completed', 'Canceled', 'Partial'] as const) {
      expect(await tell(docket, order, later, { remains: 1 })).toEqual([])
    }
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Partial', remains: '300', charge: '0.70000' })
  })

  test('partial shows what was kept, canceled shows nothing', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { rate: '0.9' })
    const partial = await placed(docket, key, { service, quantity: 1000 })
    const canceled = await placed(docket, key, { service, quantity: 1000 })
    await tell(docket, partial, 'Partial', { startCount: 3572, remains: 157 })
    await tell(docket, canceled, 'Canceled')
    expect(await docket.call({ key, action: 'status', orders: `${partial},${canceled}` })).toEqual({
      [partial]: { charge: '0.75870', start_count: '3572', status: 'Partial', remains: '157', currency: 'USD' },
      [canceled]: { charge: '0.00000', start_count: '0', status: 'Canceled', remains: '1000', currency: 'USD' },
    })
    expect(await docket.balance(key)).toBe('99.24130')
  })

  test('over-delivery is a negative remains, never a refund', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 1000 })
    await tell(docket, order, 'In progress', { remains: -20 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ remains: '-20', charge: '1.00000' })
    expect(await tell(docket, order, 'Partial', { remains: -35 })).toMatchObject([{ givenBack: 0n }])
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Partial', remains: '-35', charge: '1.00000' })
    expect(await docket.balance(key)).toBe('99.00000')
  })

  test('a partial that remains more than was ordered gives back all', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 1000 })
    await tell(docket, order, 'Partial', { remains: 5000 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ charge: '0.00000' })
    expect(await docket.balance(key)).toBe('100.00000')
  })

  test('completed without a count remains nothing', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 1000 })
    await tell(docket, order, 'Completed')
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Completed', remains: '0', charge: '1.00000' })
  })

  test('W3 one bad id never spoils a batch', async () => {
    const { key } = await docket.account()
    const other = await docket.account()
    const service = await onSale(docket)
    const own = await placed(docket, key, { service, quantity: 10 })
    const others = await placed(docket, other.key, { service, quantity: 10 })
    const bad = ['abc', '-1', '0', '01', '1.5', '9'.repeat(19), '1e3', 'Array', '<b>', others]
    const answer = await docket.call({ key, action: 'status', orders: [bad[0], own, ...bad.slice(1)].join(',') })
    expect(answer).toEqual({ [own]: expect.objectContaining({ remains: '10' }), ...Object.fromEntries(bad.map((id) => [id, unknown])) })
  })

  test('W3 over a hundred ids nothing is cut silently', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 10 })
    const ids = Array.from({ length: 250 }, (_, index) => 500_000 + index)
    const answer = await docket.call({ key, action: 'status', orders: [...ids.slice(0, 99), order, ...ids.slice(99)].join(',') })
    expect(Object.keys(answer)).toHaveLength(251)
    expect(answer[order]).toMatchObject({ remains: '10' })
    expect(ids.slice(0, 99).every((id) => answer[id].error === 'Incorrect order ID')).toBe(true)
    expect(ids.slice(99).every((id) => answer[id].error === 'Too many order IDs')).toBe(true)
  })

  test('a list of nothing is an empty object', async () => {
    const { key } = await docket.account()
    for (const orders of [',', ', ,', '\n,']) {
      expect(await (await docket.request({ key, action: 'status', orders })).text()).toBe(
        orders.trim() === '' ? '{"error":"Incorrect order ID"}' : '{}',
      )
    }
  })

  test('an id repeated is answered once', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 10 })
    const text = await (await docket.request({ key, action: 'status', orders: `${order}, ${order} ,x,x,${order}` })).text()
    expect(text.match(/"status"/g)).toHaveLength(1)
    expect(text.match(/"x"/g)).toHaveLength(1)
  })

  test('lists may come one per line', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const [one, two] = [await placed(docket, key, { service, quantity: 1 }), await placed(docket, key, { service, quantity: 2 })]
    expect(await docket.call({ key, action: 'status', orders: `${one}\r\n${two}\n` })).toMatchObject({
      [one]: { remains: '1' },
      [two]: { remains: '2' },
    })
  })

  test('W7 an order of others answers like an unknown one', async () => {
    const { key, account } = await docket.account()
    const other = await docket.account()
    const test = await addKey(docket.db, account, { test: true, label: '' }, docket.clock.now())
    const service = await onSale(docket)
    const order = await placed(docket, key, { service, quantity: 10, idempotency_key: 'mine' })
    for (const stranger of [other.key, test.key]) {
      for (const id of [order, 777_777]) {
        expect(await docket.call({ key: stranger, action: 'status', order: id })).toEqual(unknown)
        expect(await docket.call({ key: stranger, action: 'status', orders: `${id}` })).toEqual({ [id]: unknown })
      }
      expect(await docket.call({ key: stranger, action: 'status', idempotency_key: 'mine' })).toEqual(unknown)
    }
  })

  test('many askers at once get their own orders only', async () => {
    const service = await onSale(docket)
    const accounts = await Promise.all(Array.from({ length: 8 }, () => docket.account()))
    const orders = await Promise.all(accounts.map(({ key }, index) => placed(docket, key, { service, quantity: index + 1 })))
    const answers = await Promise.all(
      accounts.flatMap(({ key }, index) => [
        docket.call({ key, action: 'status', orders: orders.join(',') }).then((answer) => ({ index, answer })),
        docket.call({ key, action: 'status', orders: orders.toReversed().join(',') }).then((answer) => ({ index, answer })),
      ]),
    )
    for (const { index, answer } of answers) {
      const wanted = orders.map((order, at) => [order, at === index ? expect.objectContaining({ remains: String(at + 1) }) : unknown])
      expect(answer).toEqual(Object.fromEntries(wanted))
    }
  })

  test('status by retry key tells whether it arrived', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    expect(await docket.call({ key, action: 'status', idempotency_key: 'lost' })).toEqual(unknown)
    const order = await placed(docket, key, { service, quantity: 10, idempotency_key: 'lost' })
    // Who asks by its own key does not know the id yet.
    const wanted = { order, ...(await docket.call({ key, action: 'status', order })) }
    expect(await docket.call({ key, action: 'status', idempotency_key: 'lost' })).toEqual(wanted)
    expect(await docket.call({ key, action: 'status', request_id: 'lost' })).toEqual(wanted)
    expect(await docket.call({ key, action: 'status', order: 9, idempotency_key: 'lost' })).toEqual(unknown)
  })

  test('a drip-feed shows its runs and child orders', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket, { dripfeed: true }), quantity: 100, runs: 5, interval: 30 })
    expect(await docket.call({ key, action: 'status', order })).toEqual({
      charge: '0.50000',
      start_count: '0',
      status: 'Pending',
      remains: '500',
      currency: 'USD',
      runs: '0',
      orders: [],
    })
    expect(await docket.call({ key, action: 'status', order, extended: 1 })).toMatchObject({ runs: '0', runs_ordered: '5' })
  })

  test('a subscription shows posts, expiry and child orders', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { type: 'Subscriptions', cancel: true })
    const { order } = await docket.call({
      key,
      action: 'add',
      service,
      username: 'u',
      min: 1,
      max: 2,
      posts: 7,
      delay: 30,
      expiry: '9/4/2026',
    })
    const wanted = {
      charge: '0.00000',
      start_count: '0',
      status: 'Active',
      remains: '0',
      currency: 'USD',
      posts: '0',
      expiry: '09/04/2026',
      orders: [],
    }
    expect(await docket.call({ key, action: 'status', order })).toEqual(wanted)
    expect(await docket.call({ key, action: 'status', order, extended: 1 })).toMatchObject({ posts: '0', posts_ordered: '7' })
    for (const word of ['Paused', 'Active', 'Expired'] as const) {
      await tell(docket, order, word)
      expect(await docket.call({ key, action: 'status', orders: `${order}` })).toEqual({ [order]: { ...wanted, status: word } })
    }
  })

  test('extended adds dates and the guarantee as data', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true, refill_days: 7 })
    const order = await placed(docket, key, { service, quantity: 10 })
    const created = docket.clock.now().toISOString()
    expect(await docket.call({ key, action: 'status', order, extended: 1 })).toMatchObject({
      created,
      finished: null,
      refill_until: null,
      refills_left: 0,
      refill_available_at: null,
      started: null,
      start_by: null,
      finish_by: null,
      compensated: '0.00000',
    })
    docket.clock.forward({ days: 2 })
    await tell(docket, order, 'Completed')
    const finished = docket.clock.now()
    const refillUntil = new Date(finished.getTime() + 7 * 86_400_000).toISOString()
    const answer = await docket.call({ key, action: 'status', order, extended: 1 })
    expect(answer).toMatchObject({
      status: 'Completed',
      created,
      finished: finished.toISOString(),
      refill_until: refillUntil,
      refills_left: null,
      refill_available_at: finished.toISOString(),
      started: finished.toISOString(),
    })
    expect(await docket.call({ key, action: 'status', order })).not.toHaveProperty('created')
  })

  test('currency is the account’s own', async () => {
    const { key } = await docket.account({ currency: 'EUR', balance: '5' })
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 1000 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ currency: 'EUR', charge: '1.00000' })
    expect(await docket.call({ key, action: 'balance' })).toEqual({ balance: '4.00000', currency: 'EUR' })
  })
})
