import { describe, expect, test } from 'vitest'
import { bindSupplier } from '../../server/orders/bind-supplier.ts'
import { listBelowCost } from '../../server/catalog/sync-below-cost.ts'
import { setCustomRate } from '../../server/catalog/import.ts'
import { setPriceSettings, setWhenCostPasses } from '../../server/catalog/sync-lists.ts'
import { setAccount } from '../../server/customers/accounts.ts'
import { syncDuePrices } from '../../server/fulfilment/price-sync.ts'
import { setSupplier } from '../../server/suppliers/registry.ts'
import { openDocket } from '../support/docket.ts'
import type { FaultName } from '../support/fake-supplier.ts'
import { listed, openShop, syncWith } from './shop.ts'

const docket = openDocket()
const shop = openShop(docket)

const order = (key: string, service: number) =>
  docket.call({ key, action: 'add', service, link: `https://example.com/${Math.random()}`, quantity: 1000 })
const version = async () => (await docket.db.query<{ version: bigint }>('select version from catalogue')).rows[0]!.version

/** Asks until it is so; each question takes its time in the database. */
async function until(isSo: () => Promise<boolean>) {
  while (!(await isSo()));
}

describe('an import', () => {
  test('keeps their ids where they are free, and the next own number is behind them', async () => {
    const taken = await docket.service()
    const panel = await shop.panel()
    panel.lists(listed(700_001), listed(taken), listed('ig-1'))

    const { added } = await panel.import({ keepIds: true })

    expect(added.map(({ service }) => service)).toEqual([700_001, 700_002, 700_003])
    expect(await shop.read(700_002)).toMatchObject({ theirs: String(taken) })
    const later = await shop.panel()
    later.lists(listed(1))
    expect((await later.import()).added[0]!.service).toBe(700_004)
  })

  test('takes only the ids and categories asked for, and nothing twice', async () => {
    const panel = await shop.panel()
    panel.lists(listed(1), listed(2, { category: 'Likes' }), listed(3, { category: 'LIKES' }), listed(4, { category: 'Views' }))

    const only = await panel.import({}, { only: ['1', '4', '99'] })
    const likes = await panel.import({}, { categories: ['likes'] })
    const again = await panel.import()

    expect(only.added.map(({ theirs }) => theirs)).toEqual(['1', '4'])
    expect(likes.added.map(({ theirs }) => theirs)).toEqual(['2', '3'])
    expect(again).toMatchObject({ added: [], known: 4 })
  })

  test('leaves out what cannot be sold as it stands, and says why', async () => {
    const panel = await shop.panel()
    panel.lists(
      listed(1),
      listed(2, { type: 'Moonwalk' }),
      listed(3, { rate: 'free' }),
      listed(4, { rate: '0' }),
      listed(5, { min: 100, max: 10 }),
      listed(6, { name: '' }),
      listed(7, { rate: '-1' }),
      listed(8, { name: 'a\u0000b\nc' }),
      listed(9),
      listed(10, { type: 'Subscriptions' }),
      listed(11, { rate: '999999999999' }),
      listed(12),
      listed(13),
    )

    const { added, skipped } = await panel.import()

    expect(added.map(({ theirs }) => theirs)).toEqual(['1', '8', '9', '10', '12', '13'])
    expect(skipped.map(({ theirs }) => theirs)).toEqual(['2', '3', '4', '5', '6', '7', '11'])
    expect(await shop.read(added[1]!.service)).toMatchObject({ name: 'a b c' })
  })

  test('tried dry changes nothing: no margin, no hourly reading, no alert, and no number is used up', async () => {
    const panel = await shop.panel()
    panel.lists(...Array.from({ length: 300 }, (_, n) => listed(n + 2)))
    const { added: wouldBe } = await panel.import({ dryRun: true })
    expect(wouldBe).toHaveLength(300)
    panel.fake.answer('services', { error: 'maintenance' })
    await expect(panel.import({ dryRun: true })).rejects.toThrow(/^/)
    await expect(panel.sync({ dryRun: true })).rejects.toThrow(/^/)
    expect(await shop.alerts(panel)).toEqual([])
    expect((await docket.db.query('select from price_lists where supplier_id = $1', [panel.id])).rows).toEqual([])
    panel.lists(listed(1))

    const tried = await panel.import({ dryRun: true, margin: { percent: '50', add: '0', step: '0.01' } })

    expect(tried.added).toMatchObject([{ theirs: '1', rate: '1.50' }])
    const { rows } = await docket.db.query('select from service_suppliers where supplier_id = $1', [panel.id])
    expect(rows).toHaveLength(0)
    expect((await panel.import({ margin: {} })).added).toMatchObject([{ rate: '1.00', service: wouldBe[0]!.service }])
  })

  test('gives known services the new price only when it is asked to', async () => {
    const panel = await shop.panelOnSale([listed(1)])

    expect(await panel.import({ margin: { percent: '50' } })).toMatchObject({ repriced: [] })
    expect(await panel.import({ reprice: true })).toMatchObject({ repriced: [] })
    const repriced = [{ old: '1.20', new: '1.50' }]
    expect(await panel.import({ reprice: true, dryRun: true, margin: { percent: '50' } })).toMatchObject({ repriced })
    expect(await panel.import({ reprice: true, margin: { percent: '50' } })).toMatchObject({ repriced })
  })

  test('leaves a price that was set by hand, unless it is asked to', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2)])
    const [own, other] = panel.ours as [number, number]
    await shop.set(own, { rate: '3.33' })
    const fifty = { reprice: true, margin: { percent: '50' } }

    for (const dryRun of [true, false])
      expect(await panel.import({ ...fifty, dryRun })).toMatchObject({
        repriced: [{ service: other, old: '1.20', new: '1.50' }],
        keptByHand: [{ service: own, rate: '3.33', byMargin: '1.50' }],
      })
    expect(await shop.read(own)).toMatchObject({ rate: '3.33' })
    expect(await panel.import({ ...fifty, repriceByHand: true })).toMatchObject({ repriced: [{ service: own, old: '3.33', new: '1.50' }] })
  })
})

