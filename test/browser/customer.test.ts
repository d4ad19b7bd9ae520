import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { logAct, STAFF } from '../../server/customers/account-log.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { ownPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser, overhang } from './browser.ts'

describeInBrowser('what customers do every day, in a browser', (browser) => {
  const docket = openDocket()
  const mayComplainOf = /status of 4(04|22)/
  /** The shown cost is of what stands in the form. */
  const priced = (page: Page) => page.locator('#cost:not([data-state])').waitFor()

  test('moments are in the zone of the browser, with UTC on hover; without script they are in UTC and say so', async () => {
    const me = await ownPages(docket)
    const at = { ...browserOf(me, docket.node.url!), timezoneId: 'Asia/Tehran' }
    const page = await browser.visit(`${docket.node.url}/funds`, at)
    const moment = page.locator('time.moment').first()
    const utc = new Date((await moment.getAttribute('datetime'))!)
    const written = (timeZone: string) => new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(utc)
    expect((await moment.innerText()).replaceAll(/\s/g, ' ')).toBe(written('Asia/Tehran').replaceAll(/\s/g, ' '))
    expect((await moment.getAttribute('title'))?.replaceAll(/\s/g, ' ')).toBe(`${written('UTC')} UTC`.replaceAll(/\s/g, ' '))
    const plain = await browser.visit(`${docket.node.url}/funds`, { ...at, javaScriptEnabled: false })
    expect(await plain.locator('time.moment').first().innerText()).toContain('UTC')
  })

  test('the focus is where one begins, and after a mistake at the field that was wrong', async () => {
    const stranger = await browser.visit(`${docket.node.url}/sign-in`, { mayComplainOf })
    const focused = (page: typeof stranger) => page.evaluate('document.activeElement.id')
    expect(await focused(stranger)).toBe('email')
    await stranger.locator('#email').fill('nobody@example.com')
    await stranger.locator('#password').fill('nothing of the kind')
    await stranger.locator('main button[type=submit]').click()
    await stranger.getByRole('alert').waitFor()
    expect(await focused(stranger)).toBe('password')
    const me = await ownPages(docket)
    const page = await browser.visit(`${docket.node.url}/order`, { ...browserOf(me, docket.node.url!, { script: false }), mayComplainOf })
    expect(await page.locator('[autofocus]').getAttribute('id')).toBe('pick')
    await page.goto(`${docket.node.url}/orders?from=never`)
    expect(await page.locator('[autofocus]').getAttribute('id')).toBe('from')
  })

  test('the form of traffic is filled in by choosing, asks for a keyword only where visitors search, and unfolds drip-feed', async () => {
    const me = await ownPages(docket)
    const service = await onSale(docket, { name: 'Visits', type: 'Web Traffic', min: 100, dripfeed: true })
    const page = await browser.visit(`${docket.node.url}/order?service=${service}`, { ...browserOf(me, docket.node.url!), mayComplainOf })
    expect(await page.locator('#pick').inputValue()).toBe(`${service} · Visits`)
    // The script of the page has taken over the form.
    await page.getByLabel('Number of runs').waitFor({ state: 'hidden' })
    await page.getByLabel('Link to the post').fill('https://example.com/shop')
    await page.getByLabel('Quantity needed').fill('100')
    await page.getByLabel('Country of the visitors').selectOption({ label: 'Slovenia' })
    await page.locator('#device').selectOption({ label: 'iOS' })
    await page.getByLabel('What the visitors searched for').waitFor()
    await page.getByLabel('Where visitors come from').selectOption({ label: 'Directly, without a referrer' })
    await page.getByLabel('What the visitors searched for').waitFor({ state: 'hidden' })
    await page.getByText('Deliver in several runs').click()
    await page.getByLabel('Number of runs').fill('2')
    await page.getByLabel('Minutes between runs').fill('60')
    // A button pressed before the price of the last value has come only asks for it.
    await priced(page)
    await page.locator('button[value=place]', { hasText: '$0.20' }).click()
    await page.getByText('The order is placed and paid for.').waitFor()
    const ordered = await page.locator('section[aria-labelledby=ordered] dl').innerText()
    expect(ordered.split('\n').filter((line) => line !== '')).toEqual([
      'Number of runs', '2', 'Minutes between runs', '60',
      'Country of the visitors', 'Slovenia', 'Device', 'iOS', 'Where visitors come from', 'Directly, without a referrer',
    ]) // prettier-ignore
  })

  test('a day of a subscription is picked, and arrives as the API writes it', async () => {
    const me = await ownPages(docket)
    const service = await onSale(docket, { name: 'Posts', type: 'Subscriptions', min: 1, max: 50 })
    const page = await browser.visit(`${docket.node.url}/order?service=${service}`, browserOf(me, docket.node.url!))
    await page.locator('#username').fill('anna')
    await page.locator('#min').fill('1')
    await page.locator('#max').fill('2')
    await page.locator('#expiry').fill('2030-12-31')
    await priced(page)
    await page.locator('button[value=place]').click()
    await page.getByText('The order is placed and paid for.').waitFor()
    expect(await page.locator('section[aria-labelledby=ordered]').innerText()).toContain('2030')
  })

  test('no button moves when one of an order opens, and its link opens and is copied', async () => {
    const me = await ownPages(docket)
    const service = await onSale(docket, { name: 'Likes', cancel: true })
    const link = 'https://example.com/p/1'
    const { order } = await docket.call({ key: me.key, action: 'add', service, link, quantity: 100 })
    const options = { ...browserOf(me, docket.node.url!), permissions: ['clipboard-read', 'clipboard-write'] }
    const page = await browser.visit(`${docket.node.url}/orders/${order}`, options)
    const places = () =>
      page.evaluate(`[...document.querySelectorAll('.acts > .button, .acts summary')].map((one) => [one.offsetLeft, one.offsetTop].join())`)
    const before = await places()
    await page.locator('.acts summary').click()
    expect(await places()).toEqual(before)
    expect(await page.locator('.order-link a').getAttribute('href')).toBe(link)
    await page.getByRole('button', { name: 'Copy link' }).click()
    await page.getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(link)
  })

  test('pages fit a phone with long names, long addresses and a balance of millions', async () => {
    const me = await ownPages(docket, { balance: '10465486.00006' })
    const service = await onSale(docket, { name: 'Posts of everybody', type: 'Subscriptions', min: 1, max: 50 })
    const username = 'a-really-long-user-name-'.repeat(4)
    const { order } = await docket.call({ key: me.key, action: 'add', service, username, min: 1, max: 2, expiry: '31/12/2030' })
    await logAct(docket.db, me.account, STAFF, 'webhook added', docket.clock.now(), `https://example.com/${'hooks-of-a-shop-'.repeat(12)}`)
    for (const locale of ['en', 'ar']) {
      const page = await browser.visit('about:blank', browserOf(me, docket.node.url!, { narrow: true, locale }))
      for (const path of ['/', '/subscriptions', `/orders/${order}`, '/account/log', '/orders', '/funds']) {
        await page.goto(docket.node.url! + path)
        const beyond = await page.evaluate(`[...document.querySelectorAll('main dd, main h2, main p, main .amount')]
          .filter((one) => one.checkVisibility() && (one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1))
          .map((one) => one.textContent)`)
        expect([path, beyond, await overhang(page)]).toEqual([path, [], 0])
      }
      const rows = `[...document.querySelectorAll('.amount')].map((one) => new Set([...one.getClientRects()].map(({ top }) => Math.round(top))).size)`
      expect(new Set(await page.evaluate<number[]>(rows))).toEqual(new Set([1]))
    }
  })
})
