import { beforeAll, describe, expect, test } from 'vitest'
import { addKey } from '../../server/customers/keys.ts'
import { openDocket } from '../support/docket.ts'
import { settleRefills } from '../../server/orders/settle-refills.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { workOnce, workThrough } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { handedOff, tell } from '../support/order-life.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { countOrderIds } from '../support/order-ids.ts'

const docket = openDocket()

describe('the pages of orders', () => {
  let service: number
  let other: number
  beforeAll(async () => {
    service = await onSale(docket, { name: 'Likes', cancel: true, refill: true, dripfeed: true })
    other = await onSale(docket, { name: '=Views', cancel: false })
  })

  async function placed(me: OwnPages, parameters: Record<string, string | number> = {}): Promise<number> {
    const answer = await docket.call({
      key: me.key,
      action: 'add',
      service,
      link: 'https://example.com/p/1',
      quantity: 1000,
      ...parameters,
    })
    expect(answer).toEqual({ order: expect.any(Number) })
    return answer.order
  }
  const listed = (html: string) => [...html.matchAll(/<a href="\/orders\/(\d+)"/g)].map(([, id]) => Number(id))
  const found = async (me: OwnPages, query: string) => listed((await me.get(`/orders?${query}`)).html)
  const chosen = (...ids: number[]) => Object.fromEntries(ids.map((id) => [`order-${id}`, 'on']))

  test('strangers are asked to sign in', async () => {
    for (const path of ['/orders.csv', '/orders/live?ids=1', '/orders/bulk', '/drip-feeds', '/subscriptions', '/refills']) {
      const { status, headers } = await fetch(docket.node.url! + path, { redirect: 'manual' })
      expect([path, status, headers.get('location')?.slice(0, 9)]).toEqual([path, 303, '/sign-in?'])
    }
  })

  test('orders are found by open and ended, service, days, and all of these together', async () => {
    const me = await ownPages(docket)
    const old = await placed(me)
    docket.clock.forward({ days: 3 })
    const done = await placed(me)
    const viewed = await placed(me, { service: other })
    await tell(docket, done, 'Completed')
    const today = docket.clock.now().toISOString().slice(0, 10)
    expect(await found(me, 'status=open')).toEqual([viewed, old])
    expect(await found(me, 'status=ended')).toEqual([done])
    expect(await found(me, `service=${other}`)).toEqual([viewed])
    expect(await found(me, `service=${other}&status=ended`)).toEqual([])
    expect(await found(me, `from=${today}`)).toEqual([viewed, done])
    expect(await found(me, `to=${today}`)).toEqual([viewed, done, old])
    expect(await found(me, `from=2020-01-01&to=2020-12-31`)).toEqual([])
    expect(await found(me, `from=${today}&status=open&service=${service}`)).toEqual([])
    expect(await found(me, `from=${today}&status=Completed&service=${service}&find=https://example.com/p/1`)).toEqual([done])
    expect(await found(me, `find=${old}&status=ended`)).toEqual([])
  })

  test('what cannot be read in a filter is told at its field, and finds nothing', async () => {
    const me = await ownPages(docket)
    await placed(me)
    for (const [query, name] of [
      ['from=2026-02-31', 'from'],
      ['to=yesterday', 'to'],
      ['service=nothing-like-it', 'service'],
    ]) {
      const { status, html } = await me.get(`/orders?${query}`)
      expect([query, status, listed(html)]).toEqual([query, 422, []])
      expect(html).toContain(`id="${name}-fault"`)
      expect((await me.get(`/orders.csv?${query}`)).html.trim().split('\r\n')).toHaveLength(1)
    }
  })

  test('pages go on where the last one ended, whatever is filtered', async () => {
    const me = await ownPages(docket, { balance: '1000' })
    const ids: number[] = []
    for (let n = 0; n < 55; n += 1) ids.unshift(await placed(me, { quantity: 10, link: `https://example.com/many/${n % 2}` }))
    for (const query of ['status=open', `service=${service}`, 'status=Pending', 'from=2026-03-01']) {
      const { html } = await me.get(`/orders?${query}`)
      const older = /href="(\/orders\?before=[^"]+)"/.exec(html)![1]!.replaceAll('&amp;', '&')
      expect([...listed(html), ...listed((await me.get(older)).html)]).toEqual(ids)
    }
  })

  test('a link is found as people write it', async () => {
    const me = await ownPages(docket)
    const open = await placed(me, { link: 'https://www.example.com/someone/' })
    const ended = await placed(me, { link: 'https://www.example.com/someone' })
    await tell(docket, ended, 'Completed')
    for (const text of ['https://www.example.com/someone', 'https://www.example.com/someone/', 'www.example.com/someone']) {
      expect(await found(me, `find=${encodeURIComponent(text)}`)).toEqual([ended, open])
    }
    expect(await found(me, 'find=www.example.com/none')).toEqual([])
  })

  test('a part of a link finds its orders, and so does a part of the name of their service', async () => {
    const me = await ownPages(docket)
    const liked = await placed(me, { link: 'https://example.com/p/SomePart-of-it' })
    const viewed = await placed(me, { service: other })
    expect(await found(me, 'find=somepart')).toEqual([liked])
    expect(await found(me, 'find=somepart&service=view')).toEqual([])
    expect(await found(me, 'service=view')).toEqual([viewed])
    expect(await found(me, 'service=LIKES')).toEqual([liked])
  })

  test('runs of a drip-feed are listed only where they are asked for, and say whose they are', async () => {
    const me = await ownPages(docket)
    const dripped = await onSale(docket, { name: 'Dripped slowly', dripfeed: true })
    await change(docket, dripped, { supplier: 'simulated' })
    const feed = await placed(me, { service: dripped, runs: 7, interval: 60 })
    await workOnce(docket)
    const all = (await me.get('/orders?runs=shown')).html
    const run = listed(all).find((id) => id !== feed)
    expect(all).toContain(`Run 1 of 7 of order ${feed}`)
    for (const path of ['/orders', '/orders?find=example.com', `/orders?service=${dripped}`])
      expect(listed((await me.get(path)).html)).toEqual([feed])
    expect(await found(me, `find=${run}`)).toEqual([run])
    const overview = (await me.get('/')).html
    expect(overview).not.toContain(`/orders/${run}"`)
    expect((await me.get('/orders.csv')).html).not.toContain(`${run},`)
    expect((await me.get(`/orders/${run}`)).html).toContain(`Run 1 of 7 of order ${feed}`)
  })

  test('counts of the overview leave out what the list of orders leaves out', async () => {
    const me = await ownPages(docket)
    const dripped = await onSale(docket, { name: 'Dripped and counted', dripfeed: true })
    await change(docket, dripped, { supplier: 'simulated' })
    await placed(me, { service: dripped, runs: 7, interval: 60 })
    await placed(me)
    await workOnce(docket)
    expect(await found(me, 'runs=shown')).toHaveLength(3)
    const counts = [...(await me.get('/')).html.matchAll(/class="figure">(\d+)<\/span><\/a>/g)].map(([, count]) => Number(count))
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(2)
  })

  test('orders of a test key have a list and a page of their own, and can be cancelled there', async () => {
    const me = await ownPages(docket)
    const real = await placed(me)
    const key = await addKey(docket.db, me.account, { test: true, label: '' }, docket.clock.now())
    const { order } = await docket.call({ key: key.key, action: 'add', service, link: 'https://example.com/p/2', quantity: 10 })
    expect(await found(me, '')).toEqual([real])
    const { html } = await me.get('/orders?book=test')
    expect(listed(html)).toEqual([order])
    expect(html).toContain('paid for with test money')
    const page = await me.get(`/orders/${order}`)
    expect(page.status).toBe(200)
    expect(page.html).toContain('paid for with test money')
    expect((await me.post(`/orders/${order}/cancel`, {})).location).toBe(`/orders/${order}?done=canceled`)
    expect((await (await ownPages(docket)).get(`/orders/${order}`)).status).toBe(404)
  })

  test('an order says when it was placed and which service it is of, and equal steps stand in one row', async () => {
    const me = await ownPages(docket)
    const order = await placed(me)
    for (const remains of [900, 800, 700]) {
      await tell(docket, order, 'In progress', { remains })
      docket.clock.forward({ minutes: 1 })
    }
    const { html } = await me.get(`/orders/${order}`)
    expect(html).toMatch(new RegExp(`<dd><bdi>${service}</bdi> · <bdi>Likes</bdi></dd>`))
    expect(html).toContain('<dt>Placed</dt>')
    const steps = html.slice(html.indexOf('<ol class="timeline"')).match(/In progress · Remains \d+/g)
    expect(steps).toEqual(['In progress · Remains 700'])
  })

  test('three are cancelled at once and one of them may not: each has its own answer', async () => {
    const me = await ownPages(docket)
    const [fresh, begun, firm] = [await placed(me), await placed(me), await placed(me, { service: other })]
    await handedOff(docket, begun)
    const { status, location } = await me.post('/orders/bulk', { act: 'cancel', ...chosen(fresh, begun, firm) })
    expect(status).toBe(303)
    const told = async () => {
      const rows = (await me.get(location!)).html.split('<li>').slice(1)
      return Object.fromEntries(rows.map((row) => [listed(row)[0], /class="outcome[^>]*>([^<]*)</.exec(row)?.[1]]))
    }
    const outcomes = { [fresh]: 'Canceled and refunded', [begun]: 'Cancellation requested', [firm]: expect.stringContaining('cancel') }
    expect(await told()).toEqual(outcomes)
    expect(await told()).toEqual(outcomes)
    expect(await docket.balance(me.key)).toBe('98.00000')
  })

  test('two bulk cancels at once refund once', async () => {
    const me = await ownPages(docket)
    const ids = [await placed(me), await placed(me)]
    const fields = { act: 'cancel', ...chosen(...ids) }
    const answers = await Promise.all([me.post('/orders/bulk', fields), me.post('/orders/bulk', fields)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(await docket.balance(me.key)).toBe('100.00000')
  })

  test('refills are asked for together, and the list of refills has them', async () => {
    const me = await ownPages(docket)
    const [one, two, open] = [await placed(me), await placed(me), await placed(me)]
    await tell(docket, one, 'Completed')
    await tell(docket, two, 'Completed')
    const { location } = await me.post('/orders/bulk', { act: 'refill', ...chosen(one, two, open) })
    const outcome = (await me.get(location!)).html
    expect(outcome.match(/Refill requested/g)).toHaveLength(2)
    const again = (await me.get((await me.post('/orders/bulk', { act: 'refill', ...chosen(one) })).location!)).html
    expect(again).not.toContain('Refill requested')

    expect(listed((await me.get('/refills')).html)).toEqual([two, one])
    expect(listed((await me.get('/refills?status=Pending')).html)).toEqual([two, one])
    expect(listed((await me.get('/refills?status=Completed')).html)).toEqual([])
    const [, refill] = (await me.get('/refills')).html.match(/Refill (\d+)/g)!.map((name) => name.slice('Refill '.length))
    await settleRefills(docket.db, [{ refillId: BigInt(refill!), status: 'Completed', words: '' }], 'test', docket.clock.now())
    expect(listed((await me.get('/refills?status=Completed')).html)).toEqual([one])
    expect(listed((await me.get('/refills?status=Pending')).html)).toEqual([two])
  })

  test("another account's orders are no choice", async () => {
    const [me, stranger] = [await ownPages(docket), await ownPages(docket)]
    const id = await placed(me)
    const { location } = await stranger.post('/orders/bulk', { act: 'cancel', ...chosen(id) })
    expect(listed((await stranger.get(location!)).html)).toEqual([])
    expect(listed((await stranger.get(`/orders/bulk?act=cancel&orders=${id}.taken`)).html)).toEqual([])
    expect((await stranger.post('/orders/bulk', { act: 'again', ...chosen(id) })).html).not.toContain('name="lines"')
    expect(JSON.parse((await stranger.get(`/orders/live?ids=${id}`)).html)).toEqual({ orders: [] })
    expect((await stranger.get(`/orders/${id}/live`)).status).toBe(404)
    expect(await found(me, 'status=Pending')).toEqual([id])
    expect((await me.post('/orders/bulk', { act: 'cancel' })).status).toBe(422)
  })

  test('orders are ordered again as lines; what needs more has its own form', async () => {
    const me = await ownPages(docket)
    const comments = await onSale(docket, { type: 'Custom Comments', name: 'Comments' })
    const [one, two] = [await placed(me, { link: 'https://example.com/a?b=1&c="2"' }), await placed(me, { quantity: 20 })]
    const spoken = await placed(me, { service: comments, comments: 'One\nTwo' })
    const drip = await placed(me, { quantity: 10, runs: 2, interval: 60 })
    const { status, html } = await me.post('/orders/bulk', { act: 'again', ...chosen(one, two, spoken, drip) })
    expect(status).toBe(200)
    expect(html).toContain('action="/mass-order"')
    const lines = me.hidden(html, 'lines').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
    expect(lines).toBe(`${service}|https://example.com/a?b=1&c="2"|1000\n${service}|https://example.com/p/1|20`)
    for (const id of [spoken, drip]) expect(html).toContain(`/order?again=${id}`)
  })

  test('S3 what a customer typed is shown as text, and only web addresses become links', async () => {
    const me = await ownPages(docket)
    const markup = '"><b>bold</b>'
    const order = await placed(me, { link: markup })
    await placed(me, { link: 'https://example.com/p?a=1&b="2"' })
    for (const page of ['/orders', `/orders/${order}`]) {
      const { html } = await me.get(page)
      expect(html).toContain('&lt;b>bold&lt;/b>')
      expect(html).not.toContain('<b>bold')
      expect(html).not.toMatch(/href="[^"/h#?]/)
    }
    expect((await me.get('/orders?status=open')).html).toContain('https://example.com/p?a=1&amp;b=&quot;2&quot;')
    expect((await docket.db.query('select link from orders where id = $1', [order])).rows).toEqual([{ link: markup }])
  })

  test('the CSV holds all that is filtered, each once, and nothing that a spreadsheet would run', async () => {
    const me = await ownPages(docket)
    const hostile = await placed(me, { link: '@SUM(1+1)' })
    const viewed = await placed(me, { service: other, link: 'https://example.com/"a",b' })
    const { response, html } = await me.get('/orders.csv')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const rows = html.trim().split('\r\n')
    expect(rows[0]).toBe('order,placed,status,service,service_name,link,quantity,start_count,remains,charge,kept,currency,ended')
    expect(rows.map((row) => row.split(',')[0])).toEqual(['order', String(viewed), String(hostile)])
    expect(rows[1]).toContain(`,'=Views,"https://example.com/""a"",b",1000,0,1000,1.00000,1.00000,USD,`)
    expect(rows[2]).toContain(",'@SUM(1+1),")

    await docket.db.query(
      `insert into orders (id, book_id, key_id, service_id, quantity, charge, rate, remains, link, status, ended, ended_at, placed_at)
       select 500000 + n, b.id, 1, $2, 10, 0, '0', 0, 'https://example.com/' || n, 'Completed', true, $3, $3::timestamptz - n % 7 * interval '1 hour'
       from books b, generate_series(1, 4500) n where b.account_id = $1`,
      [me.account, service, docket.clock.now()],
    )
    await countOrderIds(docket.db)
    const all = (await me.get('/orders.csv?status=Completed')).html.trim().split('\r\n').slice(1)
    expect(new Set(all.map((row) => row.split(',')[0])).size).toBe(4500)
    expect(all).toHaveLength(4500)
  })

  test('a row tells what has become of its order, and that nothing more will', async () => {
    const me = await ownPages(docket)
    const id = await placed(me)
    const live = async () => JSON.parse((await me.get(`/orders/live?ids=${id},999999,x`)).html).orders
    const [before] = await live()
    const page = (await me.get('/orders')).html
    expect(page).toContain(`data-version="${before.version}"`)
    await tell(docket, id, 'In progress', { remains: 250 })
    const [after] = await live()
    expect(after).toMatchObject({ id: String(id), open: true, told: `Order ${id}: In progress` })
    expect(after.version).not.toBe(before.version)
    expect(after.parts.delivered).toContain('750 of 1,000')
    await tell(docket, id, 'Partial', { remains: 250 })
    const [ended] = await live()
    expect(ended).toMatchObject({ open: false, parts: { money: expect.stringContaining('$0.75') } })
    const [whole] = JSON.parse((await me.get(`/orders/${id}/live`)).html).orders
    expect(whole.parts.timeline).toContain('Partial')
  })

  test('one order tells its progress, its charge in one line, and what an act will do', async () => {
    const me = await ownPages(docket)
    const comments = await onSale(docket, { type: 'Custom Comments', start_within: 60, finish_within: 120, when_missed: 'cancel' })
    const id = await placed(me)
    const html = (await me.get(`/orders/${id}`)).html
    expect(html).toMatch(/1,000 × \$1\.00<\/bdi> per 1000/)
    expect(html).toContain(`href="/orders/${id}/explain"`)
    expect(html).toContain('Not started yet')
    await handedOff(docket, id)
    expect((await me.get(`/orders/${id}`)).html).toContain('Work may have started')
    await tell(docket, id, 'Completed', { startCount: 5 })
    expect((await me.get(`/orders/${id}`)).html).toContain('What has dropped is delivered again')
    const spoken = await placed(me, { service: comments, comments: Array.from({ length: 40 }, (_, n) => `Nice <${n}>`).join('\n') })
    const long = (await me.get(`/orders/${spoken}`)).html
    expect(long).toContain('40 lines')
    expect(long).toContain('Nice &lt;39>')
    expect(long).toContain('Promised to start by')
  })

  test('a drip-feed shows its runs and when the next one comes', async () => {
    const me = await ownPages(docket)
    const dripped = await onSale(docket, { name: 'Dripped', dripfeed: true })
    await change(docket, dripped, { supplier: 'simulated' })
    const id = await placed(me, { service: dripped, quantity: 100, runs: 3, interval: 60 })
    await placed(me)
    await workOnce(docket)
    const html = (await me.get('/drip-feeds')).html
    expect(listed(html)).toEqual([id])
    expect(html).toMatch(/Runs completed<\/dt><dd><bdi>0 of 3/)
    expect(html).toContain('Next run')
    expect(listed((await me.get('/drip-feeds?status=ended')).html)).toEqual([])
    await workThrough(docket, 60 * 8, 20)
    const ended = (await me.get('/drip-feeds?status=ended')).html
    expect(listed(ended)).toEqual([id])
    expect(ended).toMatch(/Runs completed<\/dt><dd><bdi>3 of 3/)
    expect(listed((await me.get('/drip-feeds?status=open')).html)).toEqual([])
  })

  test('a subscription shows its posts, and why it waits', async () => {
    const me = await ownPages(docket, { balance: '0.1' })
    const watched = await onSale(docket, { type: 'Subscriptions', name: 'Watch', cancel: true, min: 10, max: 1000 })
    const call = { key: me.key, action: 'add', service: watched, username: 'someone', min: 100, max: 100, posts: 5, delay: 0 }
    const { order } = await docket.call(call)
    expect((await me.get('/subscriptions')).html).toMatch(/Posts done<\/dt><dd><bdi>0 of 5/)
    await feedPosts(docket.db, BigInt(order), ['https://example.com/post/1', 'https://example.com/post/2'], docket.clock.now())
    for (let round = 0; round < 3; round += 1) await workOnce(docket)
    const html = (await me.get('/subscriptions?status=open')).html
    expect(listed(html)).toEqual([order])
    expect(html).toMatch(/Posts done<\/dt><dd><bdi>1 of 5/)
    expect(html).toMatch(/Posts waiting<\/dt><dd><bdi>1</)
    expect(html).toContain('Paused: the balance does not cover the next post.')
    expect(listed((await me.get('/orders?status=Paused')).html)).toEqual([order])
    await me.post(`/orders/${order}/cancel`, {})
  })
})