describe('a cost that passes the price', () => {
  test('pauses the service at once, and the service comes back when the cost does', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2), listed(3)])
    const [service] = panel.ours
    const { key } = await docket.account()

    panel.lists(listed(1, { rate: '1.21' }), listed(2, { rate: '1.20' }), listed(3))
    expect(await panel.sync()).toMatchObject({ costs: 2, paused: [service] })
    expect(await order(key, service!)).toMatchObject({ error: 'Service is disabled' })
    expect(await shop.alerts(panel)).toEqual([`cost above price: They cost more than their price: ${service}`])

    panel.lists(listed(1, { rate: '1.15' }), listed(2), listed(3))
    expect(await panel.sync()).toMatchObject({ returned: [service], paused: [] })
    expect(await shop.read(service!)).toMatchObject({ state: 'on sale', pause: null, rate: '1.20', cost: '1.15' })
    expect(await shop.alerts(panel)).toEqual([])
    await shop.onSaleAtTheNode(key, service!)
    expect(await order(key, service!)).toHaveProperty('order')
  })

  test('raises the price by the margin where the operator chose so, and a fall of the cost leaves it', async () => {
    const panel = await shop.panelOnSale([listed(1)], { whenCostPasses: 'raise' })
    panel.lists(listed(1, { rate: '2.001' }))

    expect(await panel.sync()).toMatchObject({ raised: [{ service: panel.ours[0], old: '1.20', new: '2.41' }] })
    panel.lists(listed(1, { rate: '0.5' }))
    await panel.sync()

    expect(await shop.read(panel.ours[0]!)).toMatchObject({ rate: '2.41', cost: '0.50', state: 'on sale' })
  })

  test('only tells staff where the operator chose so', async () => {
    const panel = await shop.panelOnSale([listed(1)], { whenCostPasses: 'flag' })
    panel.lists(listed(1, { rate: '2' }))

    expect(await panel.sync()).toMatchObject({ flagged: panel.ours, paused: [] })

    expect(await shop.read(panel.ours[0]!)).toMatchObject({ state: 'on sale', rate: '1.20', cost: '2.00' })
    expect(await shop.alerts(panel)).toEqual([`cost above price: They cost more than their price: ${panel.ours[0]}`])
  })

  test('keeps what was sold before it from being handed over at a loss', async () => {
    const panel = await shop.panelOnSale([listed(1)])
    const { key } = await docket.account()
    await shop.onSaleAtTheNode(key, panel.ours[0]!)
    const placed = await order(key, panel.ours[0]!)
    panel.lists(listed(1, { rate: '1.2001' }))
    await panel.sync()

    await shop.handOff(panel)

    const { rows } = await docket.db.query('select state, words from hand_offs where order_id = $1', [placed.order])
    expect(rows).toEqual([{ state: 'attention', words: 'It would cost 1.20010 and was sold for 1.20000' }])
    expect(panel.fake.orders).toEqual([])
  })

  test('puts a paused service back at its new price once the operator chose to raise', async () => {
    const panel = await shop.panelOnSale([listed(1)])
    panel.lists(listed(1, { rate: '2' }))
    await panel.sync()
    await setWhenCostPasses(docket.db, panel.ours, 'raise')

    expect(await panel.sync()).toMatchObject({ returned: panel.ours, raised: [{ new: '2.40' }] })
    expect(await shop.read(panel.ours[0]!)).toMatchObject({ state: 'on sale', rate: '2.40' })
  })

  test('counts what their quantity for one of ours costs', async () => {
    const panel = await shop.panel()
    const service = await docket.service({ rate: '3' })
    await bindSupplier(docket.db, service, panel.name, { theirService: '7', costRate: '1', multiplier: 3, position: null })
    panel.lists(listed(7, { rate: '1.0001' }))

    expect(await panel.sync()).toMatchObject({ paused: [service] })
  })

  test('is the cost of whoever is asked first', async () => {
    const [first, second] = [await shop.panelOnSale([listed(1), listed(2), listed(3)]), await shop.panel()]
    const service = first.ours[0]!
    await bindSupplier(docket.db, service, second.name, { theirService: '50', costRate: null, multiplier: 1, position: null })
    second.lists(listed(50, { rate: '9', min: 500 }), listed(51))

    expect(await second.sync()).toMatchObject({ costs: 1, paused: [], followed: 0 })
    expect(await shop.read(service)).toMatchObject({ state: 'on sale', min: 10 })

    first.lists(listed(2), listed(3))
    expect(await first.sync()).toMatchObject({ gone: [], paused: [service] })
  })

  test('is never left between two turns: cost, state and version change together', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2)], { whenCostPasses: 'raise' })
    panel.lists(listed(1, { rate: '2' }), listed(2, { rate: '3', max: '50', cancel: true }))
    const before = await version()

    await panel.sync()

    expect((await version()) - before).toBe(1n)
  })
})

