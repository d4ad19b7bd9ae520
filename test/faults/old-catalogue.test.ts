import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { bindSupplier } from '../../server/orders/bind-supplier.ts'
import { changeCatalogue, openCatalogue } from '../../server/catalog/catalogue.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { setCustomRate } from '../../server/catalog/import.ts'
import { poll } from '../../server/fulfilment/poll.ts'
import { listAlerts } from '../../server/fulfilment/staff.ts'
import { workSubscriptions } from '../../server/fulfilment/subscriptions.ts'
import { houseRuleAdd } from '../../server/acts/house-rule-add.ts'
import { houseRuleRemove } from '../../server/acts/house-rule-remove.ts'
import { openPlacing, type Placing } from '../../server/orders/place.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { noteTheirNews } from '../../server/orders/their-subscriptions.ts'
import { openDocket } from '../support/docket.ts'
import { checked } from '../support/mass-orders.ts'
import { ownPages } from '../support/own-pages.ts'
import { toldSupplier } from '../support/told-supplier.ts'
import { houseOf, run } from '../support/acts.ts'

const docket = openDocket()
const LINK = 'https://example.com/p/1'

// The catalogue turns as ever, but no node is told of it: what each of them remembers stays old until it looks by itself.
const TURN_IN_SILENCE = `
  create or replace function turn_catalogue_version() returns trigger language plpgsql as $$
  begin
    update catalogue set version = version + 1;
    return null;
  end $$`

beforeAll(async () => {
  await docket.db.query(TURN_IN_SILENCE)
})

const rule = { kind: 'host', pattern: 'forbidden.example', reason: 'test', by: 'test' } as const

async function ruleFor(pattern: string): Promise<number> {
  return (await run(houseOf(docket.db, docket.clock.now), houseRuleAdd, { ...rule, pattern })).rule
}

function lift(id: number): Promise<unknown> {
  return run(houseOf(docket.db, docket.clock.now), houseRuleRemove, { rule: id })
}

describe('a node that nobody told of a change of the catalogue', () => {
  test('takes an add for a service that was imported a moment ago', async () => {
    const { key } = await docket.account()
    const service = await docket.service()
    expect(await docket.call({ key, action: 'add', service, link: LINK, quantity: 10 })).toEqual({ order: expect.any(Number) })
  })

  test('takes an add within limits that were widened, of a service that was switched on, for a link that is allowed again', async () => {
    const { key } = await docket.account()
    const service = await docket.service({ min: 100 })
    const add = (link = LINK) => docket.call({ key, action: 'add', service, link, quantity: 10 })
    expect(await add()).toEqual({ error: 'Quantity less than minimal 100' })
    await docket.db.query('update services set min = 1 where id = $1', [service])
    expect(await add()).toEqual({ order: expect.any(Number) })

    await docket.db.query(`update services set state = 'disabled' where id = $1`, [service])
    expect(await add()).toEqual({ error: 'Service is disabled' })
    await docket.db.query(`update services set state = 'on sale' where id = $1`, [service])
    expect(await add()).toEqual({ order: expect.any(Number) })

    const id = await ruleFor('again.example')
    expect(await add('https://again.example/p')).toEqual({ error: 'Orders for this link are not taken' })
    await lift(id)
    expect(await add('https://again.example/p')).toEqual({ order: expect.any(Number) })
  })

  test('takes an add whose max_charge is met by a rate that was agreed a moment ago', async () => {
    const { key, account } = await docket.account()
    const service = await docket.service({ rate: '2' })
    const add = () => docket.call({ key, action: 'add', service, link: LINK, quantity: 1000, max_charge: '1' })
    expect(await add()).toEqual({ error: 'Price is now 2.00000' })
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, account, service, '0.5'))
    expect(await add()).toEqual({ order: expect.any(Number) })
  })

  test('quotes by the newest services, rates and rules', async () => {
    const { key, account } = await docket.account()
    const service = await docket.service({ rate: '2' })
    const quote = () => docket.call({ key, action: 'quote', service, link: 'https://quoted.example/p', quantity: 1000 })
    expect(await quote()).toMatchObject({ charge: '2.00000' })
    await changeCatalogue(docket.db, (tx) => setAccount(tx, account, { discountBasisPoints: 1000 }))
    expect(await quote()).toMatchObject({ charge: '1.80000' })
    const id = await ruleFor('quoted.example')
    expect(await quote()).toEqual({ error: 'Orders for this link are not taken' })
    await lift(id)
    expect(await quote()).toMatchObject({ charge: '1.80000' })
  })

  test('checks and shows a mass order by the newest services', async () => {
    const me = await ownPages(docket)
    const service = await docket.service({ name: 'Newly listed' })
    const { html } = await checked(me, [`${service}|${LINK}|10`])
    expect(html).toContain('Newly listed')
    expect(html).not.toContain('There is no such service')
  })

  test('shows an order form, a list of services and orders by the newest services', async () => {
    const me = await ownPages(docket)
    const service = await docket.service({ name: 'Fresh on the list', cancel: false })
    expect((await me.get('/services')).html).toContain('Fresh on the list')
    expect((await me.get(`/order?service=${service}`)).html).toContain('Fresh on the list')
    const { order } = await docket.call({ key: me.key, action: 'add', service, link: LINK, quantity: 10 })
    await docket.db.query(`update services set name = 'Renamed since', cancel = true where id = $1`, [service])
    const { html } = await me.get(`/orders/${order}`)
    expect(html).toContain('Renamed since')
    expect(html).toContain(`/orders/${order}/cancel`)
  })

  test('limits a key to a service that was imported a moment ago', async () => {
    const me = await ownPages(docket)
    const { html } = await me.get('/keys/new')
    const service = await docket.service()
    const form = { label: 'Shop', kind: 'test', access: 'everything', daily_cap: '', networks: '', expires: '', step: 'save' }
    const made = await me.post('/keys/new', { ...form, services: String(service), form: me.hidden(html, 'form') })
    expect(made.html).toMatch(/dk_test_[\w-]{32}/)
  })
})

