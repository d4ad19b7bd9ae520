import { beforeAll, afterEach, expect, test } from 'vitest'
import { bindSupplier } from '../../server/orders/bind-supplier.ts'
import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { fund } from '../../server/payments/fund.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { listAlerts } from '../../server/fulfilment/staff.ts'
import { workSubscriptions } from '../../server/fulfilment/subscriptions.ts'
import { takeSubscriptionNews } from '../../server/fulfilment/their-subscriptions.ts'
import { parseUnits } from '../../server/ledger/money.ts'
import { openPlacing } from '../../server/orders/place.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { decideChild } from '../../server/orders/their-subscriptions.ts'
import { openOutgoing } from '../../server/outgoing/fetch.ts'
import { apiV2Supplier } from '../../server/suppliers/api-v2.ts'
import { addSupplier } from '../../server/suppliers/registry.ts'
import type { Supplier } from '../../server/suppliers/supplier.ts'
import { openDocket, type Parameters } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { type DialectName, openFakeSupplier } from '../support/fake-supplier.ts'
import { workOnce } from '../support/fulfilment.ts'

const docket = openDocket()
beforeAll(() => guardFeed(docket.db))
const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()))
})

let panels = 0

/** A panel that offers subscriptions, a service of ours that is sold from it, and a customer who has subscribed. */
async function subscribe(more: Parameters = {}, options: { dialect?: DialectName; balance?: string; costRate?: string | null } = {}) {
  const { dialect = 'docket', balance = '10', costRate = '2' } = options
  panels += 1
  const fake = await openFakeSupplier({ dialect })
  const outgoing = openOutgoing({ allowPrivate: true })
  open.push(fake, outgoing)
  const sealed = { seal: (text: string) => Buffer.from(text), open: (text: Buffer) => text.toString() }
  const name = `panel ${panels}`
  const row = { name, protocol: 'api-v2', url: fake.url, key: fake.key, privateNetwork: true, keepsRetryKeys: null } as const
  const id = await addSupplier(docket.db, row, sealed)
  const supplier = apiV2Supplier({ url: fake.url, key: fake.key, outgoing, keyPrefix: `${name}:` })

  const service = await docket.service({ type: 'Subscriptions', rate: '10', min: 10, max: 1000, cancel: true })
  const bind = (theirType: string | null) =>
    bindSupplier(docket.db, service, name, { theirService: '77', costRate, multiplier: 1, position: null, theirType })
  await bind('Subscriptions')
  const { key, account } = await docket.account({ balance })
  const { order } = await docket.call({ key, action: 'add', service, username: 'maker', min: 100, max: 200, delay: 0, ...more })
  const works = { id, supplier }
  return {
    fake,
    key,
    account,
    service,
    order: order as number,
    id,
    supplier,
    bind,
    balance: () => docket.balance(key),
    status: () =>
      docket.call({
        key,
        action: 'status',
        order,
      }),
    child: (number: number) =>
      docket.call({
        key,
        action: 'status',
        order: number,
      }),
    added: () => fake.calls.filter((call) => call['action'] === 'add'),
    their: () => fake.orders[0]!,
    async work() {
      for (let round = 0; round < 2; round += 1) {
        docket.clock.forward({ minutes: 16 })
        await workOnce(docket, works)
      }
    },
    alerts: async () =>
      (await listAlerts(docket.db))
        .filter((alert) => Number(alert.order) === order)
        .map(({ kind, words }) => ({
          kind,
          words,
        })),
  }
}

const chargesOf = async (account: number) => {
  const { rows } = await docket.db.query<{ amount: bigint }>(
    `select amount from transfers t join books b on b.id = t.book_id where b.account_id = $1 and cause = 'charge' order by line`,
    [account],
  )
  return rows.map((row) => row.amount)
}

