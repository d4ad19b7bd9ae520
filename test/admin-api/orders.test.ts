import { readLog, verifyLog, WHOLE_LOG } from '../../server/staff/log.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { openDocket } from '../support/docket.ts'
import { addStaffClient, addManualSupplier, ask, type StaffClient, customer, eventsOf } from './staff-client.ts'

describe('changing orders', () => {
  const docket = openDocket()
  let staff: StaffClient
  let buyer: ReturnType<typeof customer>
  let service: number
  const pulled = async () => {
    const order = await buyer.add(service)
    await staff.post('/orders/pull', { service_ids: service })
    return order
  }

  beforeAll(async () => {
    await addManualSupplier(docket, 'staff')
    staff = await addStaffClient(docket, 'bot')
    buyer = customer(docket, (await docket.account({ balance: '1000' })).key)
    service = await docket.service({ cancel: true, refill: true }, { supplier: 'staff' })
  })

  test('W3: in an update each order has its own result, and one bad element spoils nothing', async () => {
    const [a, b, c] = [await pulled(), await pulled(), await pulled()]
    const elements = [
      { id: a, status: 'in_progress', start_count: 3572, remains: 900 },
      { id: String(b), status: 'Completed', remains: '-20' },
      { id: 999_999, status: 'completed' },
      { id: 'x', status: 'completed' },
      { id: c, status: 'fail' },
      { id: c, remains: 10.5 },
      { id: c, remains: 1001 },
      { id: c, remains: 800, status: null, start_count: null, cancel_reason: null },
      { id: a, remains: 1 },
      'nonsense',
    ]
    const { data } = await staff.post('/orders/update', { orders: elements })
    const refused = (id: unknown, message: string, error_code: number) => ({ id, success: false, message, error_code })
    const taken = (id: number) => ({ id, success: true, message: '', error_code: 0 })
    expect(data.orders).toEqual([
      taken(a),
      taken(b),
      refused(999_999, 'Incorrect order ID', 404),
      refused('x', 'Incorrect order ID', 404),
      refused(c, 'Incorrect status', 400),
      refused(c, 'Incorrect remains', 400),
      // The first of two that stand for one order is the one that counts.
      refused(c, 'Incorrect remains', 400),
      refused(c, 'This call has the same ID twice', 400),
      refused(a, 'This call has the same ID twice', 400),
      refused('', 'Incorrect order ID', 404),
    ])
    expect(await buyer.status(a)).toMatchObject({ status: 'In progress', start_count: '3572', remains: '900', charge: '1.00000' })
    expect(await buyer.status(b)).toMatchObject({ status: 'Completed', remains: '-20', charge: '1.00000' })
    expect(await eventsOf(docket, a)).toEqual(['staff bot · Processing · handed out', 'staff bot · In progress'])
  })

  test('an order that nobody pulled is its worker’s from the first update on', async () => {
    const order = await buyer.add(service)
    await staff.post('/orders/update', { orders: [{ id: order, start_count: 5 }] })
    expect(await buyer.status(order)).toMatchObject({ status: 'Processing', start_count: '5' })
    expect((await staff.post('/orders/pull', { service_ids: service })).data.list).toEqual([])
    expect(await buyer.cancel(order)).toEqual([{ order, cancel: 1 }])
    expect(await buyer.status(order)).toMatchObject({ status: 'Processing' })
  })

  test('over-delivery is never a refund, and complete means that nothing is left', async () => {
    const [over, stale] = [await pulled(), await pulled()]
    const before = await buyer.balance()
    await staff.post('/orders/update', {
      orders: [
        { id: over, status: 'completed', remains: -500 },
        { id: stale, status: 'completed', remains: 40 },
      ],
    })
    expect(await buyer.status(over)).toMatchObject({ status: 'Completed', remains: '-500' })
    expect(await buyer.status(stale)).toMatchObject({ status: 'Completed', remains: '0' })
    expect(await buyer.balance()).toBe(before)
  })

  test('final is final; the same said again is no fault', async () => {
    const order = await pulled()
    await staff.post(`/orders/${order}/set-partial`, { remains: 250 })
    const again = await staff.post('/orders/update', { orders: [{ id: order, status: 'partial', remains: 250 }] })
    expect(again.data.orders).toMatchObject([{ success: true }])
    for (const change of [
      { status: 'completed' },
      { status: 'canceled' },
      { status: 'partial', remains: 900 },
      { status: 'in_progress' },
      { remains: 1 },
    ]) {
      const { data } = await staff.post('/orders/update', { orders: [{ id: order, ...change }] })
      expect(data.orders).toEqual([{ id: order, success: false, message: 'The order is Partial already', error_code: 409 }])
    }
    expect((await staff.post('/orders/cancel', { ids: [order] })).data).toMatchObject({ ids: [], skipped_ids: [order] })
    expect(await buyer.status(order)).toMatchObject({ status: 'Partial', remains: '250', charge: '0.75000' })
    expect(await eventsOf(docket, order)).toEqual(['staff bot · Processing · handed out', 'staff bot · Partial'])
  })

  test('an open order never goes back', async () => {
    const order = await pulled()
    expect((await staff.post('/orders/change-status', { ids: String(order), status: 'inprogress' })).data).toEqual({
      ids: [order],
      status: 'in_progress',
      skipped_ids: [],
      errors: [],
    })
    for (const status of ['pending', 'processing']) {
      expect((await staff.post('/orders/change-status', { ids: [order], status })).data).toMatchObject({ ids: [], skipped_ids: [order] })
    }
    expect(await buyer.status(order)).toMatchObject({ status: 'In progress' })
  })

  test('W3: change-status and cancel tell which ids they skipped and why', async () => {
    const [open, done] = [await pulled(), await pulled()]
    const answer = await staff.post('/orders/change-status', { ids: `${done},x,999999`, status: 'completed' })
    expect(answer.data).toMatchObject({ ids: [done], skipped_ids: ['x', 999_999] })
    const { data } = await staff.post('/orders/cancel', { ids: [open, done, -1], cancel_reason: 'account is\nprivate' })
    expect(data).toEqual({
      ids: [open],
      skipped_ids: [-1, done],
      errors: [
        { id: -1, success: false, message: 'Incorrect order ID', error_code: 404 },
        { id: done, success: false, message: 'The order is Completed already', error_code: 409 },
      ],
    })
    expect(await buyer.status(open)).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    expect((await eventsOf(docket, open)).at(-1)).toBe('staff bot · Canceled · account is private')
    expect(await staff.post('/orders/change-status', { ids: [open], status: 'partial' })).toMatchObject({ error_code: 400 })
    expect(await staff.post('/orders/change-status', { ids: [open], status: 'constructor' })).toMatchObject({ error_code: 400 })
    expect(await staff.post('/orders/cancel', { ids: Array.from({ length: 501 }, (_, n) => n + 1) })).toMatchObject({
      data: null,
      error_code: 400,
    })
  })

  test('partial needs remains between nothing and everything', async () => {
    const order = await pulled()
    for (const remains of [undefined, -1, 1001, 1.5, 'many', '1e2']) {
      expect(await staff.post(`/orders/${order}/set-partial`, { remains })).toMatchObject({ status: 200, data: null, error_code: 400 })
    }
    expect((await staff.post('/orders/update', { orders: [{ id: order, status: 'partial' }] })).data.orders).toMatchObject([
      { success: false, message: 'remains is required' },
    ])
    expect(await buyer.status(order)).toMatchObject({ status: 'Processing', charge: '1.00000' })
    const { data } = await staff.post(`/orders/${order}/set-partial?remains=333`)
    expect(data).toMatchObject({ id: order, status: 'partial', remains: 333, charge: { value: '0.66700' } })
    const { rows } = await docket.db.query('select state from hand_offs where order_id = $1', [order])
    expect(rows).toEqual([{ state: 'settled' }])
  })

  test('M8: a set-partial doubled, and any mix in parallel, refunds once and never more than the charge', async () => {
    for (let round = 0; round < 8; round += 1) {
      const order = await pulled()
      const before = await buyer.balance()
      const same = await Promise.all([1, 2].map(() => staff.post(`/orders/${order}/set-partial`, { remains: 400 })))
      expect(same.map((answer) => answer.error_code)).toEqual([0, 0])
      expect(Number(await buyer.balance())).toBeCloseTo(Number(before) + 0.4, 5)
      expect((await eventsOf(docket, order)).filter((line) => line.includes('Partial'))).toHaveLength(1)
    }
    for (let round = 0; round < 8; round += 1) {
      const orders = [await pulled(), await pulled(), await pulled()]
      await Promise.all([
        staff.post('/orders/cancel', { ids: orders }),
        staff.post('/orders/update', { orders: orders.toReversed().map((id) => ({ id, status: 'partial', remains: 700 })) }),
        ...orders.map((order) => staff.post(`/orders/${order}/set-partial`, { remains: 300 })),
        ...orders.map((order) => buyer.cancel(order)),
      ])
      for (const order of orders) {
        const { charge, status } = await buyer.status(order)
        expect([`Canceled 0.00000`, `Partial 0.30000`, `Partial 0.70000`]).toContain(`${status} ${charge}`)
        const { rows } = await docket.db.query(`select count(*)::int as n from transfers where order_id = $1 and cause = 'refund'`, [order])
        expect(rows[0]).toEqual({ n: 1 })
      }
    }
  })

  test('everything that staff change is in the log, and the log cannot be changed', async () => {
    const order = await pulled()
    await staff.post('/orders/update', {
      orders: [
        { id: order, status: 'in_progress', remains: 10 },
        { id: 424_242, status: 'completed' },
      ],
    })
    await staff.post('/orders/update', { orders: [{ id: order, status: 'in_progress', remains: 10 }] })
    await staff.post('/orders/cancel', { ids: [order], cancel_reason: 'gone' })
    const { rows } = await docket.db.query(
      'select staff_key_id, label, action, order_ids, details from staff_actions where $1 = any(order_ids) order by id',
      [order],
    )
    const ids = [String(order)]
    expect(rows).toEqual([
      { staff_key_id: staff.keyId, label: 'bot', action: 'orders/pull', order_ids: ids, details: {} },
      {
        staff_key_id: staff.keyId,
        label: 'bot',
        action: 'orders/update',
        order_ids: ids,
        details: { asked: [{ id: String(order), status: 'In progress', remains: '10' }] },
      },
      {
        staff_key_id: staff.keyId,
        label: 'bot',
        action: 'orders/cancel',
        order_ids: ids,
        details: { asked: [{ id: String(order), status: 'Canceled', words: 'gone' }] },
      },
    ])
    const lines = await readLog(docket.db, { ...WHOLE_LOG, order: BigInt(order) }, { before: null, most: 10 })
    expect(lines.toReversed()).toMatchObject([
      { act: 'adminapi orders/pull', who: `bot (staff key ${staff.keyId})`, via: 'api', account: expect.any(Number) },
      { act: 'adminapi orders/update', before: { status: 'Processing' }, after: { status: 'In progress', remains: '10' } },
      { act: 'adminapi orders/cancel', before: { status: 'In progress' }, after: { status: 'Canceled', words: 'gone' } },
    ])
    expect(await verifyLog(docket.db)).toMatchObject({ fault: null })
    await expect(docket.db.query('delete from staff_actions')).rejects.toThrow('append-only')
  })

  test('forms and query strings are read like JSON', async () => {
    const order = await pulled()
    const headers = { 'x-api-key': staff.key }
    await ask(docket, '/orders/change-status', {
      method: 'POST',
      headers,
      body: new URLSearchParams({ ids: String(order), status: 'in_progress' }),
    })
    expect(await buyer.status(order)).toMatchObject({ status: 'In progress' })
    await ask(docket, `/orders/change-status?ids=${order}&status=completed`, { method: 'POST', headers })
    expect(await buyer.status(order)).toMatchObject({ status: 'Completed' })
  })
})