describe('races', () => {
  test('an order placed while a sync raises the price never pays the old one after the turn', async () => {
    const panel = await shop.panelOnSale([listed(1)], { whenCostPasses: 'raise' })
    const service = panel.ours[0]!
    const { key, account } = await docket.account({ balance: '10000' })
    await shop.onSaleAtTheNode(key, service)
    panel.lists(listed(1, { rate: '2' }))

    const [, ...placed] = await Promise.all([panel.sync(), ...Array.from({ length: 200 }, () => order(key, service))])
    const after = await order(key, service)

    const { rows } = await docket.db.query<{ rate: string; id: bigint }>(
      'select o.rate, o.id from orders o join books b on b.id = o.book_id where b.account_id = $1 order by o.line',
      [account],
    )
    const rates = rows.map((row) => row.rate)
    expect(placed.filter((each) => !('order' in each))).toEqual([])
    expect(rates).toHaveLength(201)
    // Lines are numbered in the order of their commits: once the new price was paid, the old one never is again.
    expect(rates.slice(rates.indexOf('2.40')).every((rate) => rate === '2.40')).toBe(true)
    expect(rows.find((row) => row.id === BigInt(after.order))!.rate).toBe('2.40')
  })

  test('an order that waits behind the turn pays the new price', async () => {
    const panel = await shop.panelOnSale([listed(1)], { whenCostPasses: 'raise' })
    const { key } = await docket.account()
    await shop.onSaleAtTheNode(key, panel.ours[0]!)
    panel.lists(listed(1, { rate: '2' }))
    const batch = await docket.db.connect()
    await batch.query('begin')
    // As a batch of orders that is committing.
    await batch.query('select pg_advisory_xact_lock_shared(7301)')
    const waiting = async () =>
      (await docket.db.query(`select from pg_locks where locktype = 'advisory' and objid = 7301 and not granted`)).rowCount

    const syncing = panel.sync()
    await until(async () => (await waiting()) === 1)
    const placing = order(key, panel.ours[0]!)
    await until(async () => (await waiting()) === 2)
    await batch.query('commit')
    batch.release()

    await syncing
    expect((await docket.call({ key, action: 'status', order: (await placing).order })).charge).toBe('2.40000')
  })

  test('two syncs by hand at once read the list once, the other is told', async () => {
    const panel = await shop.panelOnSale([listed(1)])
    const prices = shop.deps().openPrices
    const reads = () => panel.fake.calls.filter((call) => call['action'] === 'services').length
    const before = reads()
    // While the first one reads, the other begins.
    const others: PromiseSettledResult<unknown>[] = []
    const first = {
      ...shop.deps(),
      openPrices: (row: Parameters<typeof prices>[0]) => ({
        ...prices(row)!,
        async services() {
          others.push(...(await Promise.allSettled([panel.sync(), panel.sync(), panel.import()])))
          return prices(row)!.services()
        },
      }),
    }

    await syncWith(first, panel.name)

    const told = expect.objectContaining({ message: expect.stringContaining('being read at this moment') })
    expect(others).toEqual(['sync', 'sync', 'import'].map(() => ({ status: 'rejected', reason: told })))
    expect(reads() - before).toBe(1)
    expect(await panel.sync()).toMatchObject({ bound: 1 })
  })

  test('two nodes read a list that is due once, and again an hour later', async () => {
    const panel = await shop.panelOnSale([listed(1)])
    const reads = () => panel.fake.calls.filter((call) => call['action'] === 'services').length
    await docket.db.query('update price_lists set hourly = supplier_id = $1', [panel.id])
    const before = reads()
    const nodes = () => Promise.all(Array.from({ length: 4 }, () => syncDuePrices(shop.deps())))

    expect(await nodes()).toEqual([0, 0, 0, 0])
    docket.clock.forward({ minutes: 59 })
    expect(await nodes()).toEqual([0, 0, 0, 0])
    docket.clock.forward({ minutes: 1 })
    expect((await nodes()).filter((read) => read === 1)).toHaveLength(1)
    expect(reads() - before).toBe(1)
    docket.clock.forward({ minutes: 60 })
    expect((await nodes()).filter((read) => read === 1)).toHaveLength(1)
    await setSupplier(docket.db, panel.name, { paused: true }, undefined as never)
    docket.clock.forward({ minutes: 60 })
    expect(await nodes()).toEqual([0, 0, 0, 0])
  })

  test('a reading whose lease ran out changes nothing', async () => {
    const panel = await shop.panelOnSale([listed(1)])
    const prices = shop.deps().openPrices
    panel.lists(listed(1, { rate: '5' }))
    let overtaken = false
    const slow = {
      ...shop.deps(),
      openPrices: (row: Parameters<typeof prices>[0]) => ({
        ...prices(row)!,
        async services() {
          const old = await prices(row)!.services()
          overtaken = true
          docket.clock.forward({ minutes: 6 })
          panel.lists(listed(1, { rate: '1.10' }))
          await panel.sync()
          return old
        },
      }),
    }
    await expect(syncWith(slow, panel.name)).rejects.toThrow('another reading began')

    expect(overtaken).toBe(true)
    expect(await shop.read(panel.ours[0]!)).toMatchObject({ cost: '1.10', state: 'on sale' })
  })
})