test('the supplier watches: each order that it makes is charged once and followed to its end', async () => {
  const { fake, their, ...it } = await subscribe({ min: 100, max: 200, posts: 2, old_posts: 1, delay: 30, expiry: '31/03/2026' })
  await it.work()
  expect(it.added()).toHaveLength(1)
  expect(it.added()[0]).toMatchObject({ service: '77', username: 'maker', min: '100', max: '200', posts: '2', old_posts: '1', delay: '30' })
  expect(it.added()[0]).toMatchObject({ expiry: '31/03/2026' })
  expect(await it.balance()).toBe('10.00000')
  expect(await it.status()).toMatchObject({ status: 'Active', orders: [] })

  const child = fake.findPost(their().id, { quantity: 150, charge: '0.30000', link: 'https://example.com/maker/1' })
  await it.work()
  expect(await it.balance()).toBe('8.50000')
  const status = await it.status()
  expect(status).toMatchObject({ status: 'Active', orders: [expect.any(Number)] })
  expect(await docket.call({ key: it.key, action: 'status', order: status.orders[0], extended: '1' })).toMatchObject({
    quantity: '150',
    link: 'https://example.com/maker/1',
  })

  Object.assign(child, { status: 'Partial', remains: 50, startCount: 7 })
  await it.work()
  expect(await it.child(status.orders[0])).toMatchObject({ status: 'Partial', charge: '1.00000', remains: '50', start_count: '7' })
  expect(await it.balance()).toBe('9.00000')
  const { rows } = await docket.db.query('select cost, reference from hand_offs where order_id = $1', [status.orders[0]])
  expect(rows).toEqual([{ cost: '0.3', reference: String(child.id) }])

  fake.findPost(their().id, { quantity: 100 })
  fake.findPost(their().id, { quantity: 200 })
  for (let turn = 0; turn < 2; turn += 1) await it.work()
  expect(await it.status()).toMatchObject({ status: 'Completed', orders: { length: 3 } })
  expect(await it.balance()).toBe('6.00000')
  // Nothing but the subscription itself was ever ordered there.
  expect(it.added()).toHaveLength(1)
  expect(await it.alerts()).toEqual([])
})

test('without a word of the type it works by fed posts, and is handed over once the type is known', async () => {
  const { bind, ...it } = await subscribe()
  await bind(null)
  await docket.db.query('update service_suppliers set their_type = null where service_id = $1', [it.service])
  await it.work()
  expect(it.added()).toEqual([])
  await bind('Subscriptions')
  await it.work()
  expect(it.added()).toHaveLength(1)
  const fed = feedPosts(docket.db, BigInt(it.order), ['https://example.com/1'], docket.clock.now())
  await expect(fed).rejects.toThrow(/watched by its supplier/)
})

test('a subscription that fed posts serve is not handed over', async () => {
  const it = await subscribe()
  await feedPosts(docket.db, BigInt(it.order), ['https://example.com/maker/fed'], docket.clock.now())
  await it.work()
  expect(it.added()).toMatchObject([{ link: 'https://example.com/maker/fed' }])
})

test('where the quantity is not told it follows from the charge, or staff decide', async () => {
  const it = await subscribe({}, { dialect: 'plain' })
  await it.work()
  it.fake.findPost(it.their().id, { quantity: 150, charge: '0.30' })
  const unclear = it.fake.findPost(it.their().id, { quantity: 150, charge: '0.3007' })
  const tooMany = it.fake.findPost(it.their().id, { quantity: 150, charge: '3' })
  const refused = it.fake.findPost(it.their().id, { quantity: 150, charge: 'free' })
  const gone = it.fake.findPost(it.their().id, { quantity: 150, charge: '0' })
  gone.status = 'Canceled'
  await it.work()
  expect(await chargesOf(it.account)).toEqual([150_000n])
  const [alert] = await it.alerts()
  expect(alert).toMatchObject({
    kind: 'child order unclear',
    words: expect.stringContaining(`${unclear.id}: it says Pending, charged 0.3007 USD`),
  })
  expect(alert!.words).toContain(
    `${tooMany.id}: it says Pending, charged 3 USD: at our cost rate 2 that is 1500, and 100 to 200 were ordered`,
  )
  expect(alert!.words).not.toContain(String(gone.id))
  // The panel's later word counts; else staff's.
  unclear.charge = '0.24'
  await expect(decideChild(docket.db, BigInt(it.order), String(tooMany.id), 1500n, docket.clock.now())).rejects.toThrow(/At most 200/)
  await decideChild(docket.db, BigInt(it.order), String(tooMany.id), 200n, docket.clock.now())
  await decideChild(docket.db, BigInt(it.order), String(refused.id), null, docket.clock.now())
  await it.work()
  await it.work()
  expect(await chargesOf(it.account)).toEqual([150_000n, 200_000n, 120_000n])
  expect(await it.alerts()).toEqual([])
  await expect(decideChild(docket.db, BigInt(it.order), String(refused.id), 100n, docket.clock.now())).rejects.toThrow(/no child/)
})