describe('reading orders', () => {
  const docket = openDocket()

  test('orders are listed newest first, filtered, page by page', async () => {
    await addManualSupplier(docket, 'staff')
    await addManualSupplier(docket, 'other staff')
    const staff = await addStaffClient(docket, 'reader')
    const buyer = customer(docket, (await docket.account()).key)
    const [one, two] = [await docket.service({}, { supplier: 'staff' }), await docket.service({}, { supplier: 'other staff' })]
    const orders: number[] = []
    for (const service of [one, two, one, two, one]) {
      orders.push(await buyer.add(service, { quantity: 10 }))
      docket.clock.forward({ hours: 1 })
    }
    await staff.post('/orders/pull', { service_ids: one, limit: 2 })
    await staff.post('/orders/update', { orders: [{ id: orders[0], status: 'completed' }] })
    const [a, b, c, d, e] = orders
    const listed = async (query: string) => (await staff.get(`/orders?${query}`)).data.list.map((order: { id: number }) => order.id)

    expect(await listed('')).toEqual([e, d, c, b, a])
    expect(await listed('limit=0')).toEqual([e, d, c, b, a])
    expect(await listed('order_status=pending')).toEqual([e, d, b])
    expect(await listed('status=processing,completed')).toEqual([c, a])
    expect(await listed(`service_ids=${two}`)).toEqual([d, b])
    expect(await listed(`ids=${a},${d},777`)).toEqual([d, a])
    expect(await listed(`created_from=${Date.parse('2026-03-01T14:00:00Z') / 1000}`)).toEqual([e, d, c])
    expect(await listed('created_from=2026-03-01T13:00&created_to=2026-03-01 15:00:00')).toEqual([d, c, b])

    const first = (await staff.get('/orders?limit=2&order_status=pending')).data
    expect(first).toMatchObject({ count: 2, pagination: { offset: 0, limit: 2, prev_page_href: '' } })
    const next = (await staff.get(first.pagination.next_page_href.replace('/adminapi/v2', ''))).data
    expect(next.list.map((order: { id: number }) => order.id)).toEqual([b])
    expect(next.pagination.next_page_href).toBe('')
    for (const query of ['order_status=fail', 'created_from=soon', 'service_ids=x', 'offset=-1', 'offset=10001']) {
      expect(await staff.get(`/orders?${query}`)).toMatchObject({ status: 200, data: null, error_code: 400 })
    }
  })

  test('an order is shown with its timeline', async () => {
    const staff = await addStaffClient(docket, 'teller')
    const buyer = customer(docket, (await docket.account()).key)
    const service = await docket.service({ cancel: true }, { supplier: 'staff' })
    const order = await buyer.add(service)
    await staff.post('/orders/pull', { service_ids: service })
    await buyer.cancel(order)
    const { data } = await staff.get(`/orders/${order}`)
    expect(data).toMatchObject({ id: order, cancel_asked: true, status: 'processing' })
    expect(data.timeline).toMatchObject([
      { by: 'staff teller', status: 'processing', words: 'handed out' },
      { by: 'customer', status: 'processing', words: 'cancel requested' },
    ])
    expect(await staff.get('/orders/x')).toMatchObject({ status: 200, error_code: 404 })
  })
})