describe('the loops that serve subscriptions, which nobody tells of changes', () => {
  const open: Placing[] = []
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close()
  })

  /** As the loops of a node that started now: whatever changes later, only they themselves can notice. */
  async function loops() {
    const catalogue = await openCatalogue(docket.db)
    const placing = openPlacing({ db: docket.db, catalogue, now: docket.clock.now, queueLimit: 100 })
    open.push(placing)
    return () => workSubscriptions({ db: docket.db, catalogue, placing, now: docket.clock.now })
  }

  async function subscribe(supplier = 'simulated', more: Record<string, string | number> = {}) {
    const { key, account } = await docket.account({ balance: '10' })
    const service = await docket.service({ type: 'Subscriptions', rate: '10', min: 10, max: 1000 }, { supplier })
    const { order } = await docket.call({ key, action: 'add', service, username: 'maker', min: 100, max: 100, delay: 0, ...more })
    return { key, account, service, order: order as number }
  }

  const feed = (order: number, link: string) => feedPosts(docket.db, BigInt(order), [link], docket.clock.now())

  test('serve the posts of a service that was added after they began', async () => {
    const work = await loops()
    const { key, order } = await subscribe('simulated', { posts: 1 })
    await feed(order, 'https://example.com/maker/1')
    await work()
    await work()
    expect(await docket.call({ key, action: 'status', order })).toMatchObject({ status: 'Completed', orders: [expect.any(Number)] })
    expect(await docket.balance(key)).toBe('9.00000')
  })

  test('serve a post whose link a rule forbade until a moment ago, and none that one forbids now', async () => {
    const id = await ruleFor('lifted.example')
    const work = await loops()
    const { key, order } = await subscribe()
    await lift(id)
    await feed(order, 'https://lifted.example/1')
    await work()
    expect(await docket.balance(key)).toBe('9.00000')
    await ruleFor('late.example')
    await feed(order, 'https://late.example/2')
    await work()
    expect(await docket.balance(key)).toBe('9.00000')
  })

  test('charge a post at the rate that was agreed a moment ago', async () => {
    const { key, account, service, order } = await subscribe()
    const work = await loops()
    await changeCatalogue(docket.db, (tx) => setCustomRate(tx, account, service, '5'))
    await feed(order, 'https://example.com/maker/3')
    await work()
    expect(await docket.balance(key)).toBe('9.50000')
  })

  test('charge the children of a watching supplier for a service that was added after they began', async () => {
    const work = await loops()
    const watching = await toldSupplier(docket)
    const { key, service, order } = await subscribe(watching.name)
    await bindSupplier(docket.db, service, watching.name, {
      theirService: '7',
      costRate: '1',
      multiplier: 1,
      position: null,
      theirType: 'Subscriptions',
    })
    const children = [{ reference: 'c1', link: 'https://example.com/maker/4', quantity: 100n, refused: null }]
    const news = { subscriptionId: BigInt(order), supplierId: watching.id, status: null, children }
    await noteTheirNews(docket.db, news, docket.clock.now())
    await work()
    expect(await docket.balance(key)).toBe('9.00000')
    expect((await listAlerts(docket.db)).filter((alert) => alert.order === BigInt(order))).toEqual([])
    expect(await poll({ db: docket.db, now: docket.clock.now, supplierId: watching.id, supplier: watching.supplier })).toBe(1)
  })
})
