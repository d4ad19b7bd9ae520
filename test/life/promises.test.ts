import { beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../server/orders/audit-books.ts'
import { addKey } from '../../server/customers/keys.ts'
import { decide } from '../../server/fulfilment/decide.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { listAlerts } from '../../server/fulfilment/staff.ts'
import { readMisses } from '../../server/orders/promises.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { crowd } from '../support/clients.ts'
import { openDocket, type Parameters } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { workOnce } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { tell } from '../support/order-life.ts'
import { type ToldSupplier, toldSupplier } from '../support/told-supplier.ts'

const docket = openDocket()
beforeAll(() => guardFeed(docket.db))
const LINK = 'https://example.com/p'

interface Terms {
  start_within?: number
  finish_within?: number
  compensation_basis_points?: number
}

/** A service with these terms at a supplier of its own, and a customer with ten dollars. */
async function shop(terms: Terms, more: Record<string, unknown> = {}) {
  const supplier = await toldSupplier(docket)
  const service = await onSale(docket, { rate: '1', cancel: true, dripfeed: true, ...more, ...terms })
  await change(docket, service, { supplier: supplier.name })
  const { key, account } = await docket.account({ balance: '10' })
  const add = async (parameters: Parameters = {}): Promise<number> => {
    const answer = await docket.call({ key, action: 'add', service, link: LINK, quantity: 1000, ...parameters })
    expect(answer).toEqual({ order: expect.any(Number) })
    return answer.order
  }
  const status = (order: number) => docket.call({ key, action: 'status', order, extended: 1 })
  const balance = () => docket.balance(key)
  return { supplier, service, key, account, add, status, balance, work: () => work(supplier) }
}

const work = ({ id, supplier }: ToldSupplier) => workOnce(docket, { id, supplier })

/** At its hour a supplier is asked once more; a minute later the promise is judged. */
async function pass(shop: { work: () => Promise<void> }, minutes: number) {
  docket.clock.forward({ minutes })
  await shop.work()
  docket.clock.forward({ minutes: 1 })
  await shop.work()
}

async function timeline(order: number): Promise<(string | null)[]> {
  const { rows } = await docket.db.query<{ words: string | null }>(
    `select words from order_events where order_id = $1 and by = 'docket' order by change`,
    [order],
  )
  return rows.map((row) => row.words)
}

async function promisesOf(order: number): Promise<Record<string, string>> {
  const { rows } = await docket.db.query<{ promise: string; state: string }>(
    'select promise, state from promises where order_id = $1 order by promise desc',
    [order],
  )
  return Object.fromEntries(rows.map((row) => [row.promise, row.state]))
}

async function misses(supplier: ToldSupplier) {
  return (await listAlerts(docket.db)).filter((alert) => alert.kind === 'promise missed' && alert.supplier === supplier.name)
}

describe('a start that was promised', () => {
  test('in time: nothing happens', async () => {
    const { supplier, add, status, balance, work } = await shop({ start_within: 60 })
    const order = await add()
    const placed = docket.clock.now()
    await work()
    supplier.tell(order, 'In progress', { startCount: 10, remains: 1000 })
    docket.clock.forward({ minutes: 59 })
    await work()
    const started = docket.clock.now().toISOString()
    expect(await status(order)).toMatchObject({ started, start_by: new Date(placed.getTime() + 3_600_000).toISOString(), finish_by: null })
    await pass({ work }, 2)
    expect(await promisesOf(order)).toEqual({ start: 'kept' })
    expect(supplier.cancels).toEqual([])
    expect(await balance()).toBe('9.00000')
  })

  test('missed while nobody has the order: cancelled and refunded by itself', async () => {
    const service = await onSale(docket, { rate: '1', start_within: 30 })
    const { key } = await docket.account({ balance: '10' })
    const { order } = await docket.call({ key, action: 'add', service, link: LINK, quantity: 1000 })
    docket.clock.forward({ minutes: 29, seconds: 59 })
    await workPromises(docket.db, docket.clock.now)
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Pending' })
    docket.clock.forward({ seconds: 1 })
    await workPromises(docket.db, docket.clock.now)
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    expect(await docket.balance(key)).toBe('10.00000')
    expect(await timeline(order)).toEqual(['not started within 30 minutes: cancelled, nothing was sent'])
  })

  test('missed at a supplier: it is asked to cancel, and money moves when it has', async () => {
    const made = await shop({ start_within: 60 }, { cancel: false })
    const { supplier, add, status, balance } = made
    const order = await add()
    await made.work()
    supplier.tell(order, 'Pending')
    await pass(made, 60)
    expect(supplier.cancels).toEqual([])
    expect(await status(order)).toMatchObject({ status: 'Pending', charge: '1.00000' })
    expect(await timeline(order)).toEqual(['not started within 60 minutes: cancel requested'])

    await made.work()
    expect(supplier.cancels).toEqual([order])
    supplier.tell(order, 'Canceled')
    docket.clock.forward({ minutes: 5 })
    await made.work()
    expect(await status(order)).toMatchObject({ status: 'Canceled', charge: '0.00000', started: null })
    expect(await balance()).toBe('10.00000')
  })

  test('a supplier that refuses to cancel is a matter for staff until the order ends', async () => {
    const made = await shop({ start_within: 60 })
    const { supplier, add } = made
    supplier.onCancel = () => ({ kind: 'refused', words: 'we never cancel' })
    const order = await add()
    await made.work()
    supplier.tell(order, 'Processing')
    await pass(made, 60)
    await made.work()
    const alert = (await misses(supplier)).find((each) => each.order === BigInt(order))
    expect(alert?.words).toBe('cancel refused: we never cancel')

    supplier.tell(order, 'Completed', { remains: 0 })
    docket.clock.forward({ minutes: 5 })
    await made.work()
    await made.work()
    expect((await misses(supplier)).filter((each) => each.order !== null)).toEqual([])
  })

  test('what its supplier says at the hour still counts', async () => {
    const made = await shop({ start_within: 24 * 60, compensation_basis_points: 500 })
    const { supplier, add, balance } = made
    const order = await add()
    await made.work()
    supplier.tell(order, 'Pending')
    docket.clock.forward({ hours: 23, minutes: 59 })
    await made.work()
    // It begins; an order of this age is looked at every few minutes only.
    supplier.tell(order, 'In progress', { startCount: 7, remains: 990 })
    docket.clock.forward({ minutes: 1 })
    await made.work()
    await made.work()
    docket.clock.forward({ minutes: 1 })
    await made.work()
    expect(await promisesOf(order)).toEqual({ start: 'kept' })
    expect(await balance()).toBe('9.00000')
  })

  test('missed: its share of the charge is paid back, once, and shown', async () => {
    const made = await shop({ start_within: 60, compensation_basis_points: 500 })
    const { supplier, key, add, status, balance } = made
    const order = await add()
    await made.work()
    supplier.tell(order, 'Pending')
    await pass(made, 60)
    await pass(made, 600)
    expect(await balance()).toBe('9.05000')
    expect(await status(order)).toMatchObject({ status: 'Pending', charge: '0.95000', compensated: '0.05000' })
    expect(await timeline(order)).toEqual(['not started within 60 minutes: 0.05000 paid back'])
    const { lines } = await docket.call({ key, action: 'ledger' })
    expect(lines.at(-1)).toMatchObject({
      cause: 'compensation',
      from: 'given',
      to: 'wallet',
      amount: '0.05000',
      balance: '9.05000',
      order,
      reference: 'start promise missed',
    })
    expect(await misses(supplier)).toMatchObject([
      { order: null, times: 1, words: expect.stringContaining('not started within 60 minutes') },
    ])

    // The rest of its life goes on as ever: what is refunded comes out of what was kept.
    supplier.tell(order, 'Partial', { remains: 500 })
    docket.clock.forward({ hours: 1 })
    await made.work()
    expect(await status(order)).toMatchObject({ status: 'Partial', charge: '0.45000' })
    expect(await balance()).toBe('9.55000')
    docket.clock.forward({ days: 2 })
    await made.work()
    expect(await misses(supplier)).toEqual([])
  })

  test('one that starts late is not stopped for it', async () => {
    const made = await shop({ start_within: 60 })
    const { supplier, add, status } = made
    const order = await add()
    await made.work()
    // No node was running at the hour.
    docket.clock.forward({ hours: 3 })
    supplier.tell(order, 'In progress', { startCount: 5, remains: 900 })
    await made.work()
    expect(await status(order)).toMatchObject({ status: 'In progress' })
    expect(await promisesOf(order)).toEqual({ start: 'missed' })
    expect(supplier.cancels).toEqual([])
    expect(await timeline(order)).toEqual(['not started within 60 minutes: it has started since'])
  })

  test('one that nobody knows of stays with staff, and they see why', async () => {
    const made = await shop({ start_within: 60 })
    const { supplier, add, status } = made
    supplier.onAdd = () => ({ kind: 'unknown', words: 'the line went dead' })
    const order = await add()
    await made.work()
    docket.clock.forward({ minutes: 60 })
    await made.work()
    expect(await status(order)).toMatchObject({ status: 'Pending', charge: '1.00000' })
    const kinds = (await listAlerts(docket.db)).filter((alert) => alert.order === BigInt(order)).map((alert) => alert.kind)
    expect(kinds.toSorted()).toEqual(['cancel requested', 'unconfirmed hand-off'])
    expect(await decide(docket.db, BigInt(order), { they: 'do not: send' }, docket.clock.now())).toBe('cancelled')
    expect(await status(order)).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    expect(supplier.handed).toEqual([order])
  })

  test('a cancel before its hour ends the promise', async () => {
    const made = await shop({ start_within: 60, compensation_basis_points: 500 })
    const { key, add, balance } = made
    const order = await add()
    expect(await docket.call({ key, action: 'cancel', order })).toEqual([{ order, cancel: 1 }])
    await pass(made, 60)
    expect(await promisesOf(order)).toEqual({ start: 'void' })
    expect(await balance()).toBe('10.00000')
  })
})

describe('a finish that was promised', () => {
  test('missed: a cancel is asked, and what is not delivered is refunded', async () => {
    const made = await shop({ finish_within: 120 })
    const { supplier, add, status, balance } = made
    const order = await add()
    await made.work()
    supplier.tell(order, 'In progress', { startCount: 1, remains: 400 })
    await pass(made, 120)
    await made.work()
    expect(supplier.cancels).toEqual([order])
    supplier.tell(order, 'Partial', { remains: 400 })
    docket.clock.forward({ minutes: 5 })
    await made.work()
    expect(await status(order)).toMatchObject({ status: 'Partial', charge: '0.60000', compensated: '0.00000' })
    expect(await balance()).toBe('9.40000')
    expect(await timeline(order)).toEqual(['not finished within 120 minutes: cancel requested'])
  })

  test('a supplier that refused an earlier cancel is asked again', async () => {
    const made = await shop({ finish_within: 120 })
    const { supplier, key, add } = made
    supplier.onCancel = () => ({ kind: 'refused', words: 'too early' })
    const order = await add()
    await made.work()
    supplier.tell(order, 'In progress', { remains: 900 })
    await docket.call({ key, action: 'cancel', order })
    docket.clock.forward({ minutes: 5 })
    await made.work()
    expect(supplier.cancels).toEqual([order])
    await pass(made, 115)
    await made.work()
    expect(supplier.cancels).toEqual([order, order])
  })

  test('finished after its hour: the share is paid back of what was kept', async () => {
    const made = await shop({ finish_within: 60, compensation_basis_points: 2000 })
    const { supplier, add, status, balance } = made
    const order = await add()
    await made.work()
    docket.clock.forward({ hours: 5 })
    supplier.tell(order, 'Partial', { remains: 900 })
    await made.work()
    await made.work()
    // 90 % refunded and 20 % promised: 10 % were left.
    expect(await status(order)).toMatchObject({ status: 'Partial', charge: '0.00000', compensated: '0.10000' })
    expect(await balance()).toBe('10.00000')
  })

  test('M8 both promises and a cancel together give back the charge and no more', async () => {
    const made = await shop({ start_within: 10, finish_within: 10, compensation_basis_points: 8000 })
    const { supplier, add, status, balance } = made
    const order = await add()
    await made.work()
    await pass(made, 10)
    expect(await promisesOf(order)).toEqual({ start: 'missed', finish: 'missed' })
    expect(await status(order)).toMatchObject({ charge: '0.00000', compensated: '1.00000', status: 'Pending' })
    supplier.tell(order, 'Canceled')
    docket.clock.forward({ minutes: 5 })
    await made.work()
    expect(await status(order)).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    expect(await balance()).toBe('10.00000')
  })

  test('M9 a share is rounded once, half up', async () => {
    const made = await shop({ finish_within: 10, compensation_basis_points: 5000 }, { rate: '0.00007' })
    const { add, balance } = made
    const before = await balance()
    // 0.00007 for a thousand: half of it is 3.5 units.
    await add()
    await pass(made, 10)
    expect(before).toBe('10.00000')
    expect(await balance()).toBe('9.99997')
  })
})

describe('what is promised, and to whom', () => {
  test('an order keeps the promise that it was placed with', async () => {
    const made = await shop({ start_within: 60, compensation_basis_points: 1000 })
    const { service, add, balance, status } = made
    const order = await add()
    await change(docket, service, { startWithin: null, compensationBasisPoints: null })
    const later = await add()
    await change(docket, service, { startWithin: 10 })
    await pass(made, 60)
    expect(await promisesOf(order)).toEqual({ start: 'missed' })
    expect(await promisesOf(later)).toEqual({})
    expect(await status(later)).toMatchObject({ start_by: null, status: 'Pending', charge: '1.00000' })
    expect(await balance()).toBe('8.10000')
  })

  test('a drip-feed starts with its first run, and finishes as long after its last', async () => {
    const made = await shop({ start_within: 30, finish_within: 60, compensation_basis_points: 1000 })
    const { supplier, add, status, balance } = made
    const placed = docket.clock.now()
    const order = await add({ quantity: 100, runs: 3, interval: 10 })
    await made.work()
    const due = await status(order)
    expect(due).toMatchObject({ status: 'In progress', started: null })
    expect(new Date(due.finish_by).getTime() - placed.getTime()).toBe(80 * 60_000)

    const [run] = due.orders
    docket.clock.forward({ minutes: 5 })
    supplier.tell(run, 'In progress', { startCount: 3, remains: 100 })
    await made.work()
    expect(await status(order)).toMatchObject({ started: docket.clock.now().toISOString() })
    expect(await promisesOf(run)).toEqual({})
    for (const minutes of [10, 10, 40, 20]) await pass(made, minutes)
    expect(await promisesOf(order)).toEqual({ start: 'kept', finish: 'missed' })
    // A tenth of what all runs cost.
    expect(await balance()).toBe('9.73000')
  })

  test('a drip-feed none of whose runs begins is stopped, with its runs', async () => {
    const made = await shop({ start_within: 30 })
    const { supplier, add, status, balance } = made
    supplier.onAdd = () => ({ kind: 'refused', reason: 'limits', words: 'not now' })
    const order = await add({ quantity: 100, runs: 3, interval: 60 })
    await made.work()
    docket.clock.forward({ minutes: 30 })
    await made.work()
    await made.work()
    expect(await status(order)).toMatchObject({ status: 'Canceled', charge: '0.00000' })
    expect(await balance()).toBe('10.00000')
    const handed = supplier.handed.length
    await pass(made, 120)
    expect(supplier.handed).toHaveLength(handed)
  })

  test('a subscription is promised nothing, the orders of its posts are', async () => {
    const made = await shop({ start_within: 30, compensation_basis_points: 1000 }, { type: 'Subscriptions', rate: '10', min: 10 })
    const { key, service, status, balance } = made
    const { order } = await docket.call({ key, action: 'add', service, username: 'maker', min: 100, max: 100, delay: 0 })
    await feedPosts(docket.db, BigInt(order), ['https://example.com/maker/1'], docket.clock.now())
    await made.work()
    expect(await promisesOf(order)).toEqual({})
    const [post] = (await status(order)).orders
    await pass(made, 30)
    expect(await promisesOf(post)).toEqual({ start: 'missed' })
    expect(await balance()).toBe('9.10000')
    expect(await status(order)).toMatchObject({ status: 'Active' })
  })

  test('what was missed is told by service', async () => {
    const made = await shop({ start_within: 30, finish_within: 40, compensation_basis_points: 1000 })
    const from = docket.clock.now()
    for (let order = 0; order < 3; order += 1) await made.add()
    await pass(made, 30)
    await pass(made, 10)
    const told = (await readMisses(docket.db, from)).filter((one) => one.serviceId === made.service)
    expect(told).toMatchObject([
      { promise: 'start', missed: 3, paidBack: 30_000n, currency: 'USD' },
      { promise: 'finish', missed: 3, paidBack: 30_000n, currency: 'USD' },
    ])
    docket.clock.forward({ minutes: 1 })
    expect(await readMisses(docket.db, docket.clock.now())).toEqual([])
  })

  test('a test key gets test money back, and staff hear nothing', async () => {
    const { service, account, supplier } = await shop({ start_within: 30, compensation_basis_points: 1000 })
    const { key } = await addKey(docket.db, account, { test: true, label: 'sandbox' }, docket.clock.now())
    const { order } = await docket.call({ key, action: 'add', service, link: LINK, quantity: 1000 })
    docket.clock.forward({ minutes: 30 })
    await workPromises(docket.db, docket.clock.now)
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ charge: '0.90000' })
    expect(await docket.balance(key)).toBe('9999.10000')
    expect(await misses(supplier)).toEqual([])
    expect((await listAlerts(docket.db)).filter((alert) => alert.words.includes(`Order ${order} `))).toEqual([])
  })
})

