import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { serviceBind } from '../../server/acts/service-bind.ts'
import { supplierAdd } from '../../server/acts/supplier-add.ts'
import { askDueBalance } from '../../server/fulfilment/balances.ts'
import { addUpMeasures } from '../../server/fulfilment/measures.ts'
import { openSecret } from '../../server/secret.ts'
import { openSupplierCalls } from '../../server/suppliers/calls.ts'
import { openPriceSources, type PriceSources } from '../../server/suppliers/open.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'
import { workOnce } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { type ToldSupplier, toldSupplier } from '../support/told-supplier.ts'

const SECRET = 'a secret of this test, long enough'
const docket = openDocket({ DOCKET_SECRET: SECRET })
const house = () => houseOf(docket.db, docket.clock.now)
let fake: FakeSupplier
let prices: PriceSources
let panel: number

beforeAll(async () => {
  fake = await openFakeSupplier()
  const offer = { type: 'Default', category: 'Ads', min: '1', max: '100', refill: false, cancel: false }
  fake.answer('balance', { balance: '80', currency: 'USD' })
  fake.answer(
    'services',
    ['1', '2', '3'].map((rate, at) => ({ ...offer, service: at + 5, name: `Theirs ${at}`, rate })),
  )
  prices = openPriceSources(await openSecret({ secret: SECRET, dataDirectory: '/nowhere' }))
  await run(house(), supplierAdd, { name: 'Panel A', url: fake.url, key: fake.key, private_network: true })
  panel = (await docket.db.query<{ id: number }>(`select id from suppliers where name = 'Panel A'`)).rows[0]!.id
})
afterAll(async () => {
  await prices.close()
  await fake.close()
})

const rowsOf = (html: string) => [...html.matchAll(/href="\/desk\/suppliers\/(\d+)"/g)].map(([, id]) => Number(id))

async function ended(supplier: ToldSupplier, service: number, minutes: number) {
  const { key } = await docket.account()
  const orders: number[] = []
  for (let n = 0; n < 10; n += 1) orders.push(await placed(docket, key, { service, quantity: 100 }))
  await workOnce(docket, supplier)
  docket.clock.forward({ minutes })
  for (const order of orders) supplier.tell(order, 'Completed')
  await workOnce(docket, supplier)
}

describe('suppliers side by side', () => {
  test('stand in the order that the address asks for, the worst first with a minus', async () => {
    const desk = await openDesk(docket)
    const calls = openSupplierCalls(docket.db, docket.clock.now)
    calls.note({ supplierId: panel, ms: 800, failure: null })
    calls.note({ supplierId: panel, ms: 900, failure: 'HTTP 502: Bad Gateway' })
    const other = await toldSupplier(docket)
    calls.note({ supplierId: other.id, ms: 100, failure: null })
    await calls.stop()
    const best = rowsOf((await desk.get('/desk/suppliers?sort=latency')).html)
    const worst = rowsOf((await desk.get('/desk/suppliers?sort=-latency')).html)
    expect(best.slice(0, 2)).toEqual([other.id, panel])
    expect(worst.slice(0, 2)).toEqual([panel, other.id])
    const { html } = await desk.get(`/desk/suppliers/${panel}`)
    expect(html).toContain('HTTP 502: Bad Gateway')
    expect(html).toContain('Away')
    expect(html).toMatch(/<svg[^>]*role="img"/)
  })

  test('show our balance there and how long it lasts', async () => {
    const ask = () => askDueBalance({ db: docket.db, now: docket.clock.now, openPrices: prices.open })
    await ask()
    docket.clock.forward({ days: 1 })
    fake.answer('balance', { balance: '70', currency: 'USD' })
    await ask()
    const desk = await openDesk(docket)
    await desk.do('supplier-set', { name: 'Panel A', balance_low: '75' })
    const { html } = await desk.get(`/desk/suppliers/${panel}`)
    expect(html).toContain('70.00 USD')
    expect(html).toContain('Below the limit of 75.00')
    expect(html).toMatch(/about [67] days/)
    fake.answer('balance', { balance: '90', currency: 'USD' })
    docket.clock.forward({ minutes: 10 })
    await ask()
    expect((await desk.get(`/desk/suppliers/${panel}`)).html).not.toContain('Below the limit')
  })

  test('suggest the one that is cheaper and sooner, which one act then asks first', async () => {
    const desk = await openDesk(docket)
    const [slow, quick] = [await toldSupplier(docket), await toldSupplier(docket)]
    const service = await onSale(docket)
    await run(house(), serviceBind, { service, supplier: quick.name, cost_rate: '0.5' })
    await change(docket, service, {})
    await ended(quick, service, 10)
    await run(house(), serviceBind, { service, supplier: slow.name, cost_rate: '0.8', position: 1 })
    await change(docket, service, {})
    await ended(slow, service, 60)
    await addUpMeasures(docket.db)
    const { html } = await desk.get('/desk/suppliers')
    expect(html).toContain('Cheaper and sooner')
    expect(html).toContain(`service=${service}&amp;supplier=${encodeURIComponent(quick.name).replaceAll('%20', '+')}`)
    await desk.do('service-prefer', { service: String(service), supplier: quick.name })
    expect((await desk.get('/desk/suppliers')).html).not.toContain('Cheaper and sooner')
    expect((await docket.db.query('select supplier_id as id from services where id = $1', [service])).rows).toEqual([{ id: quick.id }])
  })

  test('are shown to those who may see them only, and without what they may not do', async () => {
    const [support, fulfilment] = [await openDesk(docket, { role: 'support' }), await openDesk(docket, { role: 'fulfilment' })]
    expect((await support.get('/desk/suppliers')).status).toBe(403)
    const { status, html } = await fulfilment.get(`/desk/suppliers/${panel}`)
    expect(status).toBe(200)
    expect(html).not.toContain('/desk/do/supplier-set')
    expect((await fulfilment.get('/desk/suppliers/999999')).status).toBe(400)
  })
})

