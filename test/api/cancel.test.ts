import { describe, expect, test } from 'vitest'
import { SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { claimDueOrders } from '../../server/orders/hand-over.ts'
import { openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { handedOff, placed, tell } from '../support/order-life.ts'

const cannot = { error: 'Order cannot be canceled' }
const unknown = { error: 'Incorrect order ID' }

describe('cancel', () => {
  const docket = openDocket()

  test('H6 what nobody has begun is refunded at once', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket, { cancel: true }), quantity: 1000 })
    expect(await docket.call({ key, action: 'cancel', orders: order })).toEqual([{ order, cancel: 1 }])
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Canceled', charge: '0.00000', remains: '1000' })
    expect(await docket.balance(key)).toBe('100.00000')
  })

  test('H6 what was handed over waits for its fulfiller', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { cancel: true })
    const orders = [
      await placed(docket, key, { service, quantity: 1000 }),
      await placed(docket, key, { service, quantity: 1000 }),
      await placed(docket, key, { service, quantity: 1000 }),
    ] as const
    await handedOff(docket, ...orders)
    expect(await docket.call({ key, action: 'cancel', orders: orders.join(',') })).toEqual(orders.map((order) => ({ order, cancel: 1 })))
    for (const order of orders)
      expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Pending', charge: '1.00000' })
    expect(await docket.balance(key)).toBe('97.00000')
    // The order turns Canceled, Partial or stays, as the fulfiller answers.
    await tell(docket, orders[0], 'Canceled')
    await tell(docket, orders[1], 'Partial', { remains: 250 })
    await tell(docket, orders[2], 'Completed')
    expect(await docket.balance(key)).toBe('98.25000')
  })

  test('H6 cancelling twice refunds once', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { cancel: true })
    const unsent = await placed(docket, key, { service, quantity: 1000 })
    const sent = await placed(docket, key, { service, quantity: 1000 })
    await handedOff(docket, sent)
    expect(await docket.call({ key, action: 'cancel', order: unsent })).toEqual([{ order: unsent, cancel: 1 }])
    expect(await docket.call({ key, action: 'cancel', order: unsent })).toEqual([{ order: unsent, cancel: cannot }])
    for (let again = 0; again < 3; again += 1) {
      expect(await docket.call({ key, action: 'cancel', order: sent })).toEqual([{ order: sent, cancel: 1 }])
    }
    const { rows } = await docket.db.query('select count(*)::int as told from order_events where order_id = $1', [sent])
    expect(rows).toEqual([{ told: 1 }])
    await tell(docket, sent, 'Canceled')
    await tell(docket, sent, 'Canceled')
    expect(await docket.call({ key, action: 'cancel', order: sent })).toEqual([{ order: sent, cancel: cannot }])
    expect(await docket.balance(key)).toBe('100.00000')
  })

  test('race: two cancels at once refund once', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { cancel: true })
    for (let round = 0; round < 5; round += 1) {
      const order = await placed(docket, key, { service, quantity: 1000 })
      const answers = await Promise.all(Array.from({ length: 10 }, () => docket.call({ key, action: 'cancel', order })))
      expect(answers.filter(([answer]) => answer.cancel === 1)).toHaveLength(1)
      expect(await docket.balance(key)).toBe('100.00000')
    }
  })

  test('race: cancel and completion move money once', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { cancel: true })
    for (let round = 0; round < 10; round += 1) {
      const before = await docket.balance(key)
      const order = await placed(docket, key, { service, quantity: 1000 })
      const [[answer]] = await Promise.all([docket.call({ key, action: 'cancel', order }), tell(docket, order, 'Completed')])
      const { status } = await docket.call({ key, action: 'status', order })
      expect([status, answer.cancel === 1]).toEqual(status === 'Canceled' ? ['Canceled', true] : ['Completed', false])
      if (status === 'Canceled') expect(await docket.balance(key)).toBe(before)
      else expect(Number(before) - Number(await docket.balance(key))).toBeCloseTo(1, 5)
    }
  })

  test('race: cancel and hand-off never both win', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { cancel: true })
    await change(docket, service, { supplier: 'simulated' })
    for (let round = 0; round < 10; round += 1) {
      const order = await placed(docket, key, { service, quantity: 1000 })
      const [claimed] = await Promise.all([
        claimDueOrders(docket.db, SIMULATED_SUPPLIER, 10),
        docket.call({ key, action: 'cancel', order }),
      ])
      const { rows } = await docket.db.query('select sent, status::text, cancel_asked_at is not null as asked from orders where id = $1', [
        order,
      ])
      // Whoever had the row first decides: sent and asked, or unsent and canceled.
      if (claimed.length === 1) expect(rows).toEqual([{ sent: true, status: 'Pending', asked: true }])
      else expect(rows).toEqual([{ sent: false, status: 'Canceled', asked: false }])
    }
  })

  test('race: overlapping batches in both directions all answer', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { cancel: true })
    const orders = await Promise.all(
      Array.from({ length: 40 }, (_, index) => placed(docket, key, { service, quantity: 1000, link: `p${index}` })),
    )
    const batches = Array.from({ length: 8 }, (_, turn) => (turn % 2 ? orders : orders.toReversed()).slice(turn, turn + 30))
    const answers: any[][] = await Promise.all(batches.map((batch) => docket.call({ key, action: 'cancel', orders: batch.join(',') })))
    const touched = new Set(batches.flat())
    const taken = answers.flat().filter((answer) => answer.cancel === 1)
    expect(taken.map((answer) => answer.order).toSorted((a, b) => a - b)).toEqual([...touched].toSorted((a, b) => a - b))
    expect(await docket.balance(key)).toBe(`${60 + touched.size}.00000`)
  })

  test('W3 each order of a batch has its own answer', async () => {
    const { key } = await docket.account()
    const other = await docket.account()
    const service = await onSale(docket, { cancel: true })
    const [good, done, others, never] = [
      await placed(docket, key, { service, quantity: 10 }),
      await placed(docket, key, { service, quantity: 10 }),
      await placed(docket, other.key, { service, quantity: 10 }),
      await placed(docket, key, { service: await onSale(docket, { cancel: false }), quantity: 10 }),
    ]
    await tell(docket, done, 'Completed')
    expect(await docket.call({ key, action: 'cancel', orders: `x,${done},${good},${others},${never},${good},-1` })).toEqual([
      { order: 'x', cancel: unknown },
      { order: done, cancel: cannot },
      { order: good, cancel: 1 },
      { order: others, cancel: unknown },
      { order: never, cancel: cannot },
      { order: '-1', cancel: unknown },
    ])
    expect(await docket.call({ key: other.key, action: 'status', order: others })).toMatchObject({ status: 'Pending' })
  })

  test('W3 over a hundred ids nothing is canceled', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket, { cancel: true }), quantity: 10 })
    const orders = [order, ...Array.from({ length: 100 }, (_, index) => 700_000 + index)].join(',')
    expect(await docket.call({ key, action: 'cancel', orders })).toEqual({ error: 'Too many order IDs' })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Pending' })
  })

  test('an order under way may be asked for, once told', async () => {
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket, { cancel: true }), quantity: 1000 })
    await handedOff(docket, order)
    await tell(docket, order, 'In progress', { remains: 700 })
    expect(await docket.call({ key, action: 'cancel', order })).toEqual([{ order, cancel: 1 }])
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'In progress', charge: '1.00000' })
  })

  test('an unsent drip-feed is refunded whole', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { cancel: true, dripfeed: true })
    const order = await placed(docket, key, { service, quantity: 1000, runs: 7, interval: 5 })
    expect(await docket.balance(key)).toBe('93.00000')
    expect(await docket.call({ key, action: 'cancel', order })).toEqual([{ order, cancel: 1 }])
    expect(await docket.balance(key)).toBe('100.00000')
  })
})
