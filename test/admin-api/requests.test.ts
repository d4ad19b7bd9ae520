import { beforeAll, describe, expect, test } from 'vitest'
import { workSubscriptions } from '../../server/fulfilment/subscriptions.ts'
import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { openPlacing } from '../../server/orders/place.ts'
import { openDocket } from '../support/docket.ts'
import { addStaffClient, addManualSupplier, type StaffClient, customer, eventsOf } from './staff-client.ts'

describe('what customers ask of manual orders', () => {
  const docket = openDocket()
  let staff: StaffClient
  let buyer: ReturnType<typeof customer>
  let service: number
  const pulled = async () => {
    const order = await buyer.add(service)
    await staff.post('/orders/pull', { service_ids: service })
    return order
  }
  const cancels = async () =>
    (await staff.post('/cancel/pull', { service_ids: service })).data.list.map((order: { id: number }) => order.id)

  beforeAll(async () => {
    await addManualSupplier(docket, 'staff')
    staff = await addStaffClient(docket, 'bot')
    buyer = customer(docket, (await docket.account({ balance: '1000' })).key)
    service = await docket.service({ cancel: true, refill: true }, { supplier: 'staff' })
  })

  test('H6: a cancel is told once, and money moves when the worker says so, once', async () => {
    const order = await pulled()
    const before = await buyer.balance()
    await buyer.cancel(order)
    await buyer.cancel(order)
    expect(await buyer.balance()).toBe(before)
    const { data } = await staff.post('/cancel/pull')
    expect(data).toMatchObject({
      count: 1,
      list: [{ id: order, order_id: order, remains: 1000, status: 'processing', cancel_asked: true }],
    })
    expect(await cancels()).toEqual([])
    await staff.post('/orders/update', { orders: [{ id: order, status: 'partial', remains: 600 }] })
    expect(await buyer.status(order)).toMatchObject({ status: 'Partial', charge: '0.40000' })
  })

  test('H4: cancel pulls at once tell each request once', async () => {
    const orders = [await pulled(), await pulled(), await pulled(), await pulled()]
    for (const order of orders) await buyer.cancel(order)
    const told = (await Promise.all([cancels(), cancels(), cancels(), cancels()])).flat()
    expect(told.toSorted((a, b) => a - b)).toEqual(orders)
  })

  test('a rejected cancel leaves the order at work, and may be asked for again', async () => {
    const order = await pulled()
    await buyer.cancel(order)
    await cancels()
    expect((await staff.post('/cancel/reject', { ids: [order], reason: 'half done' })).data).toMatchObject({
      ids: [order],
      skipped_ids: [],
    })
    expect((await staff.post('/cancel/reject', { ids: [order, 0] })).data).toMatchObject({ ids: [], skipped_ids: [0, order] })
    expect((await eventsOf(docket, order)).at(-1)).toBe('staff bot · Processing · cancel refused: half done')
    expect(await buyer.status(order)).toMatchObject({ status: 'Processing', charge: '1.00000' })
    await buyer.cancel(order)
    expect(await cancels()).toEqual([order])
  })

  test('staff ask for a cancel: the worker is told, and what nobody has is cancelled at once', async () => {
    const working = await pulled()
    const waiting = await buyer.add(service)
    const { data } = await staff.post('/orders/request-cancel', { ids: `${working},${waiting},31337`, reason: 'wrong link' })
    expect(data).toMatchObject({ ids: [working, waiting], skipped_ids: [31_337] })
    expect(await buyer.status(waiting)).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    expect(await buyer.status(working)).toMatchObject({ status: 'Processing' })
    expect(await cancels()).toEqual([working])
    expect((await eventsOf(docket, working)).at(-1)).toBe('staff bot · Processing · cancel requested: wrong link')
    expect((await staff.post('/orders/pull', { service_ids: service })).data.list).toEqual([])
  })

  test('H7: a refill is handed out once, moves forward, and ends once', async () => {
    const order = await pulled()
    await staff.post('/orders/update', { orders: [{ id: order, status: 'completed' }] })
    const { refill: text } = await buyer.refill(order)
    const refill = Number(text)
    const refillStatus = async () => (await docket.call({ key: buyer.key, action: 'refill_status', refill })).status
    expect(await refillStatus()).toBe('Pending')

    const pulls = await Promise.all([1, 2, 3].map(() => staff.post('/refill/pull', { service_ids: service })))
    const handed = pulls.flatMap((pull) => pull.data.list)
    expect(handed).toMatchObject([
      { id: refill, order_id: order, status: 'in_progress', order_status: 'completed', quantity: 1000, link: 'https://example.com/p' },
    ])
    expect(await refillStatus()).toBe('In progress')
    expect(await buyer.refill(order)).toEqual({ error: 'Refill already requested' })

    const changed = await staff.post('/refill/change-status', { ids: [refill, 'x', 8888], status: 'completed' })
    expect(changed.data).toMatchObject({ ids: [refill], status: 'completed', skipped_ids: ['x', 8888] })
    expect((await staff.post('/refill/change-status', { refill_id: refill, status: 'completed' })).data).toMatchObject({ ids: [refill] })
    expect((await staff.post('/refill/change-status', { ids: refill, status: 'rejected' })).data).toMatchObject({
      ids: [],
      skipped_ids: [refill],
    })
    expect(await refillStatus()).toBe('Completed')
    expect(await eventsOf(docket, order)).toEqual([
      'staff bot · Processing · handed out',
      'staff bot · Completed',
      'customer · Pending · refill requested',
      'staff bot · In progress · refill handed out',
      'staff bot · Completed · refill completed',
    ])
    const { rows } = await docket.db.query(`select action, refill_ids from staff_actions where refill_ids <> '{}' order by id`)
    expect(rows).toEqual(['refill/pull', 'refill/change-status'].map((action) => ({ action, refill_ids: [String(refill)] })))
  })

  test('a refill of another supplier’s order is unknown', async () => {
    await addManualSupplier(docket, 'another staff')
    const others = await addStaffClient(docket, 'others', ['another staff'])
    const order = await pulled()
    await staff.post('/orders/change-status', { ids: order, status: 'completed' })
    const { refill } = await buyer.refill(order)
    expect((await others.post('/refill/pull')).data.list).toEqual([])
    expect((await others.post('/refill/change-status', { ids: refill, status: 'rejected' })).data.errors).toMatchObject([
      { message: 'Refill not found', error_code: 404 },
    ])
    expect((await staff.post('/refill/change-status', { ids: refill, status: 'rejected', reason: 'no drop' })).data).toMatchObject({
      ids: [Number(refill)],
    })
  })

  test('posts that are fed to a subscription are ordered once each, and worked like other orders', async () => {
    const subscription = await docket.service({ type: 'Subscriptions', min: 1, max: 1000 }, { supplier: 'staff' })
    const { order } = await docket.call({
      key: buyer.key,
      action: 'add',
      service: subscription,
      username: 'somebody',
      min: 100,
      max: 100,
      posts: 2,
      delay: 0,
    })
    const posts = [
      'https://example.com/1',
      'https://example.com/1',
      'javascript:alert(1)',
      7,
      'https://example.com/2',
      'https://example.com/3',
    ]
    const { data } = await staff.post(`/subscriptions/${order}/posts`, { posts })
    expect(data).toEqual({
      taken: 2,
      passed_over: 1,
      errors: [
        { post: 'javascript:alert(1)', message: 'Incorrect link', error_code: 400 },
        { post: 7, message: 'Incorrect link', error_code: 400 },
      ],
    })
    expect((await staff.post(`/subscriptions/${order}/posts`, { posts: ['https://example.com/1'] })).data).toMatchObject({
      taken: 0,
      passed_over: 1,
    })
    expect(await staff.post('/subscriptions/99999/posts', { posts })).toMatchObject({ error_code: 404 })
    expect(await staff.post(`/subscriptions/${await pulled()}/posts`, { posts })).toMatchObject({ error_code: 404 })

    const catalogue = await openCatalogue(docket.db)
    const placing = openPlacing({ db: docket.db, catalogue, now: docket.clock.now, queueLimit: 10 })
    // One post at a time, and the look that finds all served comes after the last.
    for (let look = 0; look < 3; look += 1) await workSubscriptions({ db: docket.db, now: docket.clock.now, catalogue, placing })
    const { list } = (await staff.post('/orders/pull', { service_ids: subscription })).data
    expect(list).toMatchObject([
      { link: 'https://example.com/1', quantity: 100, parent_id: order },
      { link: 'https://example.com/2', quantity: 100, parent_id: order },
    ])
    expect(await staff.post(`/subscriptions/${order}/posts`, { posts: ['https://example.com/9'] })).toMatchObject({ error_code: 409 })
  })
})