test('a supplier that lies about children is told to staff and charges nobody', async () => {
  const it = await subscribe({ posts: 2 })
  await it.work()
  const real = it.fake.findPost(it.their().id, { quantity: 100 })
  const large = it.fake.findPost(it.their().id, { quantity: 5000 })
  it.their().children.push(real.id, 99_999, it.their().id)
  await it.work()
  await it.work()
  expect(await chargesOf(it.account)).toEqual([100_000n])
  const [alert] = await it.alerts()
  expect(alert!.words).toContain(`${large.id}: it says 5000, and 100 to 200 were ordered`)
  expect(alert!.words).toContain('99999: listed, but the supplier does not know it')
  expect(alert!.words).toContain(`${it.their().id}: is our order ${it.order} already`)

  // What vanishes from the list stays what it was, and what comes beyond the posts that were ordered is not charged.
  it.their().children.splice(0, 10, large.id)
  it.fake.findPost(it.their().id, { quantity: 100 })
  await it.work()
  await it.work()
  expect(await chargesOf(it.account)).toEqual([100_000n])
  expect(await it.alerts()).toContainEqual({
    kind: 'supplier delivers unpaid',
    words: expect.stringContaining('More posts than were ordered'),
  })
  // One of two posts waits for staff.
  expect(await it.status()).toMatchObject({ status: 'Active', orders: { length: 1 } })
})

test('a child that another subscription has is charged there alone', async () => {
  const it = await subscribe()
  await it.work()
  const child = it.fake.findPost(it.their().id, { quantity: 100 })
  await it.work()
  const other = await docket.call({ key: it.key, action: 'add', service: it.service, username: 'other', min: 100, max: 200, delay: 0 })
  await it.work()
  it.fake.orders.at(-1)!.children.push(child.id)
  await it.work()
  expect(await chargesOf(it.account)).toEqual([100_000n])
  const alerts = (await listAlerts(docket.db)).filter((alert) => Number(alert.order) === other.order)
  expect(alerts).toMatchObject([{ kind: 'child order unclear', words: `${child.id}: is our order ${it.order} already` }])
})

test('a short balance pauses our side, staff hear of it, and money charges what was found in order', async () => {
  const it = await subscribe({}, { balance: '1.2' })
  await it.work()
  for (const quantity of [100, 150, 120]) it.fake.findPost(it.their().id, { quantity })
  await it.work()
  await it.work()
  expect(await it.status()).toMatchObject({ status: 'Paused', orders: { length: 1 } })
  expect(await it.alerts()).toMatchObject([{ kind: 'supplier delivers unpaid' }])
  // It ends there meanwhile: what was delivered is still to be paid.
  it.fake.findPost(it.their().id, { quantity: 110 })
  it.their().status = 'Completed'
  await it.work()
  expect(await it.status()).toMatchObject({ status: 'Paused', orders: { length: 1 } })

  await fund(docket.db, it.account, { amount: parseUnits('9'), note: 'more', reference: null }, docket.clock.now())
  for (let turn = 0; turn < 3; turn += 1) await it.work()
  expect(await chargesOf(it.account)).toEqual([100_000n, 150_000n, 120_000n, 110_000n])
  expect(await it.status()).toMatchObject({ status: 'Completed', orders: { length: 4 } })
  expect(await it.alerts()).toEqual([])
})