describe('a list that is not believed changes nothing and tells staff', () => {
  const rubbish: readonly FaultName[] = [
    'garbage',
    'page instead of JSON',
    'empty answer',
    'empty object',
    'empty list',
    'null',
    'bad gateway',
    'truncated',
    'reset before reading',
    'quotes the key',
    'maintenance',
    'too many requests',
    'order null',
  ]
  test.each(rubbish)('"%s"', async (fault) => {
    const panel = await shop.panelOnSale([listed(1), listed(2)])
    const before = await shop.read(panel.ours[0]!)
    if (fault === 'reset before reading') panel.fake.fail(fault)
    else panel.fake.fail(fault, 'services')

    await expect(panel.sync()).rejects.toThrow('Nothing changed')

    expect(await shop.read(panel.ours[0]!)).toEqual(before)
    const kind = fault === 'quotes the key' ? 'supplier refuses our key' : 'price list refused'
    expect(await shop.alerts(panel)).toEqual([expect.stringMatching(new RegExp(`^${kind}: `))])
    expect((await shop.alerts(panel)).join()).not.toContain(panel.fake.key)
    await panel.sync()
    expect(await shop.alerts(panel)).toEqual([])
  })

  test('a wrong key is told as that, and not as a list without a currency', async () => {
    const panel = await shop.panelOnSale([listed(1)])
    panel.fake.answer('balance', { error: 'Invalid API key' })

    await expect(panel.sync()).rejects.toThrow('Nothing changed. It refuses our key: Invalid API key')

    expect(await shop.alerts(panel)).toEqual(['supplier refuses our key: It refuses our key: Invalid API key'])
    panel.fake.answer('balance', { balance: '1', currency: 'USD' })
    await panel.sync()
    expect(await shop.alerts(panel)).toEqual([])
  })

  test('more than half of its services lost, until the operator says that it is so', async () => {
    const panel = await shop.panelOnSale([1, 2, 3, 4, 5].map((id) => listed(id)))
    panel.lists(listed(1), listed(2), listed(11), listed(12), listed(13), listed(14))

    await expect(panel.sync()).rejects.toThrow('lost 3 of 5 services')
    expect(await Promise.all(panel.ours.map(async (id) => (await shop.read(id)).state))).toEqual(Array(5).fill('on sale'))
    expect(await panel.sync({ acceptLoss: true })).toMatchObject({ gone: panel.ours.slice(2) })
    expect(await panel.sync()).toMatchObject({ gone: panel.ours.slice(2) })
  })

  test('more than half of it unreadable', async () => {
    const panel = await shop.panelOnSale([1, 2, 3].map((id) => listed(id)))
    panel.lists(listed(1), listed(2, { rate: 'NaN' }), listed(3, { rate: '' }))

    await expect(panel.sync()).rejects.toThrow('2 of 3 services')
  })

  test('a single entry that cannot be read, or is there twice, leaves its service as it is', async () => {
    const panel = await shop.panelOnSale([1, 2, 3, 4, 5, 6].map((id) => listed(id)))
    panel.lists(listed(1, { rate: 'x' }), listed(2), listed(2, { rate: '0.01' }), listed(3), listed(4), listed(5), listed(6))

    expect(await panel.sync()).toMatchObject({ costs: 0, unreadable: panel.ours.slice(0, 2), gone: [] })
    expect(await shop.alerts(panel)).toEqual([expect.stringMatching(/^prices unreadable: /)])
  })

  test('a price in another currency, until the operator says what one is worth', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2)], { whenCostPasses: 'raise' })
    panel.fake.answer('balance', { balance: '1', currency: 'eur' })

    await expect(panel.sync()).rejects.toThrow('Its prices are in EUR, ours in USD')
    await setPriceSettings(docket.db, panel.id, { exchange: { currency: 'GBP', rate: '1.3' } }, docket.clock.now())
    await expect(panel.sync()).rejects.toThrow('Its prices are in EUR')
    await setPriceSettings(docket.db, panel.id, { exchange: { currency: 'eur', rate: '1.0801' } }, docket.clock.now())
    panel.lists(listed(1, { rate: '1.123456789012' }), listed(2))
    await panel.sync()

    // 1.123456789012 × 1.0801 = 1.2134456778118612, never less.
    expect(await shop.read(panel.ours[0]!)).toMatchObject({ cost: '1.213445677812', rate: '1.46' })
    expect(await shop.read(panel.ours[1]!)).toMatchObject({ cost: '1.0801', rate: '1.20' })
    expect(await shop.alerts(panel)).toEqual([])
  })

  test('a supplier that names no currency, until the operator says which it is', async () => {
    const panel = await shop.panel(null)
    panel.lists(listed(1))

    await expect(panel.import()).rejects.toThrow('It names no currency')
    await setPriceSettings(docket.db, panel.id, { exchange: { currency: 'USD', rate: '1' } }, docket.clock.now())
    expect((await panel.import()).added).toHaveLength(1)
  })

  test('a failed reading is tried again in ten minutes, and hurts no other supplier', async () => {
    const [bad, good] = [await shop.panelOnSale([listed(1)]), await shop.panelOnSale([listed(1)])]
    await docket.db.query('update price_lists set hourly = supplier_id = any($1)', [[bad.id, good.id]])
    docket.clock.forward({ minutes: 60 })
    bad.fake.fail('garbage', 'services')
    good.lists(listed(1, { rate: '1.01' }))

    const drain = async () => {
      let read = 0
      while ((await syncDuePrices(shop.deps())) > 0) read += 1
      return read
    }
    expect(await drain()).toBe(2)
    expect(await shop.read(good.ours[0]!)).toMatchObject({ cost: '1.01' })
    docket.clock.forward({ minutes: 10 })
    expect(await drain()).toBe(1)
    expect(await shop.alerts(bad)).toEqual([])
  })
})

