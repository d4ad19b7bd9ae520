import { describe, expect, test } from 'vitest'
import { type Docket, openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const notAvailable = { error: 'Refill is not available for this order' }
const requested = { error: 'Refill already requested' }
const unknown = { error: 'Incorrect order ID' }

/** An order that was delivered now. */
async function delivered(docket: Docket, key: string, service: number): Promise<number> {
  const order = await placed(docket, key, { service, quantity: 100 })
  await tell(docket, order, 'Completed')
  return order
}

async function recordsOf(docket: Docket, order: number): Promise<number> {
  const { rows } = await docket.db.query('select count(*)::int as count from refills where order_id = $1', [order])
  return rows[0].count
}

/** The supplier has worked the open refill of an order. */
async function refilled(docket: Docket, order: number, status = 'Completed') {
  await docket.db.query(`update refills set status = $2, ended_at = $3 where order_id = $1 and status in ('Pending', 'In progress')`, [
    order,
    status,
    docket.clock.now(),
  ])
}

describe('refill', () => {
  const docket = openDocket()

  test('H7 a refill taken is a refill recorded', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true }))
    const answer = await docket.call({ key, action: 'refill', order })
    expect(answer).toEqual({ refill: expect.stringMatching(/^[1-9]\d*$/) })
    expect(await recordsOf(docket, order)).toBe(1)
    expect(await docket.call({ key, action: 'refill_status', refill: answer.refill })).toEqual({ status: 'Pending' })
    expect(await docket.balance(key)).toBe('99.90000')
  })

  test('H7 refused while one is open', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true, refill_days: 365 }))
    await docket.call({ key, action: 'refill', order })
    docket.clock.forward({ days: 3 })
    expect(await docket.call({ key, action: 'refill', order })).toEqual(requested)
    await docket.db.query(`update refills set status = 'In progress' where order_id = $1`, [order])
    expect(await docket.call({ key, action: 'refill', orders: `${order}` })).toEqual([{ order, refill: requested }])
    await refilled(docket, order)
    expect(await docket.call({ key, action: 'refill', order })).toEqual({ refill: expect.any(String) })
    expect(await recordsOf(docket, order)).toBe(2)
  })

  test('H7 a day passes between two, to the second', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true, refill_days: 365 })
    for (const ending of ['Completed', 'Rejected', 'Error']) {
      const order = await delivered(docket, key, service)
      await docket.call({ key, action: 'refill', order })
      await refilled(docket, order, ending)
      docket.clock.forward({ hours: 23, minutes: 59, seconds: 59 })
      expect(await docket.call({ key, action: 'refill', order })).toEqual(requested)
      docket.clock.forward({ seconds: 1 })
      expect(await docket.call({ key, action: 'refill', order })).toEqual({ refill: expect.any(String) })
    }
  })

  test('H7 the window runs from completion, to the second', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true, refill_days: 30 })
    const order = await placed(docket, key, { service, quantity: 100 })
    // Half a year under way counts for nothing.
    docket.clock.forward({ days: 180 })
    await tell(docket, order, 'Completed')
    docket.clock.forward({ days: 29, hours: 23, minutes: 59, seconds: 59 })
    expect(await docket.call({ key, action: 'refill', order })).toEqual({ refill: expect.any(String) })
    const late = await delivered(docket, key, service)
    docket.clock.forward({ days: 30 })
    expect(await docket.call({ key, action: 'refill', order: late })).toEqual(notAvailable)
    expect(await recordsOf(docket, late)).toBe(0)
  })

  test('H7 a touch after completion does not reopen the window', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true, refill_days: 10 })
    const order = await delivered(docket, key, service)
    docket.clock.forward({ days: 6 })
    await docket.call({ key, action: 'refill', order })
    await refilled(docket, order)
    expect(await tell(docket, order, 'Completed', { startCount: 7, remains: 0 })).toEqual([])
    docket.clock.forward({ days: 4 })
    expect(await docket.call({ key, action: 'refill', order })).toEqual(notAvailable)
  })

  test('H7 without an end the window never closes', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true, refill_days: null }))
    docket.clock.forward({ days: 5000 })
    expect(await docket.call({ key, action: 'status', order, extended: 1 })).toMatchObject({ refill_until: null, refills_left: null })
    expect(await docket.call({ key, action: 'refill', order })).toEqual({ refill: expect.any(String) })
  })

  test('H7 an order gets as many refills as its service gives', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true, refill_days: 30, refill_count: 2 })
    const order = await delivered(docket, key, service)
    const finished = docket.clock.now().getTime()
    const standing = async () => {
      const { refills_left, refill_available_at } = await docket.call({ key, action: 'status', order, extended: 1 })
      return [refills_left, refill_available_at && (new Date(refill_available_at).getTime() - finished) / 3_600_000]
    }
    expect(await standing()).toEqual([2, 0])
    await docket.call({ key, action: 'refill', order })
    expect(await standing()).toEqual([1, 24])
    await refilled(docket, order)
    docket.clock.forward({ hours: 24 })
    expect(await standing()).toEqual([1, 24])

    // The last of them: while it is open it is asked for already, afterwards there is none.
    expect(await docket.call({ key, action: 'refill', order })).toEqual({ refill: expect.any(String) })
    expect(await standing()).toEqual([0, null])
    expect(await docket.call({ key, action: 'refill', order })).toEqual(requested)
    await refilled(docket, order)
    expect(await docket.call({ key, action: 'refill', order })).toEqual(notAvailable)
    docket.clock.forward({ hours: 48 })
    expect(await docket.call({ key, action: 'refill', orders: `${order},` })).toEqual([{ order, refill: notAvailable }])
    expect(await recordsOf(docket, order)).toBe(2)

    await change(docket, service, { refillCount: 3 })
    expect(await standing()).toEqual([1, 48])
    expect(await docket.call({ key, action: 'refill', order })).toEqual({ refill: expect.any(String) })
  })

  test('H7 a refill that was rejected is given back', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true, refill_count: 1 }))
    for (const ending of ['Rejected', 'Error']) {
      expect(await docket.call({ key, action: 'refill', order })).toEqual({ refill: expect.any(String) })
      await refilled(docket, order, ending)
      expect(await docket.call({ key, action: 'status', order, extended: 1 })).toMatchObject({ refills_left: 1 })
      docket.clock.forward({ hours: 24 })
    }
  })

  test('H7 the last refill is given once to many who ask at once', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true, refill_count: 1 }))
    const answers = await Promise.all(Array.from({ length: 10 }, () => docket.call({ key, action: 'refill', order })))
    expect(answers.filter((answer) => answer.refill)).toHaveLength(1)
    expect(await recordsOf(docket, order)).toBe(1)
  })

  test('a refill that would come after the window is not announced', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true, refill_days: 1, refill_count: 5 }))
    docket.clock.forward({ hours: 12 })
    await docket.call({ key, action: 'refill', order })
    expect(await docket.call({ key, action: 'status', order, extended: 1 })).toMatchObject({ refills_left: 4, refill_available_at: null })
  })

  test('H7 only delivered orders of services with refill', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true })
    const without = await delivered(docket, key, await onSale(docket, { refill: false }))
    expect(await docket.call({ key, action: 'refill', order: without })).toEqual(notAvailable)
    const order = await placed(docket, key, { service, quantity: 100 })
    for (const word of ['Pending', 'Processing', 'In progress'] as const) {
      await tell(docket, order, word, { remains: 50 })
      expect(await docket.call({ key, action: 'refill', order })).toEqual(notAvailable)
    }
    await tell(docket, order, 'Partial', { remains: 50 })
    expect(await docket.call({ key, action: 'refill', order })).toEqual({ refill: expect.any(String) })
    const canceled = await placed(docket, key, { service, quantity: 100 })
    await tell(docket, canceled, 'Canceled')
    expect(await docket.call({ key, action: 'refill', order: canceled })).toEqual(notAvailable)
    const later = await delivered(docket, key, service)
    await change(docket, service, { refill: false })
    expect(await docket.call({ key, action: 'refill', order: later })).toEqual(notAvailable)
  })

  test('race: many refills at once are one', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true }))
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        docket.call({ key, action: 'refill', ...(index % 2 ? { order } : { orders: `${order},1000000` }) }),
      ),
    )
    const taken = answers.flatMap((answer) =>
      Array.isArray(answer) ? answer.filter(({ order: id }) => id === order).map(({ refill }) => ({ refill })) : [answer],
    )
    expect(taken.filter((answer) => answer.refill && !answer.refill.error)).toHaveLength(1)
    expect(await recordsOf(docket, order)).toBe(1)
  })

  test('W3 each order of a batch has its own answer', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true })
    const [one, two] = [await delivered(docket, key, service), await delivered(docket, key, service)]
    const open = await placed(docket, key, { service, quantity: 100 })
    await docket.call({ key, action: 'refill', order: two })
    expect(await docket.call({ key, action: 'refill', orders: `abc,${one},${open},${two},999999,${one}` })).toEqual([
      { order: 'abc', refill: unknown },
      { order: one, refill: expect.any(Number) },
      { order: open, refill: notAvailable },
      { order: two, refill: requested },
      { order: 999_999, refill: unknown },
    ])
  })

  test('W3 over a hundred ids nothing is refilled', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true }))
    const orders = [order, ...Array.from({ length: 100 }, (_, index) => 700_000 + index)].join(',')
    expect(await docket.call({ key, action: 'refill', orders })).toEqual({ error: 'Too many order IDs' })
    expect(await recordsOf(docket, order)).toBe(0)
  })

  test('W7 the orders and refills of others are unknown', async () => {
    const { key } = await docket.account()
    const stranger = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true }))
    expect(await docket.call({ key: stranger.key, action: 'refill', order })).toEqual(unknown)
    expect(await docket.call({ key: stranger.key, action: 'refill', orders: `${order},${order}` })).toEqual([{ order, refill: unknown }])
    const { refill } = await docket.call({ key, action: 'refill', order })
    const notFound = { error: 'Refill not found' }
    expect(await docket.call({ key: stranger.key, action: 'refill_status', refill })).toEqual(notFound)
    expect(await docket.call({ key: stranger.key, action: 'refill_status', refills: `${refill},` })).toEqual([
      { refill: Number(refill), status: notFound },
    ])
    expect(await docket.call({ key: stranger.key, action: 'refill_status', order })).toEqual(notFound)
  })

  test('refill status names the newest refill of an order', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true })
    const [order, never] = [await delivered(docket, key, service), await delivered(docket, key, service)]
    await docket.call({ key, action: 'refill', order })
    await refilled(docket, order, 'Rejected')
    docket.clock.forward({ hours: 24 })
    const { refill } = await docket.call({ key, action: 'refill', order })
    expect(await docket.call({ key, action: 'refill_status', order })).toEqual({ status: 'Pending' })
    expect(await docket.call({ key, action: 'refill_status', orders: `${order},${never},x` })).toEqual([
      { refill: Number(refill), status: 'Pending' },
      { refill: never, status: { error: 'Refill not found' } },
      { refill: 'x', status: { error: 'Refill not found' } },
    ])
  })

  test('W1 a refill speaks only the words of the contract', async () => {
    const { key } = await docket.account()
    const order = await delivered(docket, key, await onSale(docket, { refill: true }))
    const { refill } = await docket.call({ key, action: 'refill', order })
    for (const status of ['Pending', 'In progress', 'Completed', 'Rejected', 'Error']) {
      await docket.db.query('update refills set status = $2 where id = $1', [refill, status])
      expect(await docket.call({ key, action: 'refill_status', refill })).toEqual({ status })
      expect(await docket.call({ key, action: 'refill_status', refills: refill })).toEqual([{ refill: Number(refill), status }])
    }
    await expect(docket.db.query(`update refills set status = 'Inprogress'`)).rejects.toThrow('refill_status_is_known')
  })

  test('without ids the refusals are the contract’s', async () => {
    const { key } = await docket.account()
    for (const order of [undefined, '0', 'abc', '-1', '1.0']) {
      expect(await docket.call({ key, action: 'refill', order })).toEqual(unknown)
      expect(await docket.call({ key, action: 'refill_status', refill: order })).toEqual({ error: 'Refill not found' })
    }
  })
})