test('a cancel is forwarded, and ends it when the supplier says so', async () => {
  const it = await subscribe()
  await it.work()
  it.fake.findPost(it.their().id, { quantity: 100 })
  it.fake.fail('bad gateway', 'cancel')
  expect(await docket.call({ key: it.key, action: 'cancel', order: it.order })).toEqual([{ order: it.order, cancel: 1 }])
  docket.clock.forward({ minutes: 16 })
  await workOnce(docket, it)
  expect(await it.status()).toMatchObject({ status: 'Active' })
  await it.work()
  await it.work()
  expect(it.their().status).toBe('Canceled')
  // What it had made before is an order of its own.
  expect(await it.status()).toMatchObject({ status: 'Canceled', orders: { length: 1 } })
  expect(await it.balance()).toBe('9.00000')

  // Final is final: what it makes now is its own affair.
  Object.assign(it.their(), { status: 'Active' })
  it.fake.findPost(it.their().id, { quantity: 100 })
  docket.clock.forward({ days: 2 })
  await it.work()
  expect(await it.status()).toMatchObject({ status: 'Canceled', orders: { length: 1 } })
  expect(await it.alerts()).toMatchObject([{ kind: 'supplier delivers unpaid', words: expect.stringMatching(/It ended Canceled here/) }])
  expect(await it.balance()).toBe('9.00000')
})

test('its last day ends it here when the supplier was asked after it, with what it made on that day', async () => {
  const it = await subscribe({ expiry: '31/12/2026' })
  await it.work()
  it.fake.findPost(it.their().id, { quantity: 100 })
  while (docket.clock.now() < new Date('2027-01-01T00:00:00Z')) docket.clock.forward({ days: 1 })
  const works = await openWorks()
  await workSubscriptions(works)
  expect(await it.status()).toMatchObject({ status: 'Active', expiry: '31/12/2026' })
  await it.work()
  await it.work()
  expect(await it.status()).toMatchObject({ status: 'Expired', orders: { length: 1 } })
  expect(await it.balance()).toBe('9.00000')
})

test('a refusal passes it on, and an unknown answer parks it', async () => {
  const refused = await subscribe()
  refused.fake.answer('add', { error: 'Incorrect service ID' })
  await refused.work()
  expect(await refused.status()).toMatchObject({ status: 'Canceled' })

  const unknown = await subscribe({}, { dialect: 'plain' })
  unknown.fake.fail('lost reply')
  await unknown.work()
  expect(await unknown.alerts()).toMatchObject([{ kind: 'unconfirmed hand-off' }])
  await unknown.work()
  expect(unknown.added()).toHaveLength(1)

  const safe = await subscribe()
  safe.fake.fail('lost reply')
  await safe.work()
  expect(safe.fake.orders).toHaveLength(1)
  safe.fake.findPost(safe.their().id, { quantity: 100 })
  await safe.work()
  expect(await safe.status()).toMatchObject({ status: 'Active', orders: { length: 1 } })
})

test('one that would cost more than it is sold for waits for staff', async () => {
  const it = await subscribe({}, { costRate: '10.01' })
  await it.work()
  expect(it.added()).toEqual([])
  expect(await it.alerts()).toMatchObject([{ kind: 'cost above charge', words: expect.stringContaining('10.01000') }])
})

