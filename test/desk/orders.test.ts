import { beforeAll, describe, expect, test } from 'vitest'
import { workJob } from '../../server/acts/job-worker.ts'
import { orderNote } from '../../server/acts/order-note.ts'
import { bringHandOffs } from '../../server/fulfilment/bring-hand-offs.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, hiddenIn, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const docket = openDocket({ DOCKET_ROLE: 'http' })
const house = () => houseOf(docket.db, docket.clock.now)
let desk: DeskPages
let customer: { account: number; key: string }
let service: number
let orders: number[]

beforeAll(async () => {
  desk = await openDesk(docket, { role: 'manager' })
  customer = await docket.account()
  service = await onSale(docket)
  orders = []
  for (const name of ['a', 'b', 'c', 'd'])
    orders.push(await placed(docket, customer.key, { service, quantity: 1000, link: `https://example.com/${name}` }))
  await tell(docket, orders[3]!, 'Completed')
})

const rowsOf = (html: string) => [...html.matchAll(/name="pick" value="(\d+)"/g)].map(([, id]) => Number(id))

describe('the list of orders on the desk', () => {
  test('shows the orders of all accounts, newest first, and filters them by the address', async () => {
    expect(rowsOf((await desk.get('/desk/orders')).html)).toEqual(orders.toReversed())
    expect(rowsOf((await desk.get('/desk/orders?state=ended')).html)).toEqual([orders[3]])
    expect(rowsOf((await desk.get(`/desk/orders?account=${customer.account}&state=open&service=${service}`)).html)).toEqual([
      orders[2], orders[1], orders[0],
    ]) // prettier-ignore
    expect((await desk.get('/desk/orders?state=attention')).html).toContain('No order matches')
    expect((await desk.get('/desk/orders?state=nonsense&from=never&before=x')).status).toBe(200)
  })

  test('has one search box, which says what it recognised and what it did not search', async () => {
    const link = await desk.get('/desk/orders?q=example.com/b')
    expect(rowsOf(link.html)).toEqual([orders[1]])
    expect(link.html).toContain('The link of 1 order')
    expect(link.html).toContain('parts of links')
    const several = await desk.get(`/desk/orders?q=${orders[0]},${orders[2]},999999`)
    expect(rowsOf(several.html)).toEqual([orders[2], orders[0]])
    expect(several.html).toContain('There is no order 999999')
    expect((await desk.get('/desk/orders?q=customer1@example.com')).html).toContain(`Account ${customer.account}`)
  })

  test('keeps no API key in its address', async () => {
    const { status, location } = await desk.get(`/desk/orders?q=${customer.key}`)
    expect({ status, location }).toEqual({ status: 303, location: `/desk/orders?q=${customer.key.slice(0, 12)}` })
  })

  test('shows the columns that were chosen', async () => {
    const { html } = await desk.get('/desk/orders?column=status&column=origin')
    expect([...html.matchAll(/<th scope="col"[^>]*>([^<]*)</g)].map(([, name]) => name)).toEqual(['Order', 'Status', 'Origin'])
  })

  test('keeps views with their filters and columns, one’s own and shared ones', async () => {
    const address = 'state=open&column=status'
    expect(await desk.post('/desk/orders/views', { address, name: 'Mine' })).toMatchObject({
      status: 303,
      location: `/desk/orders?${address}`,
    })
    await desk.post('/desk/orders/views', { address: 'state=ended', name: 'Ours', shared: 'yes' })
    const other = await openDesk(docket, { role: 'support' })
    const theirs = (await other.get('/desk/orders')).html
    expect([theirs.includes('Mine'), theirs.includes('Ours')]).toEqual([false, true])
    const mine = (await desk.get('/desk/orders')).html
    expect(mine).toContain('/desk/orders?state=open&amp;column=status')
    const view = hiddenIn(mine, 'view')
    await other.post('/desk/orders/views/drop', { view })
    expect((await desk.get('/desk/orders')).html).toContain('Mine')
    await desk.post('/desk/orders/views/drop', { view })
    expect((await desk.get('/desk/orders')).html).not.toContain('Mine')
  })
})

