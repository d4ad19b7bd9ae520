import { describe, expect, test } from 'vitest'
import { SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { addKey } from '../../server/customers/keys.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { handOffRefills, pollRefills } from '../../server/fulfilment/refills.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import type { Supplier } from '../../server/suppliers/supplier.ts'
import { crowd } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'

const POST = 'https://example.com/post/1'

describe('the life of an order', () => {
  const docket = openDocket()
  const { now } = docket.clock
  const supplier = (): Supplier => simulatedSupplier({ db: docket.db, now, speed: 1 })
  const at = (supplier: Supplier) => ({ db: docket.db, now, supplierId: SIMULATED_SUPPLIER, supplier })

  /** The clock moves on, and the supplier is asked how the orders stand. */
  async function after(amount: { seconds?: number; minutes?: number; hours?: number; days?: number }, asked = supplier()) {
    docket.clock.forward(amount)
    await poll(at(asked))
    await handOffRefills(at(supplier()))
    await pollRefills(at(supplier()))
  }
  const handOver = (to = supplier()) => handOff(at(to))

  /** A customer with a balance of 10, and a service at 1 per 1000 that everything can be asked of. */
  async function customer(entry: Record<string, unknown> = {}) {
    const service = await docket.service({ rate: '1', cancel: true, refill: true, dripfeed: true, ...entry }, { supplier: 'simulated' })
    const { account, key } = await docket.account({ balance: '10' })
    return {
      account,
      key,
      add: async (link = POST, quantity = 1000): Promise<number> =>
        (await docket.call({ key, action: 'add', service, link, quantity })).order,
      status: async (order: number) => docket.call({ key, action: 'status', order }),
      cancel: async (order: number) => (await docket.call({ key, action: 'cancel', order }))[0].cancel,
      refill: async (order: number) => docket.call({ key, action: 'refill', order }),
      balance: () => docket.balance(key),
      changes: async (since?: string) => docket.call({ key, action: 'changes', since }),
    }
  }

  test('completed: each step in order, the charge stays', async () => {
    const anna = await customer()
    const order = await anna.add()
    const start_count = String((order * 7919) % 10_000)
    expect(await anna.status(order)).toEqual({ charge: '1.00000', start_count: '0', status: 'Pending', remains: '1000', currency: 'USD' })
    expect(await anna.balance()).toBe('9.00000')

    // Its whole work takes 110 seconds.
    expect(await handOver()).toBe(1)
    await after({ seconds: 5 })
    expect(await anna.status(order)).toMatchObject({ status: 'Pending', start_count: '0', remains: '1000' })
    await after({ seconds: 10 })
    expect(await anna.status(order)).toMatchObject({ status: 'Processing', start_count, remains: '1000' })
    await after({ seconds: 52 })
    expect(await anna.status(order)).toMatchObject({ status: 'In progress', start_count, remains: '489' })
    await after({ seconds: 42 })
    expect(await anna.status(order)).toMatchObject({ status: 'In progress', remains: '12' })
    await after({ minutes: 2 })
    expect(await anna.status(order)).toEqual({ charge: '1.00000', start_count, status: 'Completed', remains: '0', currency: 'USD' })
    expect(await anna.balance()).toBe('9.00000')

    // Final is final, and nobody asks the supplier any more.
    expect(await anna.cancel(order)).toEqual({ error: 'Order cannot be canceled' })
    expect(await poll(at(supplier()))).toBe(0)
  })

  test('M9 partial: kept and refunded make the charge', async () => {
    const anna = await customer({ rate: '0.77777' })
    const order = await anna.add(`${POST}#partial`, 997)
    // 0.77777 × 997 ÷ 1000 = 0.7754366…, half up: 77,544 units.
    expect(await anna.balance()).toBe('9.22456')

    await handOver()
    await after({ minutes: 5 })

    // 664 of 997 delivered: 77,544 × 333 ÷ 997 = 25,900.05… goes back, to the last unit.
    expect(await anna.status(order)).toMatchObject({ status: 'Partial', remains: '333', charge: '0.51644' })
    expect(await anna.balance()).toBe('9.48356')
    const { rows } = await docket.db.query('select charge, refunded from orders where id = $1', [order])
    expect(rows).toEqual([{ charge: 77_544n, refunded: 25_900n }])

    // Told again, nothing moves again.
    await docket.db.query('update hand_offs set due_at = $2 where order_id = $1', [order, now()])
    await after({ minutes: 5 })
    expect(await anna.balance()).toBe('9.48356')
  })

  test('canceled by the supplier: all goes back', async () => {
    const anna = await customer()
    const order = await anna.add(`${POST}#canceled`)
    await handOver()
    await after({ minutes: 1 })
    expect(await anna.status(order)).toMatchObject({ status: 'In progress', charge: '1.00000', remains: '1000' })
    await after({ minutes: 5 })
    expect(await anna.status(order)).toMatchObject({ status: 'Canceled', charge: '0.00000', remains: '1000' })
    expect(await anna.balance()).toBe('10.00000')
  })

  test('refused by the supplier: canceled and refunded', async () => {
    const anna = await customer()
    const order = await anna.add(`${POST}#refused`)
    expect(await handOver()).toBe(1)
    expect(await anna.status(order)).toEqual({ charge: '0.00000', start_count: '0', status: 'Canceled', remains: '1000', currency: 'USD' })
    expect(await anna.balance()).toBe('10.00000')
    expect((await docket.db.query('select state from hand_offs where order_id = $1', [order])).rows).toEqual([{ state: 'settled' }])
  })

  test('H6 cancel before the hand-off refunds at once', async () => {
    const anna = await customer()
    const order = await anna.add()
    expect(await anna.cancel(order)).toBe(1)
    expect(await anna.status(order)).toMatchObject({ status: 'Canceled', charge: '0.00000', remains: '1000' })
    expect(await anna.balance()).toBe('10.00000')

    // It is never handed over.
    expect(await handOver()).toBe(0)
    expect(await anna.cancel(order)).toEqual({ error: 'Order cannot be canceled' })
    expect(await anna.balance()).toBe('10.00000')
  })

  test('H6 cancel after it waits for the supplier', async () => {
    const anna = await customer()
    const order = await anna.add()
    await handOver()
    docket.clock.forward({ seconds: 5 })
    expect(await anna.cancel(order)).toBe(1)
    expect(await anna.cancel(order)).toBe(1)
    expect(await anna.status(order)).toMatchObject({ status: 'Pending', charge: '1.00000' })
    expect(await anna.balance()).toBe('9.00000')

    await after({ seconds: 5 })
    expect(await anna.status(order)).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    expect(await anna.balance()).toBe('10.00000')
  })

  test('H6 cancel in the middle keeps what was delivered', async () => {
    const anna = await customer()
    const order = await anna.add()
    await handOver()
    await after({ seconds: 67 })
    expect(await anna.status(order)).toMatchObject({ status: 'In progress', remains: '489' })

    expect(await anna.cancel(order)).toBe(1)
    expect(await anna.balance()).toBe('9.00000')
    // The supplier hears of it three seconds later, and stops there.
    await after({ seconds: 3 })
    expect(await anna.status(order)).toMatchObject({ status: 'Partial', remains: '455', charge: '0.54500' })
    expect(await anna.balance()).toBe('9.45500')
  })

  test('H6 a cancel that comes too late changes nothing', async () => {
    const anna = await customer()
    const order = await anna.add()
    await handOver()
    docket.clock.forward({ minutes: 5 })
    // The supplier has finished, and we have not heard yet.
    expect(await anna.cancel(order)).toBe(1)
    await after({ seconds: 1 })
    expect(await anna.status(order)).toMatchObject({ status: 'Completed', charge: '1.00000', remains: '0' })
    expect(await anna.balance()).toBe('9.00000')
  })

  test('H6 two cancels at once refund once', async () => {
    const anna = await customer()
    const [waiting, handedOver] = [await anna.add(), await anna.add()]
    await docket.db.query('update orders set sent = true where id = $1', [waiting])
    await handOver()
    await docket.db.query('update orders set sent = false where id = $1', [waiting])

    const answers = await crowd(8, () => Promise.all([anna.cancel(waiting), anna.cancel(handedOver)]))
    expect(answers.filter(([first]) => first === 1)).not.toHaveLength(0)
    expect(answers.map(([, second]) => second)).toEqual(Array(8).fill(1))
    await after({ seconds: 5 })
    await after({ seconds: 5 })

    expect(await anna.balance()).toBe('10.00000')
    const { rows } = await docket.db.query(
      `select order_id::int as order, count(*)::int as refunds from transfers where cause = 'refund' and order_id = any($1) group by 1 order by 1`,
      [[waiting, handedOver]],
    )
    expect(rows).toEqual([
      { order: waiting, refunds: 1 },
      { order: handedOver, refunds: 1 },
    ])
    const { rows: told } = await docket.db.query(`select from order_events where order_id = $1 and words = 'cancel requested'`, [
      handedOver,
    ])
    expect(told).toHaveLength(1)
  })

  test('H7 a refill: asked, worked, and a day between', async () => {
    const anna = await customer({ refill_days: 30 })
    const order = await anna.add()
    expect(await anna.refill(order)).toEqual({ error: 'Refill is not available for this order' })
    await handOver()
    await after({ minutes: 5 })

    const { refill } = await anna.refill(order)
    expect(refill).toMatch(/^[1-9]\d*$/)
    const standing = async () => (await docket.call({ key: anna.key, action: 'refill_status', refill })).status
    expect(await standing()).toBe('Pending')
    expect(await anna.refill(order)).toEqual({ error: 'Refill already requested' })
    await after({})
    await after({ seconds: 11 })
    expect(await standing()).toBe('In progress')
    await after({ seconds: 60 })
    expect(await standing()).toBe('Completed')
    expect(await anna.refill(order)).toEqual({ error: 'Refill already requested' })

    await after({ hours: 24 })
    const next = await anna.refill(order)
    expect(Number(next.refill)).toBeGreaterThan(Number(refill))
    await after({ minutes: 1 })
    await after({ minutes: 1 })

    // Thirty days from completion, not from the last refill.
    await after({ days: 30 })
    expect(await anna.refill(order)).toEqual({ error: 'Refill is not available for this order' })
    expect(await anna.balance()).toBe('9.00000')
  })

  test('H7 two refills at once are one', async () => {
    const anna = await customer()
    const order = await anna.add()
    await handOver()
    await after({ minutes: 5 })
    const answers = await crowd(8, () => anna.refill(order))
    expect(answers.filter((answer) => answer.refill !== undefined)).toHaveLength(1)
    expect(answers.filter((answer) => answer.error === 'Refill already requested')).toHaveLength(7)
    expect((await docket.db.query('select from refills where order_id = $1', [order])).rowCount).toBe(1)
  })

  test('a test key orders with test money only', async () => {
    const anna = await customer()
    const { key } = await addKey(docket.db, anna.account, { test: true, label: 'sandbox' }, now())
    // A service that nobody fulfils: the simulated supplier works it for test keys.
    const service = await docket.service({ rate: '1', cancel: true })
    expect(await docket.balance(key)).toBe('10000.00000')
    const { order } = await docket.call({ key, action: 'add', service, link: `${POST}#partial`, quantity: 1000 })
    const live = await anna.add()

    await handOver()
    await after({ minutes: 5 })
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Partial', charge: '0.66600' })
    expect(await docket.balance(key)).toBe('9999.33400')
    expect(await anna.balance()).toBe('9.00000')

    // Neither kind of key sees the other's orders.
    expect(await anna.status(order)).toEqual({ error: 'Incorrect order ID' })
    expect(await docket.call({ key, action: 'status', order: live })).toEqual({ error: 'Incorrect order ID' })
    expect(await docket.call({ key, action: 'cancel', order: live })).toEqual([{ order: live, cancel: { error: 'Incorrect order ID' } }])
  })

  test('a second test key shares the test money', async () => {
    const anna = await customer()
    const one = await addKey(docket.db, anna.account, { test: true, label: 'one' }, now())
    const other = await addKey(docket.db, anna.account, { test: true, label: 'other' }, now())
    expect([await docket.balance(one.key), await docket.balance(other.key)]).toEqual(['10000.00000', '10000.00000'])
  })

  test('changes tell each step once, oldest first', async () => {
    const anna = await customer()
    const steps: unknown[] = []
    let cursor: string | undefined
    const readOn = async () => {
      const page = await anna.changes(cursor)
      cursor = page.cursor
      steps.push(
        Object.entries(page.orders).map(([id, order]) => [Number(id), (order as { status: string }).status]),
        Object.values(page.refills),
      )
    }
    const first = await anna.add()
    const second = await anna.add(`${POST}#canceled`)
    await readOn()
    expect(steps.splice(0)).toEqual([
      [
        [first, 'Pending'],
        [second, 'Pending'],
      ],
      [],
    ])
    await readOn()
    expect(steps.splice(0)).toEqual([[], []])

    await handOver()
    for (const [amount, status] of [
      [{ seconds: 15 }, 'Processing'],
      [{ seconds: 30 }, 'In progress'],
    ] as const) {
      await after(amount)
      await readOn()
      expect(steps.splice(0)).toEqual([
        [
          [first, status],
          [second, status],
        ],
        [],
      ])
    }
    await anna.cancel(first)
    await readOn()
    expect(steps.splice(0)).toEqual([[[first, 'In progress']], []])
    await after({ seconds: 5 })
    await readOn()
    expect(steps.splice(0)).toEqual([[[first, 'Partial']], []])
    await after({ minutes: 5 })
    await readOn()
    expect(steps.splice(0)).toEqual([[[second, 'Canceled']], []])

    const { refill } = await anna.refill(first)
    await readOn()
    expect(steps.splice(0)).toEqual([[[first, 'Partial']], [{ status: 'Pending', order: first }]])
    await after({})
    await after({ seconds: 15 })
    await readOn()
    expect(steps.splice(0)).toEqual([[[first, 'Partial']], [{ status: 'In progress', order: first }]])
    await after({ seconds: 60 })
    const page = await anna.changes(cursor)
    expect(page.refills).toEqual({ [refill]: { status: 'Completed', order: first } })

    // From the beginning: everything once, at its newest place.
    const whole = await anna.changes()
    expect(
      Object.keys(whole.orders)
        .map(Number)
        .toSorted((a, b) => a - b),
    ).toEqual([first, second])
    expect(whole.cursor).toBe(page.cursor)
  })

  test('H5 a supplier that fails for a while loses nothing', async () => {
    const anna = await customer()
    const order = await anna.add()
    const broken: Supplier = {
      ...supplier(),
      add: () => Promise.reject(new Error('the supplier is away')),
      status: () => Promise.reject(new Error('the supplier is away')),
      cancel: () => Promise.reject(new Error('the supplier is away')),
    }
    expect(await handOver(broken)).toBe(1)
    expect(await anna.status(order)).toMatchObject({ status: 'Pending', charge: '1.00000' })
    // It waits its pause; then it is handed over, as one piece of work.
    expect(await handOver()).toBe(0)
    docket.clock.forward({ minutes: 2 })
    expect(await handOver()).toBe(1)
    await expect(after({ seconds: 30 }, broken)).rejects.toThrow('the supplier is away')
    expect(await anna.status(order)).toMatchObject({ status: 'Pending' })
    expect(await anna.cancel(order)).toBe(1)
    await expect(after({ minutes: 1 }, broken)).rejects.toThrow('the supplier is away')
    expect(await anna.balance()).toBe('9.00000')
    await after({ minutes: 5 })
    expect(await anna.status(order)).toMatchObject({ status: 'Completed' })
    expect((await docket.db.query('select from simulated_orders where reference = $1', [`sim-${order}`])).rowCount).toBe(1)
  })

  test('H5 an order that the supplier forgot stays watched', async () => {
    const anna = await customer()
    const order = await anna.add()
    await handOver()
    const forgetful: Supplier = { ...supplier(), status: async () => new Map() }
    for (let look = 0; look < 3; look += 1) await after({ minutes: 1 }, forgetful)
    expect(await anna.status(order)).toMatchObject({ status: 'Pending', charge: '1.00000' })
    await after({ minutes: 1 })
    expect(await anna.status(order)).toMatchObject({ status: 'Completed' })
  })
})
