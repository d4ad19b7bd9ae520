import { beforeAll, describe, expect, test } from 'vitest'
import { setSupplier } from '../../server/suppliers/registry.ts'
import { workDripFeeds } from '../../server/fulfilment/drip.ts'
import { openDocket } from '../support/docket.ts'
import { addStaffClient, addManualSupplier, type StaffClient, customer, eventsOf } from './staff-client.ts'

describe('pulling orders', () => {
  const docket = openDocket()
  let staff: StaffClient
  let buyer: ReturnType<typeof customer>
  const manual = (entry: Record<string, unknown> = {}) => docket.service({ cancel: true, ...entry }, { supplier: 'staff' })

  beforeAll(async () => {
    await addManualSupplier(docket, 'staff')
    staff = await addStaffClient(docket, 'bot')
    buyer = customer(docket, (await docket.account({ balance: '1000' })).key)
  })

  test('an order is handed out with all that its work needs, and is Processing from then on', async () => {
    const service = await manual({ type: 'Custom Comments', name: 'Comments', rate: '2' })
    const order = await docket.call({
      key: buyer.key,
      action: 'add',
      service,
      link: 'https://example.com/c',
      comments: 'Nice one, really\nSecond',
    })
    const { data, error_code, error_message } = await staff.post('/orders/pull', { service_ids: String(service), limit: 10 })
    expect({ error_code, error_message }).toEqual({ error_code: 0, error_message: '' })
    expect(data).toMatchObject({
      count: 1,
      list: [
        {
          id: order.order,
          link: 'https://example.com/c',
          quantity: 2,
          remains: 2,
          start_count: 0,
          service_id: service,
          service_type: 'Custom Comments',
          service_name: 'Comments',
          provider: 'staff',
          status: 'processing',
          mode: 'manual',
          charge: { value: '0.00400', currency_code: 'USD' },
          comments: 'Nice one, really\nSecond',
          order_buttons: [{ title: 'comments', service_type: 'Custom Comments', user_data: ['Nice one, really', 'Second'] }],
          created: '2026-03-01 12:00:00',
          created_timestamp: 1_772_366_400,
        },
      ],
    })
    expect(JSON.stringify(data)).not.toMatch(/customer\d+@example\.com|dk_/)
    expect(await buyer.status(order.order)).toMatchObject({ status: 'Processing', remains: '2' })
    expect(await eventsOf(docket, order.order)).toEqual(['staff bot · Processing · handed out'])
    const { rows } = await docket.db.query('select state, reference, due_at from hand_offs where order_id = $1', [order.order])
    expect(rows).toEqual([{ state: 'sent', reference: 'manual', due_at: Infinity }])
    const { rows: log } = await docket.db.query('select label, action, order_ids, at from staff_actions where $1 = any(order_ids)', [
      order.order,
    ])
    expect(log).toEqual([{ label: 'bot', action: 'orders/pull', order_ids: [String(order.order)], at: docket.clock.now() }])
  })

  test('service_ids and limit choose; the oldest come first', async () => {
    const [one, two] = [await manual(), await manual()]
    const orders = [await buyer.add(one), await buyer.add(one), await buyer.add(two)]
    const ids = async (body: object) => (await staff.post('/orders/pull', body)).data.list.map((order: { id: number }) => order.id)
    expect(await ids({ service_ids: [two] })).toEqual([orders[2]])
    expect(await ids({ service_ids: `${one},${two}`, limit: 1 })).toEqual([orders[0]])
    expect(await ids({})).toEqual([orders[1]])
    expect(await staff.post('/orders/pull', { service_ids: '1,x' })).toMatchObject({
      status: 200,
      error_code: 400,
      error_message: 'Incorrect service_ids',
    })
    expect(await staff.post('/orders/pull', { limit: 'many' })).toMatchObject({ error_code: 400, error_message: 'Incorrect limit' })
  })

  test('H4: many pulls at once never hand one order out twice', async () => {
    const service = await manual()
    const orders = await Promise.all(
      Array.from({ length: 60 }, (_, n) => buyer.add(service, { link: `https://example.com/${n}`, quantity: 10 })),
    )
    const other = await addStaffClient(docket, 'other bot')
    const pulls = Array.from({ length: 12 }, (_, n) => (n % 2 ? staff : other).post('/orders/pull', { service_ids: service, limit: 9 }))
    const first = (await Promise.all(pulls)).flatMap((pull) => pull.data.list.map((order: { id: number }) => order.id))
    const rest = (await staff.post('/orders/pull', { service_ids: service })).data.list.map((order: { id: number }) => order.id)
    expect([...first, ...rest].toSorted((a, b) => a - b)).toEqual(orders.toSorted((a, b) => a - b))
    for (const order of orders) expect(await eventsOf(docket, order)).toHaveLength(1)
  })

  test('a customer’s cancel against a pull: cancelled with its refund, or handed out with the request; never both', async () => {
    const service = await manual()
    for (let round = 0; round < 15; round += 1) {
      const before = await buyer.balance()
      const order = await buyer.add(service)
      const [cancel, pull] = await Promise.all([buyer.cancel(order), staff.post('/orders/pull', { service_ids: service })])
      expect(cancel).toEqual([{ order, cancel: 1 }])
      const handed = pull.data.list.some((one: { id: number }) => one.id === order)
      const requests = (await staff.post('/cancel/pull')).data.list.map((one: { id: number }) => one.id)
      if (handed) {
        expect(requests).toEqual([order])
        expect(await buyer.status(order)).toMatchObject({ status: 'Processing', charge: '1.00000' })
        await staff.post('/orders/cancel', { ids: [order] })
      } else expect(requests).toEqual([])
      expect(await buyer.status(order)).toMatchObject({ status: 'Canceled', charge: '0.00000' })
      expect(await buyer.balance()).toBe(before)
      expect((await staff.post('/orders/pull', { service_ids: service })).data.count).toBe(0)
    }
  })

  test('nothing is handed out for a supplier that is paused', async () => {
    const service = await manual()
    const order = await buyer.add(service)
    const secret = { seal: (text: string) => Buffer.from(text), open: (sealed: Buffer) => sealed.toString() }
    await setSupplier(docket.db, 'staff', { paused: true }, secret)
    expect((await staff.post('/orders/pull', { service_ids: service })).data.count).toBe(0)
    expect((await staff.get(`/orders/${order}`)).data.status).toBe('pending')
    await setSupplier(docket.db, 'staff', { paused: false }, secret)
    expect((await staff.post('/orders/pull', { service_ids: service })).data.count).toBe(1)
  })

  test('a drip-feed is worked run by run; a run that its cancel overtook is not handed out', async () => {
    const service = await manual({ dripfeed: true })
    const parent = await buyer.add(service, { quantity: 100, runs: 3, interval: 10 })
    await workDripFeeds(docket.db, docket.clock.now)
    const [run] = (await staff.post('/orders/pull', { service_ids: service })).data.list
    expect(run).toMatchObject({ quantity: 100, parent_id: parent, charge: { value: '0.00000' } })
    await staff.post('/orders/update', { orders: [{ id: run.id, status: 'completed' }] })
    expect((await staff.post('/orders/update', { orders: [{ id: parent, status: 'completed' }] })).data.orders).toMatchObject([
      { success: false, error_code: 409 },
    ])
    docket.clock.forward({ minutes: 10 })
    await workDripFeeds(docket.db, docket.clock.now)
    await buyer.cancel(parent)
    expect((await staff.post('/orders/pull', { service_ids: service })).data.list).toEqual([])
    await workDripFeeds(docket.db, docket.clock.now)
    expect(await buyer.status(parent)).toMatchObject({ status: 'Partial', charge: '0.10000', remains: '200' })
  })
})