describe('an import', () => {
  test('shows each row before anything changes, and then does what it showed', async () => {
    const desk = await openDesk(docket)
    const count = async () => (await docket.db.query('select from service_suppliers where supplier_id = $1', [panel])).rowCount
    const page = `/desk/suppliers/${panel}/import`
    expect((await desk.get(`${page}?only=5,6`)).html).toContain('value="5,6"')
    const diff = await desk.post(page, { margin: '50%', only: '5,6' })
    expect(diff.html).toContain('Nothing has changed yet')
    expect(diff.html).toContain('2 added')
    expect(await count()).toBe(0)
    const once = /name="form:once" value="([^"]*)"/.exec(diff.html)![1]!
    const done = await desk.post('/desk/do/supplier-import', {
      name: 'Panel A',
      margin: '50%',
      only: '5,6',
      'form:once': once,
      'form:back': `/desk/suppliers/${panel}`,
    })
    expect(done.location).toMatch(new RegExp(`^/desk/suppliers/${panel}\\?told=`))
    expect(await count()).toBe(2)
    expect((await desk.post(page, { margin: 'much' })).status).toBe(422)
  })

  test('leaves to decide what is new there, and what got dearer or is gone', async () => {
    const desk = await openDesk(docket)
    const page = `/desk/suppliers/${panel}/decisions`
    expect((await desk.get(page)).html).toContain('name="only" value="7"')
    expect((await desk.get(`/desk/suppliers/${panel}/pick?only=7&only=8`)).location).toBe(`/desk/suppliers/${panel}/import?only=7%2C8`)
    const offer = { type: 'Default', category: 'Ads', min: '1', max: '100', refill: false, cancel: false, name: 'x' }
    fake.answer('services', [
      { ...offer, service: 5, rate: '40' },
      { ...offer, service: 7, rate: '1' },
    ])
    await desk.do('supplier-sync', { name: 'Panel A' })
    const { html } = await desk.get(page)
    expect(html).toContain('Costs more than its price')
    expect(html).toContain('Gone from its list')
    const { rows } = await docket.db.query<{ id: number }>(
      `select service_id as id from service_suppliers where supplier_id = $1 and their_service = '5'`,
      [panel],
    )
    await desk.do('service-set', { service: String(rows[0]!.id), rate: '60', state: 'on sale' })
    expect((await desk.get(page)).html).not.toContain('Costs more than its price')
  })
})