describe('once', () => {
  test('H4 many nodes at once pay each promise once', async () => {
    const { add, balance } = await shop({ start_within: 30, finish_within: 60, compensation_basis_points: 1000 })
    for (let order = 0; order < 5; order += 1) await add()
    docket.clock.forward({ hours: 2 })
    const taken = await crowd(8, () => workPromises(docket.db, docket.clock.now))
    expect(taken.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(10)
    expect(await balance()).toBe('6.00000')
  })

  test('M10 the database refuses a second compensation, and an unjudged one does not pass the audit', async () => {
    const made = await shop({ start_within: 30, compensation_basis_points: 1000 })
    const order = await made.add()
    await pass(made, 30)
    const again = docket.db.query('select compensate_order($1, $2, $3, $4, $5)', [docket.clock.now(), order, 'start', 5, 'again'])
    await expect(again).rejects.toMatchObject({ constraint: 'one_compensation_per_promise' })
    await expect(docket.db.query('update orders set refunded = charge + 1 where id = $1', [order])).rejects.toMatchObject({
      constraint: 'refunds_never_exceed_the_charge',
    })

    await docket.db.query('update promises set compensation = compensation - 1 where order_id = $1', [order])
    const faults = (await audit(docket.db)).checks.filter((check) => !check.ok)
    expect(faults).toMatchObject([{ name: 'compensations_follow_their_promises', offending: [{ order: BigInt(order), paid: 10_000n }] }])
    await docket.db.query('update promises set compensation = compensation + 1 where order_id = $1', [order])
  })

  test('M6 a fault in the middle leaves nothing half done', async () => {
    const made = await shop({ start_within: 30, compensation_basis_points: 1000 })
    const [first, second] = [await made.add(), await made.add()]
    docket.clock.forward({ minutes: 30 })
    await docket.db.query(`alter table orders add constraint a_fault check (id <> ${second} or refunded = 0) not valid`)
    await expect(workPromises(docket.db, docket.clock.now)).rejects.toMatchObject({ constraint: 'a_fault' })
    expect([await promisesOf(first), await promisesOf(second)]).toEqual([{ start: 'open' }, { start: 'open' }])
    expect(await made.balance()).toBe('8.00000')
    await docket.db.query('alter table orders drop constraint a_fault')
    await workPromises(docket.db, docket.clock.now)
    expect(await made.balance()).toBe('8.20000')
  })

  test('a compensated order that is told to end ends as ever', async () => {
    const made = await shop({ start_within: 30, compensation_basis_points: 1000 })
    const order = await made.add()
    await pass(made, 30)
    await tell(docket, order, 'Completed', { remains: 0 })
    expect(await made.status(order)).toMatchObject({ status: 'Completed', charge: '0.90000', compensated: '0.10000' })
  })
})
