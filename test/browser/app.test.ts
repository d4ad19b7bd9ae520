import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

describeInBrowser('orders and money in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  let service: number
  let traffic: number

  beforeAll(async () => {
    const terms = { start_within: 60, finish_within: 2880, when_missed: 'cancel' }
    service = await onSale(docket, {
      name: 'Instagram followers, real people, thirty days of refill, worldwide',
      category: 'Instagram followers',
      rate: '0.90',
      min: 10,
      max: 100_000,
      cancel: true,
      refill: true,
      dripfeed: true,
      description: 'Starts fast.\nThe profile must be public.',
      ...terms,
    })
    traffic = await onSale(docket, {
      name: 'Visitors from search',
      category: 'Web traffic',
      type: 'Web Traffic',
      rate: '0.1234567',
      min: 100,
    })
  })

  async function story(me: OwnPages, looks: Looks, tell: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.visit('about:blank', {
      ...browserOf(me, docket.node.url!, looks),
      // What the server refuses is told in the page; the browser counts it as an error all the same.
      mayComplainOf: /status of 4(04|22)/,
    })
    await tell(page)
  }

  test('finds a service, sees the price, orders, follows, cancels and reads the statement, without script', async () => {
    const me = await ownPages(docket)
    await story(me, { script: false }, async (page) => {
      await page.goto(`${docket.node.url}/services`)
      await page.getByLabel('Name or number').fill('followers real')
      await page.getByRole('button', { name: 'Show' }).click()
      await page.getByRole('link', { name: /Instagram followers, real people/ }).click()
      await page.getByLabel('Link to the post').fill('https://example.com/p/1')
      await page.getByLabel('Quantity needed').fill('2000')
      await page.getByRole('button', { name: 'See the price' }).click()
      expect(await page.locator('.cost').innerText()).toContain('$1.80')
      await page.getByRole('button', { name: 'Place the order' }).click()
      await page.getByText('The order is placed and paid for.').waitFor()
      await page.getByRole('navigation', { name: 'Orders and funds' }).getByRole('link', { name: 'Orders' }).click()
      await page.getByRole('link', { name: /^Order \d+$/ }).click()
      await page.getByText('Cancel', { exact: true }).click()
      await page.getByRole('button', { name: 'Cancel the order' }).click()
      await page.getByText('The order is canceled.').waitFor()
      await page.getByRole('link', { name: 'Funds' }).click()
      expect(await page.locator('.statement').innerText()).toMatch(/Refund[\s\S]*\$1\.80[\s\S]*Charge[\s\S]*-\$1\.80[\s\S]*Deposit/)
    })
    expect(await docket.balance(me.key)).toBe('100.00000')
  })

  for (const locale of LOCALES) {
    test(`every page can be used by everybody: ${locale}`, async () => {
      const me = await ownPages(docket)
      const link = 'https://example.com/p/a-rather-long-link-that-goes-on-and-on-and-on'
      const { order } = await docket.call({ key: me.key, action: 'add', service, link, quantity: 1000, runs: 3, interval: 60 })
      const { order: canceled } = await docket.call({ key: me.key, action: 'add', service, link, quantity: 500 })
      await docket.call({ key: me.key, action: 'cancel', orders: canceled })
      const paths = [`/order?service=${traffic}`, `/order?again=${order}`]
      await story(me, { locale }, async (page) => {
        for (const path of [
          ...paths,
          '/orders',
          '/orders?status=Partial',
          `/orders/${order}`,
          `/orders/${canceled}`,
          '/orders/1',
          '/funds',
        ]) {
          await page.goto(docket.node.url + path)
          await isForEverybody(page)
          await picture(page, `${path}-${locale}`)
        }
      })
    })
  }
})