describe('services that vanish and return', () => {
  test('are disabled, and come back as they were', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2), listed(3)])
    const before = await shop.read(panel.ours[0]!)
    panel.lists(listed(2), listed(3))

    expect(await panel.sync()).toMatchObject({ gone: [panel.ours[0]] })
    expect(await shop.read(panel.ours[0]!)).toMatchObject({ state: 'disabled', pause: 'gone', gone: true })
    expect(await shop.alerts(panel)).toEqual([`services gone: No supplier lists them any more: ${panel.ours[0]}`])
    panel.lists(listed(1), listed(2), listed(3))
    expect(await panel.sync()).toMatchObject({ gone: [], returned: [panel.ours[0]] })

    expect(await shop.read(panel.ours[0]!)).toEqual(before)
    expect(await shop.alerts(panel)).toEqual([])
  })

  test('stay as the operator set them', async () => {
    const panel = await shop.panelOnSale([1, 2, 3, 4, 5].map((id) => listed(id)))
    const [disabled, hidden, taken] = panel.ours as [number, number, number]
    await shop.set(disabled, { state: 'disabled' })
    await shop.set(hidden, { state: 'hidden' })
    panel.lists(listed(1), listed(2), listed(4), listed(5))
    await panel.sync()
    // Put back by hand, then hidden by hand: it is not the sync's any more.
    await shop.set(taken, { state: 'on sale' })
    await shop.set(taken, { state: 'hidden' })
    panel.lists(listed(1), listed(2), listed(3), listed(4), listed(5))

    expect(await panel.sync()).toMatchObject({ returned: [] })
    expect(await shop.read(disabled)).toMatchObject({ state: 'disabled', pause: null })
    expect(await shop.read(hidden)).toMatchObject({ state: 'hidden' })
    expect(await shop.read(taken)).toMatchObject({ state: 'hidden', pause: null })
  })

  test('a state set by hand on a paused service is the operator’s, also the state that it has', async () => {
    const panel = await shop.panelOnSale([1, 2, 3, 4].map((id) => listed(id)))
    const [kept, sold, other] = panel.ours as [number, number, number]
    panel.lists(listed(3), listed(4))
    expect(await panel.sync()).toMatchObject({ gone: [kept, sold] })
    await shop.set(kept, { state: 'disabled' })
    await shop.set(sold, { state: 'on sale' })
    // What says nothing of the state leaves the pause to the sync.
    panel.lists(listed(1), listed(2), listed(4))
    expect(await panel.sync()).toMatchObject({ gone: [other], returned: [] })
    await shop.set(other, { min: 20 })
    expect(await shop.read(kept)).toMatchObject({ state: 'disabled', pause: null })
    expect(await shop.read(sold)).toMatchObject({ state: 'on sale', pause: null })
    panel.lists(listed(1), listed(2), listed(3), listed(4))
    expect(await panel.sync()).toMatchObject({ returned: [other] })
    expect(await shop.read(kept)).toMatchObject({ state: 'disabled' })
  })

  test('are disabled when they come back as another type: its rate means something else', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2)])
    panel.lists(listed(1, { type: 'Package', rate: '0.01' }), listed(2))

    expect(await panel.sync()).toMatchObject({ gone: [panel.ours[0]], costs: 0 })
    expect(await shop.read(panel.ours[0]!)).toMatchObject({ state: 'disabled', pause: 'type', cost: '1.00' })
    panel.lists(listed(1), listed(2))
    expect(await panel.sync()).toMatchObject({ returned: [panel.ours[0]] })
  })
})