describe('the page of an order', () => {
  test('tells its life, its price and its notes, and offers the acts that fit', async () => {
    await run(house(), orderNote, { order: orders[0]!, note: 'asked about <b>it</b>' })
    const { html, status } = await desk.get(`/desk/orders/${orders[0]}`)
    expect(status).toBe(200)
    expect(html).toContain('asked about &lt;b>it&lt;/b>')
    expect(html).toContain('1 × 1000 ÷ 1000 = 1')
    expect(html).toContain(`/desk/do/order-cancel?order=${orders[0]}`)
    const ended = (await desk.get(`/desk/orders/${orders[3]}`)).html
    expect(ended).not.toContain('/desk/do/order-cancel')
    const missing = await desk.get('/desk/orders/987654321')
    expect(missing.status).toBe(404)
    expect(missing.html).toContain('Page not found')
  })

  test('offers nothing that the reader may not do, and leaves the log out for who may not read it', async () => {
    const reader = await openDesk(docket, { role: 'read-only' })
    const { html } = await reader.get(`/desk/orders/${orders[0]}`)
    expect(html).not.toContain('/desk/do/order-cancel')
    expect((await reader.get('/desk/orders')).html).not.toContain('name="act"')
    expect((await reader.get('/desk/orders/bulk?act=order+cancel&pick=1')).status).toBe(403)
    expect((await reader.post('/desk/jobs/1/do')).status).toBe(403)
  })
})

describe('a bulk change', () => {
  const tryIt = async (fields: Record<string, string>) => {
    const { location, html } = await desk.post('/desk/orders/bulk', { act: 'order cancel', ...fields })
    if (location !== null) await workJob(house())
    return { location, html }
  }

  test('is tried first: how many would change, how many cannot and why, and what it does to the money; then done once', async () => {
    const chosen = [orders[0]!, orders[1]!, orders[3]!]
    const form = await desk.get(`/desk/orders/bulk?act=order+cancel&${chosen.map((id) => `pick=${id}`).join('&')}`)
    expect(form.html).toContain('To these 3 orders')
    expect(hiddenIn(form.html, 'orders')).toBe(chosen.join(','))
    const { location } = await tryIt({ orders: chosen.join(','), reason: 'sold out', 'form:once': hiddenIn(form.html, 'form:once') })
    const trial = (await desk.get(location!)).html
    expect(trial).toContain('Nothing has changed yet')
    expect(trial).toContain('Cancel, with refund: 2 orders')
    expect(trial).toContain('The order is Completed already')
    expect(trial).toContain('2.00')
    expect(await docket.balance(customer.key)).toBe('96.00000')

    const done = await desk.post(`${location}/do`)
    expect((await desk.post(`${location}/do`)).location).toBe(done.location)
    await workJob(house())
    expect(await docket.balance(customer.key)).toBe('98.00000')
    const csv = (await desk.get(`${done.location}/result.csv`)).html.trim().split('\r\n')
    expect(csv[0]).toContain('order,state,given_back,currency,line,words')
    expect(csv.slice(1).map((row) => row.split(',').slice(0, 4))).toEqual([
      [String(orders[0]), 'done', '1.00000', 'USD'],
      [String(orders[1]), 'done', '1.00000', 'USD'],
    ])
    const [first] = (await desk.get(`${done.location}/result.jsonl`)).html.split('\n')
    expect(JSON.parse(first!)).toMatchObject({ order: orders[0], state: 'done', given_back: '1.00000', line: expect.any(Number) })
    expect((await desk.get('/desk/jobs')).html).toContain(done.location!)
  })

  test('of all orders that match takes those of the moment when it is tried', async () => {
    const { location } = await tryIt({ matching: `service=${service}&state=open` })
    await placed(docket, customer.key, { service, quantity: 1000, link: 'https://example.com/later' })
    expect((await desk.get(`${location}/result.csv`)).html.trim().split('\r\n').slice(1)).toHaveLength(1)
  })

  test('says what is wrong with its fields before anything is tried', async () => {
    const { html, location } = await tryIt({ act: 'order partial', orders: String(orders[2]), remains: 'many' })
    expect(location).toBeNull()
    expect(html).toContain('class="fault"')
    expect((await tryIt({ orders: '' })).html).toContain('role="alert"')
  })
})

// The last one: the bulk changes above count their orders.
describe('the page of an order of another panel', () => {
  test('is shown of an order that was moved in with its supplier, which nobody here handed over', async () => {
    const order = await placed(docket, customer.key, { service, quantity: 10, link: 'https://example.com/moved' })
    const brought = {
      orderId: BigInt(order),
      supplierId: (await docket.db.query(`select id from suppliers limit 1`)).rows[0].id,
      reference: '77',
    }
    await bringHandOffs(docket.db, [brought], { ended: false, panel: 'old', now: docket.clock.now() })
    const page = await desk.get(`/desk/orders/${order}`)
    expect([page.status, page.html.includes('With the supplier</strong> <code dir="ltr">77</code>')]).toEqual([200, true])
  })
})
