import { beforeAll, describe, expect, test } from 'vitest'
import { bindSupplier } from '../../server/orders/bind-supplier.ts'
import { decide } from '../../server/fulfilment/decide.ts'
import { settleUnconfirmed } from '../../server/fulfilment/unconfirmed.ts'
import { listAlerts, listUndecided } from '../../server/fulfilment/staff.ts'
import { crowd } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { workOnce } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { type ToldSupplier, toldSupplier } from '../support/told-supplier.ts'

const docket = openDocket()
beforeAll(() => guardFeed(docket.db))
const CANCELED = { status: 'Canceled', charge: '0.00000' }

async function shop(options: { keepsRetryKeys?: boolean; whenAllRefuse?: 'cancel' | 'attention' } = {}) {
  const supplier = await toldSupplier(docket, options)
  const service = await onSale(docket, { rate: '1', cancel: true, dripfeed: true })
  await change(docket, service, { supplier: supplier.name, whenAllRefuse: options.whenAllRefuse })
  const { key } = await docket.account({ balance: '10' })
  const add = async (more: Record<string, number> = {}): Promise<number> =>
    (await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity: 1000, ...more })).order
  return {
    supplier,
    service,
    add,
    cancel: async (order: number) => (await docket.call({ key, action: 'cancel', order }))[0].cancel,
    status: (order: number) => docket.call({ key, action: 'status', order }),
    balance: () => docket.balance(key),
    work: () => workOnce(docket, { id: supplier.id, supplier: supplier.supplier }),
  }
}

const alertsOf = async (order: number) =>
  (await listAlerts(docket.db)).filter((alert) => alert.order === BigInt(order)).map((alert) => alert.kind)
const waitsForStaff = async (order: number) => (await listUndecided(docket.db)).find((each) => each.order === BigInt(order))

function refuses(supplier: ToldSupplier) {
  supplier.onAdd = () => ({ kind: 'refused', reason: 'service', words: 'no such service' })
}

describe('an order that was never sent', () => {
  test('H6 one that waits for staff is cancelled and refunded at once', async () => {
    const made = await shop({ whenAllRefuse: 'attention' })
    refuses(made.supplier)
    const order = await made.add()
    await made.work()
    expect(await waitsForStaff(order)).toMatchObject({ state: 'attention', cancelAsked: false })
    expect(await made.cancel(order)).toBe(1)
    expect(await made.status(order)).toMatchObject(CANCELED)
    expect(await made.balance()).toBe('10.00000')
    expect(await waitsForStaff(order)).toBeUndefined()
    expect(await alertsOf(order)).toEqual([])
    expect(await decide(docket.db, BigInt(order), { they: 'do not: send' }, docket.clock.now())).toBeUndefined()
    docket.clock.forward({ days: 1 })
    await made.work()
    expect(made.supplier.handed).toEqual([order])
  })

  test('H6 one that would cost too much waits for nobody either', async () => {
    const made = await shop()
    await bindSupplier(docket.db, made.service, made.supplier.name, { theirService: '7', costRate: '2', multiplier: 1, position: 1 })
    const order = await made.add()
    await made.work()
    expect(await waitsForStaff(order)).toMatchObject({ state: 'attention' })
    await made.cancel(order)
    expect(await made.status(order)).toMatchObject(CANCELED)
    expect(made.supplier.handed).toEqual([])
  })

  test('H6 one that waits for its next try is cancelled before it', async () => {
    const made = await shop()
    made.supplier.onAdd = () => ({ kind: 'not sent', words: 'nobody there' })
    const order = await made.add()
    await made.work()
    expect(await made.cancel(order)).toBe(1)
    expect(await made.status(order)).toMatchObject(CANCELED)
    docket.clock.forward({ hours: 1 })
    await made.work()
    expect(made.supplier.handed).toEqual([order])
  })

  test('H6 eight cancels of one that waits for staff refund once', async () => {
    const made = await shop({ whenAllRefuse: 'attention' })
    refuses(made.supplier)
    const order = await made.add()
    await made.work()
    const answers = await crowd(8, () => made.cancel(order))
    expect(answers).toContain(1)
    expect(await made.balance()).toBe('10.00000')
  })

  test('the runs of a drip-feed that wait for staff end with it', async () => {
    const made = await shop({ whenAllRefuse: 'attention' })
    refuses(made.supplier)
    const order = await made.add({ quantity: 100, runs: 3, interval: 60 })
    await made.work()
    const [run] = (await made.status(order)).orders
    expect(await waitsForStaff(run)).toMatchObject({ state: 'attention' })
    expect(await made.cancel(order)).toBe(1)
    expect(await waitsForStaff(run)).toBeUndefined()
    await made.work()
    expect(await made.status(order)).toMatchObject(CANCELED)
    expect(await made.balance()).toBe('10.00000')
  })
})

describe('a cancel that came while it was being sent', () => {
  test('H6 it is not kept for staff when all refuse', async () => {
    const made = await shop({ whenAllRefuse: 'attention' })
    refuses(made.supplier)
    const order = await made.add()
    const { supplier } = made
    const answers: unknown[] = []
    const slow = { ...supplier.supplier, add: async () => (answers.push(await made.cancel(order)), supplier.onAdd(order)) }
    await workOnce(docket, { id: supplier.id, supplier: slow })
    expect(answers).toEqual([1])
    expect(await waitsForStaff(order)).toBeUndefined()
    expect(await made.status(order)).toMatchObject(CANCELED)
  })

  test('H6 it is not passed on to the next supplier', async () => {
    const made = await shop()
    const next = await toldSupplier(docket)
    await bindSupplier(docket.db, made.service, next.name, { theirService: '', costRate: null, multiplier: 1, position: 2 })
    refuses(made.supplier)
    const order = await made.add()
    const { supplier } = made
    const slow = { ...supplier.supplier, add: async () => (await made.cancel(order), supplier.onAdd(order)) }
    await workOnce(docket, { id: supplier.id, supplier: slow })
    await workOnce(docket, { id: next.id, supplier: next.supplier })
    expect(next.handed).toEqual([])
    expect(await made.status(order)).toMatchObject(CANCELED)
  })
})

