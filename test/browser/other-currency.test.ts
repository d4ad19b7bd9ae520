import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { rateSet } from '../../server/acts/rate-set.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks } from './browser.ts'

describeInBrowser('prices in another currency in a browser', (browser) => {
  const docket = openDocket({ DOCKET_SHOWN_CURRENCIES: 'EUR,JPY,KWD,BRL' })
  let service: number

  beforeAll(async () => {
    const house = houseOf(docket.db, docket.clock.now)
    for (const [currency, exchange] of [
      ['EUR', '0.92'],
      ['JPY', '150.1'],
      ['KWD', '0.3072'],
    ])
      // prettier-ignore
      await run(house, rateSet, { base: 'USD', currency, exchange })
    service = await onSale(docket, {
      name: 'Instagram followers, real people',
      category: 'Instagram',
      rate: '0.90',
      min: 10,
      max: 100_000,
      refill: true,
    })
    await onSale(docket, { name: 'Website visits', category: 'Web', rate: '0.00087', min: 10, max: 1_000_000 })
    await onSale(docket, { name: 'A campaign', category: 'Web', rate: '1250', min: 1, max: 1, type: 'Package' })
  })

  async function open(me: OwnPages, path: string, looks: Looks = {}): Promise<Page> {
    const page = await browser.visit('about:blank', { ...browserOf(me, docket.node.url!, looks) })
    await page.goto(docket.node.url + path)
    return page
  }
  const choose = async (page: Page, name: string) => {
    await page.locator('.other-currency summary').click()
    await page.getByRole('link', { name }).click()
  }

  test('chosen on the list, kept on the order form with what was typed, and charged in the account’s own', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/services?find=followers')
    await choose(page, 'Euro EUR')
    await page.getByText('≈ €0.828', { exact: true }).waitFor()
    expect(new URL(page.url()).search).toBe('?find=followers')
    await page.getByRole('searchbox', { name: 'Name or number' }).fill('visits')
    await page.getByText('≈ €0.0008', { exact: true }).waitFor()

    await page.goto(`${docket.node.url}/order?service=${service}`)
    await page.getByRole('textbox', { name: /^Link/ }).fill('https://example.com/p/1')
    await page.locator('#quantity').fill('2000')
    await page.locator('#cost').getByText('≈ €1.66', { exact: true }).waitFor()
    await choose(page, 'Japanese Yen JPY')
    await page.locator('#cost').getByText('≈ ¥270', { exact: true }).waitFor()
    expect(await page.getByRole('textbox', { name: /^Link/ }).inputValue()).toBe('https://example.com/p/1')

    await page.getByRole('combobox', { name: 'Find a service' }).fill('campaign')
    await page.getByRole('option', { name: 'A campaign' }).getByText('≈ ¥187,625', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Place the order for $1.80', exact: true }).click()
    await page.waitForURL(/\/orders\/\d+/)
    expect(await docket.balance(me.key)).toBe('98.20000')
  })

  test('works by keyboard: the picker opens, closes on Escape after the list was fetched again, and gives the focus back', async () => {
    const page = await open(await ownPages(docket), '/services')
    await page.getByRole('searchbox', { name: 'Name or number' }).fill('visits')
    await page.getByText('1 service', { exact: true }).waitFor()
    await page.locator('.other-currency summary').focus()
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'Euro EUR' }).focus()
    await page.keyboard.press('Escape')
    expect(await page.locator('.other-currency details').getAttribute('open')).toBeNull()
    expect(await page.evaluate('document.activeElement.tagName')).toBe('SUMMARY')
  })

  test('works without script', async () => {
    const page = await open(await ownPages(docket), '/services', { script: false })
    await choose(page, 'Kuwaiti Dinar KWD')
    await page.getByText(/≈ KWD.0\.276/).waitFor()
    await page.goto(`${docket.node.url}/order?service=${service}`)
    await choose(page, 'Only USD')
    await page.getByRole('heading', { name: 'Instagram followers' }).waitFor()
    expect(await page.content()).not.toContain('≈')
  })

  for (const locale of LOCALES) {
    test(`can be used by everybody: ${locale}`, async () => {
      for (const prices of ['EUR', 'BRL']) {
        const me = await ownPages(docket)
        const page = await open(me, `/services?prices=${prices}`, { locale })
        await page.locator('.other-currency summary').click()
        await isForEverybody(page)
        await page.goto(`${docket.node.url}/order?service=${service}`)
        await page.locator('#quantity').fill('2000')
        await page.locator('#cost dl').waitFor()
        await isForEverybody(page)
      }
    })
  }
})