describe('ranges and flags', () => {
  test('follow the supplier where they were theirs', async () => {
    const panel = await shop.panelOnSale([listed(1)])
    panel.lists(listed(1, { min: '50', max: '20000', refill: false, cancel: true, dripfeed: true }))

    expect(await panel.sync()).toMatchObject({ followed: 1 })
    expect(await shop.read(panel.ours[0]!)).toMatchObject({ min: 50, max: 20_000, refill: false, cancel: true, dripfeed: true })
  })

  test('stay the operator’s where they were, within what the supplier takes', async () => {
    const panel = await shop.panelOnSale([listed(1)])
    const service = panel.ours[0]!
    await shop.set(service, { min: 100, max: 500, refill: false })
    panel.lists(listed(1, { min: '20', max: '5000' }))
    await panel.sync()
    expect(await shop.read(service)).toMatchObject({ min: 100, max: 500, refill: false })

    panel.lists(listed(1, { min: '200', max: '300' }))
    await panel.sync()
    expect(await shop.read(service)).toMatchObject({ min: 200, max: 300, refill: false })

    panel.lists(listed(1, { min: '1000', max: '3000' }))
    await panel.sync()
    expect(await shop.read(service)).toMatchObject({ min: 1000, max: 3000 })
  })

  test('count in our quantity where theirs is another', async () => {
    const panel = await shop.panel()
    const service = await docket.service({ rate: '30', min: 1, max: 1_000_000 })
    await bindSupplier(docket.db, service, panel.name, { theirService: '7', costRate: null, multiplier: 3, position: null })
    panel.lists(listed(7, { min: '10', max: '100' }))

    await panel.sync()

    expect(await shop.read(service)).toMatchObject({ min: 4, max: 33, refill: false })
  })
})

