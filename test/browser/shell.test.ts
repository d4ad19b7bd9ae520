import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import type { AccountContext } from '../../server/customers/account-context.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { tell } from '../support/order-life.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { accountContext, PASSWORD, person } from '../support/people.ts'
import { axeFaults, browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, NARROW, overhang, picture } from './browser.ts'

describeInBrowser('the frame of the app', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_REGISTRATION: 'on' })
  let front: AccountContext
  let service: number

  beforeAll(async () => {
    front = await accountContext(docket)
    service = await onSale(docket, { name: 'Captions written for your clips', category: 'Words', rate: '0.90', min: 10, max: 5000, cancel: true })
    await onSale(docket, { name: 'Translations, a sentence a line', category: 'Words', rate: '2' })
  }) // prettier-ignore

  const at = (path: string) => `${docket.node.url}${path}`

  interface Visit extends Looks {
    readonly mayComplainOf?: RegExp
  }

  /** The browser of somebody who is signed in, or of a stranger. */
  async function open(me: OwnPages | undefined, path: string, looks: Visit = {}): Promise<Page> {
    return browser.visit(at(path), {
      ...browserOf(me, docket.node.url!, looks),
      ...(looks.mayComplainOf && { mayComplainOf: looks.mayComplainOf }),
    })
  }

  const palette = (page: Page) => page.getByRole('dialog', { name: 'Search' })
  const chosen = (page: Page) => page.locator('[role=option][aria-selected=true] > span')

  test('by keyboard alone: from the front door over the palette to the form of a service', async () => {
    const who = await person(front)
    const page = await open(undefined, '/')
    await page.getByRole('heading', { name: 'Digital services, ordered in one place' }).waitFor()
    await page.locator('.hero').getByRole('link', { name: 'Sign in' }).focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('E-mail address').focus()
    await page.keyboard.type(who.email)
    await page.keyboard.press('Tab')
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await page.waitForURL(at('/'))

    await page.keyboard.press('Control+k')
    const field = page.getByRole('combobox', { name: 'Search' })
    await page.keyboard.type('captions')
    // Not what the first letters found.
    await palette(page).getByRole('status').getByText('1 result', { exact: true }).waitFor()
    expect(await chosen(page).textContent()).toBe('Captions written for your clips')
    expect(await field.getAttribute('aria-activedescendant')).toBe(await page.getByRole('option', { selected: true }).getAttribute('id'))
    await page.keyboard.press('Enter')
    await page.waitForURL(at(`/order?service=${service}`))
    await page.getByRole('heading', { name: 'Captions written for your clips' }).waitFor()
  })

  test('the palette leads to an order by its number, to orders by a link, and changes language and appearance', async () => {
    const me = await ownPages(docket)
    const { order } = await docket.call({ key: me.key, action: 'add', service, link: 'https://example.com/p/1', quantity: 10 })
    const page = await open(me, '/orders')
    const goTo = async (typed: string) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type(typed)
      await page.getByText('Searching …').waitFor({ state: 'detached' })
      await page.keyboard.press('Enter')
    }
    await goTo(String(order))
    await page.waitForURL(at(`/orders/${order}`))
    await goTo('https://example.com/p/1')
    await page.getByRole('link', { name: `Order ${order}` }).waitFor()
    expect(new URL(page.url()).searchParams.get('find')).toBe('https://example.com/p/1')
    await goTo('appearance dark')
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark')
    await goTo('slovenscina')
    await page.getByRole('heading', { name: 'Naročila', exact: true }).waitFor()
  })

  test('the palette remembers what was chosen, and forgets it with the person', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/orders')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.keyboard.type('funds')
    await page.getByRole('option', { name: /Funds/ }).click()
    await page.waitForURL(at('/funds'))
    await page.keyboard.press('Control+k')
    expect(await palette(page).getByRole('group').first().getAttribute('aria-label')).toBe('Recent')
    expect(await chosen(page).textContent()).toBe('Funds')
    await page.keyboard.press('ArrowUp')
    expect(await chosen(page).textContent()).toBe('Appearance: Dark')
    await page.keyboard.press('Escape')
    expect(await palette(page).count()).toBe(0)
    await page.locator('.account-menu summary').click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are signed out.').waitFor()
    // The script of the page may still be loading when its text is there.
    await page.waitForFunction('localStorage.getItem("docket:recent") === null')
    expect(await page.evaluate('localStorage.getItem("docket:recent")')).toBe(null)
  })

  test('the menu opens at 360 pixels without script, by keyboard and by touch', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/orders', { narrow: true, script: false })
    const places = page.getByRole('navigation', { name: 'Orders and funds' })
    expect(await places.count()).toBe(0)
    await page.getByRole('button', { name: 'Menu' }).focus()
    await page.keyboard.press('Enter')
    expect(await places.getByRole('link').count()).toBe(17)
    expect(await places.getByRole('link', { name: 'Orders' }).getAttribute('aria-current')).toBe('page')
    await page.keyboard.press('Escape')
    expect(await places.count()).toBe(0)
    await page.getByRole('button', { name: 'Menu' }).click()
    expect(await overhang(page)).toBe(0)
    await places.getByRole('link', { name: 'Funds' }).click()
    await page.getByRole('heading', { name: 'Funds' }).waitFor()
    expect(await page.getByRole('link', { name: 'Balance $100.00' }).isVisible()).toBe(true)
  })

  test('keys lead to places and to the search, never while something is typed, and can be turned off for good', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/')
    await page.keyboard.press('g')
    await page.keyboard.press('o')
    await page.waitForURL(at('/orders'))
    await page.keyboard.press('/')
    await page.keyboard.type('gs?')
    expect(await page.getByLabel('Order number or link').inputValue()).toBe('gs?')
    expect(page.url()).toBe(at('/orders'))
    await page.getByLabel('Order number or link').blur()

    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await sheet.getByRole('checkbox', { name: /Single-key shortcuts/ }).uncheck()
    await page.keyboard.press('Escape')
    await page.reload()
    await page.keyboard.press('?')
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    expect(await sheet.count()).toBe(0)
    expect(page.url()).toBe(at('/orders'))
    await page.keyboard.press('Control+k')
    await palette(page).waitFor()
    await page.keyboard.type('keyboard')
    await page.keyboard.press('Enter')
    await sheet.getByRole('checkbox', { name: /Single-key shortcuts/ }).check()
    await page.keyboard.press('Escape')
    await page.keyboard.press('g')
    await page.keyboard.press('s')
    await page.waitForURL(at('/services'))
  })

  test('tells of a lost connection, sends nothing meanwhile and keeps what was typed', async () => {
    const me = await ownPages(docket)
    const { order } = await docket.call({ key: me.key, action: 'add', service, link: 'https://example.com/other', quantity: 1000 })
    await tell(docket, order, 'Completed')
    const page = await open(me, '/orders')
    const find = page.getByLabel('Order number or link')
    await find.fill('https://example.com/p/1')
    await page.context().setOffline(true)
    await page.getByRole('status').getByText('You are offline.').waitFor()
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByRole('alert').getByText('Not sent: you are offline.').waitFor()
    expect(await find.inputValue()).toBe('https://example.com/p/1')
    expect(await axeFaults(page, '.toasts')).toEqual([])
    await page.keyboard.press('Control+k')
    await palette(page).getByText('services cannot be searched').waitFor()
    await page.keyboard.press('Escape')

    await page.context().setOffline(false)
    await page.getByText('You are back online.').waitFor()
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByText('No results').waitFor()
  })

  test('tells when the server does not answer, until it does', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/', { mayComplainOf: /ERR_FAILED|ERR_CONNECTION/ })
    let asked = 0
    await page.route('**/services/find*', (route) => {
      asked += 1
      return route.abort()
    })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('x')
    await palette(page).getByText('The server is not responding.').waitFor()
    // Once more, and not more often.
    expect(asked).toBe(2)
    await page.unroute('**/services/find*')
    await page.keyboard.type('yz')
    await palette(page).getByText('Nothing found for “xyz”').waitFor()
    await page.keyboard.press('Escape')
    await page.getByText('You are back online.').waitFor()
  })

  test('a palette of somebody who was signed out elsewhere says so', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/', { mayComplainOf: /401/ })
    await docket.db.query('delete from sessions s using users u where u.id = s.user_id and u.account_id = $1', [me.account])
    await page.keyboard.press('Control+k')
    await page.keyboard.type('captions')
    await palette(page).getByText('You are signed out.').waitFor()
    expect(await page.getByRole('option', { name: /Captions/ }).count()).toBe(0)
  })

  test('the documents have the frame too, and move nothing', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/en/api')
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('link', { name: 'API documentation' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    expect(await page.locator('#search').evaluate((field) => field.matches(':focus'))).toBe(true)
    const header = (await page.locator('.app-header').boundingBox())!
    await page.evaluate('scrollTo(0, 3000)')
    const toolbar = (await page.locator('.toolbar').boundingBox())!
    expect(toolbar.y).toBeCloseTo(header.height, 0)
    expect(await axeFaults(page, '.app-header')).toEqual([])
  })

  for (const locale of LOCALES) {
    test(`can be used by everybody: ${locale}`, async () => {
      const me = await ownPages(docket, { balance: '3' })
      for (let n = 0; n < 3; n += 1)
        await docket.call({ key: me.key, action: 'add', service, link: `https://example.com/${'long'.repeat(20)}/${n}`, quantity: 1000 })
      const isUsable = async (page: Page, name: string, part = 'html') => {
        await picture(page, `shell-${name}-${locale}`)
        await isForEverybody(page, part)
      }
      const landing = await open(undefined, '/', { locale })
      await isUsable(landing, 'landing')
      const widthOf = async (selector: string) => (await landing.locator(selector).boundingBox())!.width
      expect(await widthOf('.promises')).toBeCloseTo(await widthOf('.hero'), 0)
      const page = await open(me, '/', { locale })
      await isUsable(page, 'overview')
      await page.keyboard.press('Control+k')
      // A number of an order, and of a service.
      await page.locator('#palette input').fill(String(service))
      await page.locator('#palette [role=group]').nth(1).waitFor()
      await isUsable(page, 'palette', '#palette')
      await page.keyboard.press('Escape')
      expect(await palette(page).count()).toBe(0)
      await page.keyboard.press('?')
      await isUsable(page, 'keys', '#keys')
      await page.keyboard.press('Escape')
      await page.setViewportSize(NARROW)
      await page.locator('.menu-button').click()
      await isUsable(page, 'menu', '.app-navigation')
    })
  }
})
