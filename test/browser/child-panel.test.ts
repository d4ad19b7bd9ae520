import type { Page } from 'playwright-core'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { supplierAdd } from '../../server/acts/supplier-add.ts'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import type { Database } from '../../server/db/pool.ts'
import { formatUnits } from '../../server/ledger/money.ts'
import { setOnlySupplier } from '../../server/orders/bind-supplier.ts'
import { openWorld } from '../panels/world.ts'
import { run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { booksBalance, runningClock } from '../support/docket.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { axeFaults, browserOf, describeInBrowser, picture } from './browser.ts'

const HOST = 'shop.localhost'

describeInBrowser('a child panel in a browser', (browser) => {
  const world = openWorld({ DOCKET_NAME: 'Parent Panel' }, runningClock())
  let desk: DeskPages
  let owner: OwnPages
  let inChild: Database
  /** The browsers of the owner of the child and of its customer, as they left them. */
  let ownersBrowser: Awaited<ReturnType<typeof kept>>
  let customersBrowser: Awaited<ReturnType<typeof kept>>
  let customersKey: string

  afterEach(async () => {
    for (const db of [world.db, inChild]) await booksBalance(db)
  })

  beforeAll(async () => {
    await run(world.house, settingsSet, { child_rent: '10' })
    await run(world.house, supplierAdd, { name: 'staff', protocol: 'manual' })
    const views = { service: 7, name: 'Ad views', type: 'Default', category: 'Ads', rate: '0.90', min: 10, max: 100_000, cancel: true }
    await importServices(world.db, readServiceList(JSON.stringify([views])))
    await setOnlySupplier(world.db, 7, 'staff')
    desk = await openDesk(world)
    owner = await ownPages(world, { balance: '25' })
  })

  const shop = () => `http://${HOST}:${world.port()}`
  const kept = (page: Page) => page.context().storageState()
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
  const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()

  async function visitDesk(path: string): Promise<Page> {
    const value = desk.cookie.replace('docket-desk=', '')
    const cookie = { name: 'docket-desk', value, domain: '127.0.0.1', path: '/', expires: -1, httpOnly: true, secure: false } as const
    return browser.visit(world.node.url + path, { locale: 'en', storageState: { cookies: [{ ...cookie, sameSite: 'Lax' }], origins: [] } })
  }

  /** Does to the child what its page on the desk of the parent offers. */
  async function doToChild(button: string): Promise<Page> {
    const page = await visitDesk('/desk/children')
    await page.getByRole('link', { name: HOST }).click()
    await page.getByRole('link', { name: button, exact: true }).click()
    await press(page, 'See what would change')
    await press(page, button)
    await page.getByText(`Done: ${button}.`).waitFor()
    return page
  }

  async function order(page: Page, quantity: string): Promise<bigint> {
    await page.goto(`${shop()}/order?service=1`)
    await page.getByLabel('Link to the post').fill('https://example.com/p/1')
    await page.getByLabel('Quantity needed').fill(quantity)
    await page.locator('#cost:not([data-state])').waitFor()
    await press(page, /^Place the order/)
    await page.getByText('The order is placed and paid for.').waitFor()
    return (await inChild.query<{ id: bigint }>('select max(id) as id from orders')).rows[0]!.id
  }

  /** Staff of the parent do by hand what the child has ordered, and the child hears of it. */
  async function workAtParent(placed: bigint) {
    const handed = `select from hand_offs where order_id = $1 and state = 'sent'`
    await eventually('it is handed over', async () => (await inChild.query(handed, [placed])).rowCount === 1)
    const page = await visitDesk('/desk/work')
    await page.getByRole('button', { name: 'Take it' }).click()
    await page.getByRole('link', { name: 'All is done' }).click()
    await press(page, 'See what would change')
    await press(page, 'Complete')
    await page.getByText('Done: Complete.').waitFor()
    world.clock.forward({ minutes: 10 })
    const done = `select from orders where id = $1 and status = 'Completed'`
    await eventually('it is completed', async () => (await inChild.query(done, [placed])).rowCount === 1)
  }

  /** What the child says to its customers, to its owner and to programs while its parent does not serve it. */
  async function isShut(state: 'suspended' | 'closed', title: string, text: string) {
    await eventually(`it is ${state}`, async () => (await askBalance()).code === state)
    expect(await askBalance()).toEqual({ error: title, code: state })
    for (const [who, path] of [
      [customersBrowser, '/orders'],
      [ownersBrowser, '/desk'],
    ] as const) {
      const page = await browser.visit(shop() + path, { locale: 'en', storageState: who, mayComplainOf: /status of 503/ })
      await heading(page, title)
      await page.getByText(text).waitFor()
      expect(await axeFaults(page)).toEqual([])
      await picture(page, `child-${state}`)
    }
  }

  async function askBalance(): Promise<Record<string, string>> {
    const body = new URLSearchParams({ key: customersKey, action: 'balance' }).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return JSON.parse((await world.ask(HOST, '/api/v2', { method: 'POST', body, headers })).text)
  }

  test('is bought, set up by its first owner and sold from; its order is done at the parent, and both ledgers agree', async () => {
    const page = await browser.visit(`${world.node.url}/panels`, browserOf(owner, world.node.url!))
    await page.getByLabel('Its address').fill(shop())
    await page.getByLabel('Its name').fill('The Shop')
    await press(page, 'Buy a panel')
    await heading(page, 'Your panel is being made')
    const link = (await page.locator('.shown-once code').innerText()).trim()
    await picture(page, 'child-sold')
    await page.getByRole('link', { name: "I've saved it" }).click()
    await eventually('it is open', async () => (await page.reload(), page.getByText('Open', { exact: true }).isVisible()))
    inChild = await world.inside(HOST)
    await eventually('it answers', async () => (await world.ask(HOST, '/readyz')).status === 200)

    const shopkeeper = await browser.visit(link, { locale: 'en' })
    await heading(shopkeeper, 'Set up your panel')
    await shopkeeper.getByLabel('Your name').fill('Olive Owner')
    await shopkeeper.getByLabel('E-mail address').fill('olive@example.com')
    await shopkeeper.getByLabel('New password').fill('a long enough password')
    await press(shopkeeper, 'Begin')
    await heading(shopkeeper, 'How your panel looks')
    await press(shopkeeper, 'Save and go on')
    await heading(shopkeeper, 'Who does the work')
    await picture(shopkeeper, 'child-setup-supplier')
    expect(await axeFaults(shopkeeper)).toEqual([])
    await shopkeeper.locator('.card').getByRole('link', { name: 'Next step' }).click()
    await heading(shopkeeper, 'What you sell')
    await shopkeeper.getByLabel('Margin').fill('35%')
    await press(shopkeeper, 'Look what would come')
    await picture(shopkeeper, 'child-setup-services')
    await press(shopkeeper, 'Put 1 service on sale')
    await heading(shopkeeper, 'Your first customer')
    await shopkeeper.getByLabel('E-mail address').fill('customer@example.com')
    await shopkeeper.getByLabel('Balance to begin with').fill('25')
    await press(shopkeeper, 'Open the account')
    const [invitation, key] = await shopkeeper.locator('dd code').allInnerTexts()
    customersKey = key!
    ownersBrowser = await kept(shopkeeper)

    const customer = await browser.visit(invitation!, { locale: 'en' })
    await picture(customer, 'child-customer')
    await customer.getByLabel('New password').fill('another long password')
    await press(customer, 'Save and sign in')
    await customer.waitForURL((url) => !url.pathname.includes('password'))
    const placed = await order(customer, '1234')
    customersBrowser = await kept(customer)

    await workAtParent(placed)
    await customer.goto(`${shop()}/orders/${placed}`)
    await customer.getByText('Completed').first().waitFor()

    // A charge of 1.234 × 0.90, sold on with 35%.
    expect(await chargesOf(inChild)).toEqual(['1.49931'])
    expect(await chargesOf(world.db)).toEqual(['1.11060'])
    expect((await inChild.query('select cost from hand_offs')).rows).toEqual([{ cost: '1.1106' }])
    expect(await askBalance()).toMatchObject({ balance: '23.50069' })
    const funds = await browser.visit(`${world.node.url}/funds`, browserOf(owner, world.node.url!))
    const lines = (await funds.locator('table').first().innerText()).replaceAll(/\s+/g, ' ')
    expect(lines).toMatch(/Rent shop\.localhost [^$]*-\$10\.00 /)
    expect(lines).toMatch(/-\$1\.1106 /)
    expect(lines).toContain('$13.8894')
  })

  test('that is suspended says so to everybody while its orders go on, and comes back with everything', async () => {
    // A page that is open while the panel is suspended asks for news, and is refused.
    const looks = { locale: 'en', storageState: customersBrowser, mayComplainOf: /status of 503/ }
    const customer = await browser.visit(shop(), looks)
    const placed = await order(customer, '200')
    const page = await doToChild('Suspend the panel')
    await page.getByText('Suspended', { exact: true }).first().waitFor()
    await isShut('suspended', 'This panel is suspended', 'Orders under way are still being delivered, and nothing is lost.')
    await workAtParent(placed)
    await doToChild('Open the panel again')
    await eventually('it is back', async () => (await askBalance())['balance'])
    await customer.goto(`${shop()}/orders/${placed}`)
    await customer.getByText('Completed').first().waitFor()
    expect(await askBalance()).toMatchObject({ balance: '23.25769' })
    const shopkeeper = await browser.visit(`${shop()}/desk`, { locale: 'en', storageState: ownersBrowser })
    await heading(shopkeeper, 'Today')
  })

  test('that is closed says so, and loses nothing', async () => {
    const before = await insideOf(inChild)
    await doToChild('Close the panel')
    await isShut('closed', 'This panel is closed', 'It takes no more orders.')
    expect(await insideOf(inChild)).toEqual(before)
    await doToChild('Open the panel again')
    await eventually('it is back', async () => (await askBalance())['balance'])
    const customer = await browser.visit(`${shop()}/orders`, { locale: 'en', storageState: customersBrowser })
    expect(await customer.locator('tr[data-order]').count()).toBe(2)
  })

  async function insideOf(db: Database) {
    const count = async (table: string) => [table, (await db.query(`select count(*)::int as n from ${table}`)).rows[0].n]
    return Promise.all(['orders', 'transfers', 'accounts', 'api_keys', 'services', 'staff', 'users'].map(count))
  }

  async function chargesOf(db: Database) {
    const { rows } = await db.query<{ charge: bigint }>('select charge from orders order by id')
    return rows.map(({ charge }) => formatUnits(charge))
  }
})
