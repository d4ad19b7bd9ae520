import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { fund } from '../../server/acts/fund.ts'
import { supplierAdd } from '../../server/acts/supplier-add.ts'
import { everyPermission } from '../../server/staff/roles.ts'
import { deskGroupsFor } from '../../server/web/ui/desk-places.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { workThrough } from '../support/fulfilment.ts'
import { onSale } from '../support/on-sale.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

const LONG_NAME = 'Sponsored posts by creators who consent, thirty days of refill, worldwide 🌍, with a name that does not end'

describeInBrowser('the desk in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  let account: number
  let service: number

  beforeAll(async () => {
    const house = houseOf(docket.db, docket.clock.now)
    const opened = await docket.account({ balance: '123456789.12345' })
    account = opened.account
    service = await onSale(docket, {
      name: LONG_NAME,
      category: 'Creators',
      rate: '0.90',
      min: 10,
      max: 100_000,
      cancel: true,
      refill: true,
    })
    await run(house, supplierAdd, { name: 'A supplier with quite a long name, and a second half', protocol: 'simulated' })
    await run(house, fund, { account, amount: '1000000', note: 'bank transfer' })
    for (const ending of ['', '#partial', '#canceled', '#stuck', '']) {
      const link = `https://example.com/p/a-rather-long-link-that-goes-on-and-on-and-on-and-on${ending}`
      await docket.call({ key: opened.key, action: 'add', service, link, quantity: 1000 })
    }
    await workThrough(docket, 12, 2)
  })

  async function visit(desk: DeskPages, path: string, looks: Looks = {}): Promise<Page> {
    const address = docket.node.url!
    const token = desk.cookie.replace('docket-desk=', '')
    const options = browserOf(undefined, address, looks)
    const cookie = {
      name: 'docket-desk',
      value: token,
      domain: new URL(address).hostname,
      path: '/',
      expires: -1,
      httpOnly: true,
      secure: false,
      sameSite: 'Lax',
    } as const
    return browser.visit(address + path, {
      ...options,
      storageState: { cookies: [cookie], origins: [] },
      // What the server refuses is told in the page; the browser counts it as an error all the same.
      mayComplainOf: /status of 4(04|09|22)/,
    })
  }

  for (const locale of LOCALES) {
    test(`every place of the desk can be used by everybody: ${locale}`, async () => {
      const desk = await openDesk(docket)
      const places = deskGroupsFor(new Set(everyPermission)).flatMap(({ places }) => places.map(({ path }) => path))
      const forms = [`/desk/do/fund?account=${account}`, `/desk/do/service-set?service=${service}`, '/desk/do/staff-add']
      const things = [`/desk/customers/${account}`, `/desk/services/${service}`, '/desk/orders/1', '/desk/suppliers/1']
      const page = await visit(desk, '/desk', { locale })
      for (const path of [...places, ...things, ...forms]) {
        const answer = await page.goto(docket.node.url! + path)
        expect([path, answer!.status()]).toEqual([path, 200])
        await isForEverybody(page)
        await picture(page, `desk-${locale}-${path}`)
      }
    })
  }

  test('a form without script: fill in, see what would change, confirm, and be told', async () => {
    const desk = await openDesk(docket)
    const page = await visit(desk, `/desk/do/account-set?account=${account}&back=/desk/do/account-add`, { script: false })
    await page.getByLabel('Discount in per cent').fill('7.5')
    await page.getByRole('button', { name: 'See what would change' }).click()
    expect(await page.locator('.preview table').innerText()).toContain('7.5')
    await page.getByRole('button', { name: 'Change the account' }).click()
    await page.getByText('Done: Change the account.').waitFor()
    expect(new URL(page.url()).pathname).toBe('/desk/do/account-add')
  })

  test('rows are walked by keys, places reached by letters, and all keys listed', async () => {
    const desk = await openDesk(docket)
    const page = await visit(desk, '/desk/orders')
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    const focused = () => page.evaluate('document.activeElement.closest("[data-row]")?.querySelector("a")?.href ?? ""')
    const second = await focused()
    expect(second).toMatch(/\/desk\/orders\/\d+$/)
    await page.keyboard.press('k')
    expect(await focused()).not.toBe(second)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(second as string)
    await page.keyboard.press('g')
    await page.keyboard.press('l')
    await page.waitForURL('**/desk/log')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  })

  test('a page that two people have open tells each of the other, without a new load', async () => {
    // Whoever had it open before has gone.
    docket.clock.forward({ minutes: 5 })
    const [ada, ben] = [await openDesk(docket), await openDesk(docket)]
    const page = await visit(ada, '/desk/orders/1')
    await ben.get('/desk/orders/1')
    await page.getByText(/has this open too/).waitFor()
    expect(await page.locator('.also-open p').count()).toBe(1)
  })
})