describe('an order of which nobody knows', () => {
  async function unconfirmed() {
    const made = await shop()
    made.supplier.onAdd = () => ({ kind: 'unknown', words: 'the line went dead' })
    const order = await made.add()
    await made.work()
    expect(await made.cancel(order)).toBe(1)
    return { ...made, order }
  }

  test('H3 it stays, and staff see that a cancel was asked for', async () => {
    const made = await unconfirmed()
    expect(await made.status(made.order)).toMatchObject({ status: 'Pending', charge: '1.00000' })
    expect(await waitsForStaff(made.order)).toMatchObject({ state: 'unconfirmed', cancelAsked: true })
    expect((await alertsOf(made.order)).toSorted()).toEqual(['cancel requested', 'unconfirmed hand-off'])
  })

  test('they do not have it: it is cancelled, not sent', async () => {
    const made = await unconfirmed()
    expect(await decide(docket.db, BigInt(made.order), { they: 'do not: send' }, docket.clock.now())).toBe('cancelled')
    expect(await made.status(made.order)).toMatchObject(CANCELED)
    expect(await alertsOf(made.order)).toEqual([])
    docket.clock.forward({ hours: 1 })
    await made.work()
    expect(made.supplier.handed).toEqual([made.order])
  })

  test('they have it: the cancel goes to them', async () => {
    const made = await unconfirmed()
    const reference = `t${made.order}`
    expect(await decide(docket.db, BigInt(made.order), { they: 'have it', reference }, docket.clock.now())).toBe('watched')
    made.supplier.tell(made.order, 'Canceled')
    docket.clock.forward({ seconds: 5 })
    await made.work()
    expect(made.supplier.cancels).toEqual([made.order])
    expect(await made.status(made.order)).toMatchObject(CANCELED)
    expect(await alertsOf(made.order)).toEqual([])
  })

  test('without a cancel it is sent when they do not have it', async () => {
    const made = await shop()
    made.supplier.onAdd = () => ({ kind: 'unknown', words: 'the line went dead' })
    const order = await made.add()
    await made.work()
    expect(await decide(docket.db, BigInt(order), { they: 'do not: send' }, docket.clock.now())).toBe('sent')
    await made.work()
    expect(made.supplier.handed).toEqual([order, order])
  })

  test('H3 a lost call that may have arrived is asked again before a cancel ends it', async () => {
    const made = await shop({ keepsRetryKeys: true })
    made.supplier.onAdd = () => ({ kind: 'unknown', words: 'the line went dead' })
    const order = await made.add()
    await made.work()
    expect(await made.cancel(order)).toBe(1)
    // Refunding it now would give away what the supplier may be working on.
    expect(await made.status(order)).toMatchObject({ status: 'Pending', charge: '1.00000' })
    made.supplier.onAdd = (again) => ({ kind: 'accepted', reference: `t${again}`, words: null })
    docket.clock.forward({ minutes: 1 })
    await made.work()
    expect(await made.status(order)).toMatchObject({ status: 'Pending' })
    made.supplier.tell(order, 'Partial', { remains: 900 })
    docket.clock.forward({ seconds: 5 })
    await made.work()
    expect(made.supplier.cancels).toEqual([order])
    expect(await made.status(order)).toMatchObject({ status: 'Partial', charge: '0.10000' })
  })

  test('H3 so is one that its supplier turns out to keep a key of', async () => {
    const made = await unconfirmed()
    made.supplier.onAdd = (again) => ({ kind: 'accepted', reference: `t${again}`, words: null })
    docket.clock.forward({ minutes: 1 })
    const keeps = { ...made.supplier.supplier, repeatsSafely: async () => true }
    expect(await settleUnconfirmed({ db: docket.db, now: docket.clock.now, supplierId: made.supplier.id, supplier: keeps })).toBe(1)
    await workOnce(docket, { id: made.supplier.id, supplier: keeps })
    expect(await made.status(made.order)).toMatchObject({ status: 'Pending', charge: '1.00000' })
    expect(made.supplier.handed).toEqual([made.order, made.order])
    expect(await alertsOf(made.order)).toEqual([])
  })
})

test('an order that is watched seldom hears of its cancel soon', async () => {
  const made = await shop()
  const order = await made.add()
  await made.work()
  made.supplier.tell(order, 'In progress', { remains: 900 })
  docket.clock.forward({ days: 2 })
  await made.work()
  await made.cancel(order)
  await made.work()
  expect(made.supplier.cancels).toEqual([order])
})

test('a supplier that does not list the service any more is not given what another refused', async () => {
  const made = await shop()
  const [gone, last] = [await toldSupplier(docket), await toldSupplier(docket)]
  for (const [position, { name }] of [gone, last].entries()) {
    await bindSupplier(docket.db, made.service, name, { theirService: '1', costRate: null, multiplier: 1, position: position + 2 })
  }
  await docket.db.query('update service_suppliers set gone_at = $2 where supplier_id = $1', [gone.id, docket.clock.now()])
  refuses(made.supplier)
  const order = await made.add()
  await made.work()
  await workOnce(docket, { id: gone.id, supplier: gone.supplier })
  await workOnce(docket, { id: last.id, supplier: last.supplier })
  expect([gone.handed, last.handed]).toEqual([[], [order]])
})
