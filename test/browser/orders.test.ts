import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { settleRefills } from '../../server/orders/settle-refills.ts'
import { feedPosts } from '../../server/orders/subscriptions.ts'
import { openDocket } from '../support/docket.ts'
import { workOnce, workThrough } from '../support/fulfilment.ts'
import { change, onSale } from '../support/on-sale.ts'
import { handedOff, tell } from '../support/order-life.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

describeInBrowser('orders and what is followed, in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  let service: number
  let firm: number
  let watched: number

  beforeAll(async () => {
    const terms = {
      start_within: 60,
      finish_within: 2880,
      when_missed: 'cancel',
      cancel: true,
      refill: true,
      refill_days: 30,
      dripfeed: true,
    }
    service = await onSale(docket, { name: 'Instagram followers, real people, thirty days of refill, worldwide', ...terms })
    firm = await onSale(docket, { name: 'Views', refill: true })
    watched = await onSale(docket, { name: 'Likes for new posts', type: 'Subscriptions', cancel: true, min: 10, max: 1000 })
    await change(docket, service, { supplier: 'simulated' })
  })

  async function at(me: OwnPages, path: string, looks: Looks = {}): Promise<Page> {
    const page = await browser.visit('about:blank', {
      ...browserOf(me, docket.node.url!, looks),
      // What the server refuses is told in the page, and so is a lost connection; the browser counts both as errors all the same.
      mayComplainOf: /status of 4(04|22)|ERR_INTERNET_DISCONNECTED/,
    })
    await page.goto(docket.node.url + path)
    return page
  }

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

  const row = (page: Page, id: number) => page.locator('tr', { has: page.getByRole('link', { name: `Order ${id}`, exact: true }) })

  test('a row changes while one looks, is told politely, and is asked for no more once all have ended', async () => {
    const me = await ownPages(docket)
    const [one, two] = [await placed(me), await placed(me)]
    const page = await at(me, '/services')
    await page.clock.install()
    let asked = 0
    page.on('request', (request) => (asked += request.url().includes('/orders/live') ? 1 : 0))
    await page.goto(`${docket.node.url}/orders?status=open`)
    const line = page.locator('.live-line')
    await expect.poll(() => line.textContent()).toBe('Updates live.')

    docket.clock.forward({ minutes: 5 })
    await workOnce(docket)
    await tell(docket, one, 'In progress', { remains: 400, startCount: 20 })
    await page.clock.runFor(5000)
    await row(page, one).getByText('600 of 1,000').waitFor()
    expect(await row(page, one).locator('.badge').textContent()).toBe('In progress')
    expect(await row(page, one).getAttribute('class')).toContain('changed')
    expect(await line.textContent()).toContain(`Order ${one}: In progress`)
    expect(await line.getAttribute('role')).toBe('status')

    await page.context().setOffline(true)
    await page.clock.runFor(5000)
    await page.getByText('No connection: what you see may be outdated.').waitFor()
    await page.context().setOffline(false)
    await tell(docket, one, 'Completed')
    await tell(docket, two, 'Canceled')
    await page.clock.runFor(60_000)
    await row(page, two).getByText('Canceled').waitFor()
    const before = asked
    await page.clock.runFor(600_000)
    expect(asked).toBe(before)
  })

  test('the page of one order follows it too', async () => {
    const me = await ownPages(docket)
    const id = await placed(me)
    const page = await at(me, '/services')
    await page.clock.install()
    await page.goto(`${docket.node.url}/orders/${id}`)
    await page.getByText('0 of 1,000').waitFor()
    await tell(docket, id, 'In progress', { remains: 250 })
    await page.clock.runFor(5000)
    await page.getByText('750 of 1,000').waitFor()
    expect(await page.locator('.timeline').innerText()).toContain('In progress · Remains 250')
  })

  test('three of them are cancelled together, without script: the one that may not be says so', async () => {
    const me = await ownPages(docket)
    const [fresh, begun, kept] = [await placed(me), await placed(me), await placed(me, { service: firm })]
    await handedOff(docket, begun)
    const page = await at(me, '/orders', { script: false })
    for (const id of [fresh, begun, kept]) await page.getByLabel(`Select order ${id}`).check()
    await page.locator('summary', { hasText: 'Cancel' }).click()
    await page.getByRole('button', { name: 'Cancel the selected orders' }).click()
    const outcome = (id: number) =>
      page
        .locator('li', { hasText: `Order ${id}` })
        .locator('.outcome')
        .innerText()
    expect([await outcome(fresh), await outcome(begun)]).toEqual(['Canceled and refunded', 'Cancellation requested'])
    expect(await outcome(kept)).toContain('cancel')
    expect(await docket.balance(me.key)).toBe('98.00000')
    await page.goto(`${docket.node.url}/orders/${begun}`)
    await page.getByText('Cancellation requested').first().waitFor()
  })

  test('a stretch of rows is selected with Shift, copied, refilled and ordered again', async () => {
    const me = await ownPages(docket)
    const ids = [
      await placed(me, { service: firm }),
      await placed(me, { service: firm }),
      await placed(me, { service: firm, quantity: 20 }),
    ]
    for (const id of ids.slice(0, 2)) await tell(docket, id, 'Completed')
    const page = await at(me, '/orders')
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.getByLabel(`Select order ${ids[2]}`).click()
    await page.getByLabel(`Select order ${ids[0]}`).click({ modifiers: ['Shift'] })
    await page.getByText('Selected: 3').waitFor()
    expect(await page.getByLabel('Select all on this page').isChecked()).toBe(true)
    await page.getByRole('button', { name: 'Copy numbers' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(ids.toReversed().join(','))
    await page.getByRole('button', { name: 'Request a refill' }).click()
    expect(await page.getByText('Refill requested').count()).toBe(2)

    await page.goto(`${docket.node.url}/orders`)
    await page.getByLabel('Select all on this page').check()
    await page.getByRole('button', { name: 'Order again' }).click()
    let sent: string | null = null
    await page.route('**/mass-order', (route) => {
      sent = route.request().postData()
      return route.fulfill({ contentType: 'text/html', body: '<title>Mass order</title>' })
    })
    await page.getByRole('button', { name: 'Mass order' }).click()
    await page.waitForURL('**/mass-order')
    expect(new URLSearchParams(sent!).get('lines')!.split(/\r?\n/)).toEqual(
      [1000, 1000, 20].map((quantity) => `${firm}|https://example.com/p/1|${quantity}`),
    )
  })

  test('what is filtered comes as a file that no spreadsheet runs', async () => {
    const me = await ownPages(docket)
    await placed(me, { link: '@SUM(1+1)' })
    const page = await at(me, '/orders?status=open')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download as CSV' }).click()])
    expect(download.suggestedFilename()).toMatch(/^orders-\d{4}-\d\d-\d\d\.csv$/)
    const chunks: Buffer[] = []
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer)
    expect(Buffer.concat(chunks).toString()).toContain(",'@SUM(1+1),")
  })

  for (const locale of LOCALES) {
    test(`every page can be used by everybody: ${locale}`, async () => {
      const { me, order, drip } = await busyAccount()
      const page = await at(me, '/orders', { locale })
      const bulk = `/orders/bulk?act=cancel&orders=${order}.taken+${drip}.cannotCancel`
      const lists = ['/drip-feeds', '/subscriptions', '/refills', bulk]
      for (const path of ['/orders', '/orders?status=Partial&from=x', `/orders/${order}`, `/orders/${drip}`, ...lists]) {
        await page.goto(docket.node.url + path)
        await page.evaluate("document.querySelectorAll('main details').forEach((folded) => (folded.open = true))")
        await isForEverybody(page)
        await picture(page, `${path}-${locale}`)
      }
    })
  }

  /** Somebody with orders of every kind. */
  async function busyAccount() {
    const me = await ownPages(docket)
    const long = 'https://example.com/p/a-rather-long-link-that-goes-on-and-on-and-on-and-on-and-on-without-any-end-in-sight'
    const drip = await placed(me, { quantity: 10, runs: 3, interval: 60 })
    const { order: subscription } = await docket.call({
      key: me.key, action: 'add', service: watched, username: 'someone.with.a.name', min: 100, max: 200, posts: 5, delay: 30, expiry: '01/01/2030',
    }) // prettier-ignore
    await feedPosts(docket.db, BigInt(subscription), ['https://example.com/post/1'], docket.clock.now())
    const order = await placed(me, { service: firm, link: long })
    const refilled = await placed(me, { service: firm })
    await tell(docket, refilled, 'Completed', { startCount: 3 })
    const { refill } = await docket.call({ key: me.key, action: 'refill', order: refilled })
    await settleRefills(docket.db, [{ refillId: BigInt(refill), status: 'Rejected', words: '' }], 'test', docket.clock.now())
    await tell(docket, await placed(me, { service: firm }), 'Partial', { remains: 200 })
    await tell(docket, order, 'In progress', { remains: 300, startCount: 1200 })
    await workThrough(docket, 2)
    return { me, order, drip }
  }
})