describe('price-check', () => {
  test('finds every service, agreed rate and discount below the cost, and nothing at it', async () => {
    const panel = await shop.panelOnSale([listed(1), listed(2), listed(3)], { whenCostPasses: 'flag' })
    const [atCost, flagged, agreed] = panel.ours as [number, number, number]
    const [rich, cheap, suspended] = [await docket.account(), await docket.account(), await docket.account()]
    panel.lists(listed(1, { rate: '1.2' }), listed(2, { rate: '1.200001' }), listed(3, { rate: '1.14' }))
    await panel.sync()
    await setAccount(docket.db, cheap.account, { discountBasisPoints: 500 })
    await setAccount(docket.db, suspended.account, { discountBasisPoints: 5000 })
    await docket.db.query('update accounts set suspended_at = now() where id = $1', [suspended.account])
    await setCustomRate(docket.db, rich.account, agreed, '1.139999')
    // Its own rate is final: the discount of five per cent does not make it less.
    await setCustomRate(docket.db, cheap.account, atCost, '1.20')

    const found = (await listBelowCost(docket.db, 10_000)).filter(({ service }) => panel.ours.includes(service))

    expect(found.map(({ service, account, source, price, cost }) => [service, account, source, price, cost])).toEqual([
      [flagged, null, 'rate', '1.2', '1.200001'],
      [flagged, cheap.account, '5%', '1.14', '1.200001'],
      [agreed, rich.account, 'custom', '1.139999', '1.14'],
    ])
  })
})
