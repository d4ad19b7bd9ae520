import { beforeAll, describe, expect, test } from 'vitest'
import { suspendAccount } from '../../server/customers/accounts.ts'
import { listKeys } from '../../server/customers/keys.ts'
import { pageCaller } from '../../server/customers/page-callers.ts'
import { settle } from '../../server/orders/settle.ts'
import { transaction } from '../../server/db/pool.ts'
import { openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'

const docket = openDocket()
const LINK = 'https://example.com/p/1'

async function quoted(me: OwnPages, fields: Record<string, string>) {
  const form = (await me.get(`/order?service=${fields['service']}`)).html
  const priced = await me.post('/order', { ...fields, retry: me.hidden(form, 'retry'), step: 'price' }, me.hidden(form, 'csrf'))
  const { html } = priced
  const ready = { ...fields, step: 'place', retry: me.hidden(html, 'retry'), max_charge: me.hidden(html, 'max_charge') }
  return { ...priced, place: () => me.post('/order', ready, me.hidden(html, 'csrf')), ready }
}

async function placed(me: OwnPages, service: number, quantity = '1000', link = LINK): Promise<string> {
  const { location } = await (await quoted(me, { service: String(service), link, quantity })).place()
  return /^\/orders\/(\d+)\?done=placed$/.exec(location!)![1]!
}

const orderCount = async (account: number) =>
  (
    await docket.db.query<{ n: number }>(
      'select count(*)::int as n from orders o join books b on b.id = o.book_id where b.account_id = $1',
      [account],
    )
  ).rows[0]!.n

describe('the pages of orders and money', () => {
  let me: OwnPages
  let service: number
  beforeAll(async () => {
    me = await ownPages(docket)
    service = await onSale(docket, {
      name: 'Likes <b>&',
      category: 'Example & more',
      rate: '0.90',
      min: 10,
      max: 5000,
      cancel: true,
      refill: true,
    })
  })

  test('a stranger is asked to sign in', async () => {
    for (const path of ['/services', '/order', '/orders', '/orders/1', '/orders/1/explain', '/funds', '/funds.csv', '/funds/statement']) {
      const response = await fetch(docket.node.url! + path, { redirect: 'manual' })
      expect({ path, status: response.status }).toEqual({ path, status: 303 })
      expect(response.headers.get('location')).toMatch(/^\/sign-in\?next=/)
    }
  })

  test('services are found by word, number and category, at the own rate', async () => {
    await docket.db.query('insert into custom_rates (account_id, service_id, rate) values ($1, $2, $3)', [me.account, service, '0.7125'])
    const { status, html } = await me.get(`/services?find=likes+${service}&category=${encodeURIComponent('Example & more')}`)
    expect(status).toBe(200)
    expect(html).toContain('$0.7125')
    expect(html).toContain('Likes &lt;b>&amp;')
    expect(html).not.toContain('<b>&')
    const none = (await me.get('/services?find=nothing-is-called-so')).html
    expect(none).toContain('No results')
    await docket.db.query('delete from custom_rates where account_id = $1', [me.account])
  })

  test('the price is told before it is bought, and asking buys nothing', async () => {
    const before = await docket.balance(me.key)
    const asked = await quoted(me, { service: String(service), link: LINK, quantity: '1000' })
    expect(asked.status).toBe(200)
    expect(asked.html).toContain('$0.90')
    expect(asked.ready.max_charge).toBe('0.90000')
    expect(await docket.balance(me.key)).toBe(before)
  })

  test('a form that is sent twice is one order, paid once', async () => {
    const buyer = await ownPages(docket)
    const asked = await quoted(buyer, { service: String(service), link: LINK, quantity: '1000' })
    const answers = await Promise.all([asked.place(), asked.place(), asked.place()])
    const later = await asked.place()
    const places = new Set([...answers, later].map(({ location }) => location))
    expect(places.size).toBe(1)
    expect([...places][0]).toMatch(/^\/orders\/\d+\?done=placed$/)
    expect(await orderCount(buyer.account)).toBe(1)
    expect(await docket.balance(buyer.key)).toBe('99.10000')
  })

  test('the same form with other words is another order', async () => {
    const buyer = await ownPages(docket)
    const asked = await quoted(buyer, { service: String(service), link: LINK, quantity: '1000' })
    const first = await asked.place()
    const second = await buyer.post('/order', { ...asked.ready, link: 'https://example.com/p/2' })
    expect(second.status).toBe(303)
    expect(second.location).not.toBe(first.location)
    expect(await orderCount(buyer.account)).toBe(2)
  })

  test('a refusal stands at its field, and buys nothing', async () => {
    const buyer = await ownPages(docket, { balance: '0.5' })
    const cases: [Record<string, string>, string, string][] = [
      [{ link: '', quantity: '100' }, 'link', 'Please fill this in.'],
      [{ link: 'javascript:alert(1)', quantity: '100' }, 'link', 'This link or name isn’t valid.'],
      [{ link: LINK, quantity: '9' }, 'quantity', 'Less than the service’s minimum'],
      [{ link: LINK, quantity: '5001' }, 'quantity', 'More than the service’s maximum'],
      [{ link: LINK, quantity: 'many' }, 'quantity', 'Enter a whole number above 0.'],
    ]
    for (const [fields, name, text] of cases) {
      for (const step of ['price', 'place']) {
        const { status, html } = await buyer.post('/order', {
          service: String(service),
          retry: 'a'.repeat(22),
          step,
          max_charge: '1',
          ...fields,
        })
        expect(status).toBe(422)
        expect(new RegExp(`id="${name}-fault">([^<]*)<`).exec(html)?.[1]).toBe(text)
      }
    }
    const poor = await quoted(buyer, { service: String(service), link: LINK, quantity: '1000' })
    expect(poor.status).toBe(422)
    expect(poor.html).toContain('The balance does not cover the charge')
    expect(await orderCount(buyer.account)).toBe(0)
  })

  test('a price that rose since it was shown is shown anew', async () => {
    const rising = await onSale(docket, { rate: '1' })
    const buyer = await ownPages(docket)
    const asked = await quoted(buyer, { service: String(rising), link: LINK, quantity: '1000' })
    await change(docket, rising, { rate: '1.5' })
    const { status, html } = await asked.place()
    expect(status).toBe(200)
    expect(html).toContain('$1.50')
    expect(await orderCount(buyer.account)).toBe(0)
  })

  test('a form without our token is refused', async () => {
    const { status } = await me.post(
      '/order',
      { service: String(service), link: LINK, quantity: '1000', step: 'place', retry: 'a'.repeat(22) },
      'wrong',
    )
    expect(status).toBe(403)
  })

  test('orders are listed newest first, page by page, by status, number and link', async () => {
    const buyer = await ownPages(docket, { balance: '1000' })
    const ids: string[] = []
    for (let n = 0; n < 53; n += 1) {
      const call = { key: buyer.key, action: 'add', service, link: `https://example.com/list/${n}`, quantity: 10 }
      ids.unshift(String((await docket.call(call)).order))
    }
    const listed = (html: string) => [...html.matchAll(/href="\/orders\/(\d+)"/g)].map(([, id]) => id)
    const first = (await buyer.get('/orders')).html
    expect(listed(first)).toEqual(ids.slice(0, 50))
    const older = /href="(\/orders\?before=\d+)"/.exec(first)![1]!
    expect(listed((await buyer.get(older)).html)).toEqual(ids.slice(50))

    await transaction(docket.db, (tx) =>
      settle(
        tx,
        [{ orderId: BigInt(ids[40]!), status: 'Partial', startCount: 0n, remains: 5n, words: null }],
        'supplier',
        docket.clock.now(),
      ),
    )
    expect(listed((await buyer.get('/orders?status=Partial')).html)).toEqual([ids[40]])
    expect(listed((await buyer.get('/orders?status=Completed')).html)).toEqual([])
    expect(listed((await buyer.get(`/orders?find=${ids[7]}`)).html)).toEqual([ids[7]])
    expect(listed((await buyer.get('/orders?find=https://example.com/list/12')).html)).toEqual([ids[40]])
    expect(listed((await buyer.get('/orders?find=https://example.com/list/13')).html)).toEqual([ids[39]])
    expect((await me.get(`/orders?find=${ids[7]}`)).html).toContain('No results')
  })

  test('an order is cancelled once, refunded, and its timeline tells it', async () => {
    const buyer = await ownPages(docket)
    const id = await placed(buyer, service)
    const { html } = await buyer.get(`/orders/${id}`)
    expect(html).toContain('Cancel the order')
    const [one, two] = await Promise.all([buyer.post(`/orders/${id}/cancel`, {}), buyer.post(`/orders/${id}/cancel`, {})])
    expect([one.status, two.status].toSorted((a, b) => a - b)).toEqual([303, 422])
    const after = (await buyer.get(`/orders/${id}?done=canceled`)).html
    expect(after).toContain('The order is canceled.')
    expect(after).not.toContain('Cancel the order')
    expect(after).toContain('Order again')
    expect(await docket.balance(buyer.key)).toBe('100.00000')
  })

  test('a refill is asked for once it is due', async () => {
    const buyer = await ownPages(docket)
    const id = await placed(buyer, service)
    expect((await buyer.post(`/orders/${id}/refill`, {})).status).toBe(422)
    await transaction(docket.db, (tx) =>
      settle(
        tx,
        [{ orderId: BigInt(id), status: 'Completed', startCount: 5n, remains: 0n, words: 'told <i>secretly</i>' }],
        'supplier',
        docket.clock.now(),
      ),
    )
    const { html } = await buyer.get(`/orders/${id}`)
    expect(html).toContain('Request a refill')
    expect(html).not.toContain('secretly')
    expect((await buyer.post(`/orders/${id}/refill`, {})).location).toBe(`/orders/${id}?done=refill`)
    const again = await buyer.post(`/orders/${id}/refill`, {})
    expect(again.status).toBe(422)
    expect(again.html).toContain('A refill is in progress')
  })

  test("another account's order is not found, whatever is asked of it", async () => {
    const id = await placed(me, service)
    const other = await ownPages(docket)
    expect((await other.get(`/orders/${id}`)).status).toBe(404)
    expect((await other.post(`/orders/${id}/cancel`, {})).status).toBe(404)
    expect((await other.post(`/orders/${id}/refill`, {})).status).toBe(404)
    expect((await other.get(`/order?again=${id}`)).html).not.toContain(LINK)
    expect((await me.get(`/orders/${id}`)).html).not.toContain('Canceled')
  })

  test('ordering again fills in what was ordered, of every type', async () => {
    const buyer = await ownPages(docket)
    const comments = await onSale(docket, { type: 'Custom Comments', rate: '1', min: 1, max: 100 })
    const { order } = await docket.call({ key: buyer.key, action: 'add', service: comments, link: LINK, comments: 'One <1>\nTwo' })
    const { html } = await buyer.get(`/order?again=${order}`)
    expect(html).toContain(`value="${LINK}"`)
    expect(html).toContain('One &lt;1>\nTwo</textarea>')
    const drip = await onSale(docket, { rate: '1', dripfeed: true })
    const parent = await docket.call({ key: buyer.key, action: 'add', service: drip, link: LINK, quantity: 100, runs: 3, interval: 60 })
    const again = (await buyer.get(`/order?again=${parent.order}`)).html
    expect(again).toMatch(/name="quantity"[^>]*value="100"|value="100"[^>]*name="quantity"/)
    expect((await buyer.get(`/orders/${parent.order}`)).status).toBe(200)
  })

  test('the key of the pages is nobody’s: it is not listed, and a suspension refuses it', async () => {
    const buyer = await ownPages(docket)
    await placed(buyer, service)
    expect(await listKeys(docket.db, buyer.account, docket.clock.now())).toHaveLength(1)
    const asked = await quoted(buyer, { service: String(service), link: LINK, quantity: '50' })
    await suspendAccount(docket.db, buyer.account, true, docket.clock.now())
    expect((await asked.place()).status).toBe(403)
    await expect(pageCaller(docket.db, buyer.account, docket.clock.now())).rejects.toThrow('Invalid API key')
    expect(await orderCount(buyer.account)).toBe(1)
  })

  test('an account without anything is told so', async () => {
    const empty = await ownPages(docket, { balance: '0' })
    expect((await empty.get('/orders')).html).toContain('No orders yet')
    expect((await empty.get('/funds')).html).toContain('No transactions yet')
  })

  test('the pages speak the reader’s language, from the right where it is written so', async () => {
    const arabic = await ownPages(docket, { language: 'ar' })
    const { html } = await arabic.get('/services')
    expect(html).toContain('dir="rtl"')
    expect(html).toContain('الخدمات')
  })
})