test('a node killed between noticing a child and charging it, or right after, charges it once', async () => {
  const it = await subscribe()
  await it.work()
  it.fake.findPost(it.their().id, { quantity: 100 })
  docket.clock.forward({ minutes: 16 })
  await poll(contextOf(it))
  expect(await it.balance()).toBe('10.00000')

  const works = await openWorks()
  const killed = {
    ...works.placing,
    async place(...order: Parameters2) {
      await works.placing.place(...order)
      throw new Error('killed')
    },
  }
  await expect(workSubscriptions({ ...works, placing: killed })).rejects.toThrow('killed')
  expect(await it.balance()).toBe('9.00000')
  // It is with its supplier from the moment of its charge: nobody hands it over.
  expect(await handOff(contextOf(it))).toBe(0)
  await it.work()
  expect(await chargesOf(it.account)).toEqual([100_000n])
  expect(await it.status()).toMatchObject({ orders: { length: 1 } })
  expect(it.added()).toHaveLength(1)
})

type Parameters2 = globalThis.Parameters<Awaited<ReturnType<typeof openWorks>>['placing']['place']>

test('two nodes that hear and charge at once charge once', async () => {
  const it = await subscribe()
  await it.work()
  for (const quantity of [100, 110, 120]) it.fake.findPost(it.their().id, { quantity })
  const reference = String(it.their().id)
  const hear = async () => {
    const told = await it.supplier.status([reference])
    return takeSubscriptionNews(contextOf(it), [{ orderId: BigInt(it.order), reference }], told)
  }
  await Promise.all([hear(), hear(), hear()])
  for (let turn = 0; turn < 3; turn += 1) {
    const nodes = await Promise.all([openWorks(), openWorks()])
    await Promise.all(nodes.map((node) => workSubscriptions(node)))
  }
  expect(await chargesOf(it.account)).toEqual([100_000n, 110_000n, 120_000n])
  expect(await it.status()).toMatchObject({ orders: { length: 3 } })
})

test('two nodes hand a subscription over once', async () => {
  const it = await subscribe({}, { dialect: 'plain' })
  const turn = () => handOff(contextOf(it))
  await Promise.all([turn(), turn(), turn()])
  expect(it.fake.orders).toHaveLength(1)
})

test('a multiplier counts the bounds for them and the quantity for us', async () => {
  const it = await subscribe()
  await bindSupplier(docket.db, it.service, `panel ${panels}`, {
    theirService: '77',
    costRate: '2',
    multiplier: 3,
    position: null,
    theirType: 'Subscriptions',
  })
  await it.work()
  expect(it.added()).toMatchObject([{ min: '300', max: '600' }])
  it.fake.findPost(it.their().id, { quantity: 301 })
  await it.work()
  expect(await it.balance()).toBe('9.00000')
})

test('the simulated supplier finds a post every so often', async () => {
  const service = await docket.service({ type: 'Subscriptions', rate: '10', min: 10, max: 1000, cancel: true })
  const binding = { theirService: '', costRate: null, multiplier: 1, position: null, theirType: 'Subscriptions' }
  await bindSupplier(docket.db, service, 'simulated', binding)
  const { key } = await docket.account()
  const { order } = await docket.call({ key, action: 'add', service, username: 'maker', min: 100, max: 100, delay: 5, posts: 2 })
  for (let turn = 0; turn < 4; turn += 1) {
    docket.clock.forward({ minutes: 10 })
    await workOnce(docket)
    await workOnce(docket)
  }
  docket.clock.forward({ minutes: 20 })
  await workOnce(docket)
  const status = await docket.call({ key, action: 'status', order })
  expect(status).toMatchObject({ status: 'Completed', orders: { length: 2 } })
  expect(await docket.call({ key, action: 'status', order: status.orders[0] })).toMatchObject({ status: 'Completed', charge: '1.00000' })
  expect(await docket.balance(key)).toBe('98.00000')
})

function contextOf({ id, supplier }: { id: number; supplier: Supplier }) {
  return { db: docket.db, now: docket.clock.now, supplierId: id, supplier }
}

async function openWorks() {
  const catalogue = await openCatalogue(docket.db)
  const placing = openPlacing({ db: docket.db, catalogue, now: docket.clock.now, queueLimit: 100 })
  return { db: docket.db, catalogue, placing, now: docket.clock.now }
}
