import type { Page, Route } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { importServices, readServiceList } from '../../server/catalog/import.ts'
import { openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { wideOffer } from '../support/wide-offer.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks } from './browser.ts'

const NAME = 'Instagram followers, real people, thirty days of refill, worldwide'
const LINK = 'https://example.com/p/1'

describeInBrowser('a new order in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  let service: number
  let comments: number

  beforeAll(async () => {
    await importServices(docket.db, readServiceList(JSON.stringify(wideOffer(5000))))
    service = await onSale(docket, {
      name: NAME,
      category: 'Instagram followers',
      rate: '0.90',
      min: 10,
      max: 100_000,
      cancel: true,
      refill: true,
      dripfeed: true,
      description: 'Starts fast.\nThe profile must be public.',
      start_within: 60,
      finish_within: 2880,
      when_missed: 'cancel',
      translations: { ar: { name: 'متابعون على إنستغرام', category: 'متابعو إنستغرام' } },
    })
    comments = await onSale(docket, { name: 'Comments in your own words', type: 'Custom Comments', rate: '100', min: 1, max: 500 })
  })

  async function open(me: OwnPages, path: string, looks: Looks = {}): Promise<Page> {
    const page = await browser.visit('about:blank', {
      ...browserOf(me, docket.node.url!, looks),
      // What the server refuses and what a lost line loses is told in the page; the browser counts both as errors all the same.
      mayComplainOf: /status of 4(03|22)|net::ERR_/,
    })
    await page.goto(docket.node.url + path)
    return page
  }

  async function orderCount({ account }: OwnPages): Promise<number> {
    const { rows } = await docket.db.query<{ n: number }>(
      `select count(*)::int as n from orders o join books b on b.id = o.book_id where b.account_id = $1`,
      [account],
    )
    return rows[0]!.n
  }

  const placeButton = (page: Page) => page.getByRole('button', { name: /^Place the order/ })
  const whenPriced = (page: Page, price: string) =>
    page.getByRole('button', { name: `Place the order for ${price}`, exact: true }).waitFor()

  test('found among five thousand, priced while typing, scheduled and placed, by keyboard alone', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/order')
    const { keyboard } = page
    const pick = page.getByRole('combobox', { name: 'Find a service' })
    await pick.focus()
    await keyboard.type('people followers instagram')
    await page.getByRole('option', { name: NAME }).waitFor()
    await page.getByText('6 services', { exact: true }).waitFor()
    for (const key of ['ArrowDown', 'End', 'Home', 'ArrowUp']) await keyboard.press(key)
    const active = await pick.getAttribute('aria-activedescendant')
    expect(await page.locator(`#${active}`).getAttribute('aria-selected')).toBe('true')
    await keyboard.press('Escape')
    expect(await pick.getAttribute('aria-expanded')).toBe('false')
    await keyboard.type(' thirty')
    await page.getByText('1 service', { exact: true }).waitFor()
    await keyboard.press('Enter')

    await page.getByRole('heading', { name: NAME }).waitFor()
    await page.waitForFunction(`document.activeElement.name === 'link'`)
    expect(new URL(page.url()).search).toBe(`?service=${service}`)
    await keyboard.type(LINK)
    await keyboard.press('Tab')
    await keyboard.type('2000')
    await whenPriced(page, '$1.80')
    await keyboard.type('0')
    await whenPriced(page, '$18.00')
    // The switch of drip-feed.
    await keyboard.press('Tab')
    await keyboard.press('Enter')
    await keyboard.press('Tab')
    await keyboard.type('3')
    await keyboard.press('Tab')
    await keyboard.type('90')
    await whenPriced(page, '$54.00')
    expect(await page.locator('.schedule').innerText()).toMatch(/3 × 20,000 = 60,000/)
    expect(await page.locator('.schedule tbody tr').count()).toBe(3)
    expect(await orderCount(me)).toBe(0)
    await keyboard.press('Tab')
    await keyboard.press('Enter')

    await page.getByText('The order is placed and paid for.').waitFor()
    expect(await orderCount(me)).toBe(1)
    expect(await docket.balance(me.key)).toBe('46.00000')
  })

  test('the same without script', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/order', { script: false })
    await page.getByLabel('Find a service').fill('thirty followers')
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByRole('link', { name: NAME }).click()
    await page.getByLabel('Link to the post').fill(LINK)
    await page.getByLabel('Quantity needed').fill('20000')
    await page.locator('.drip > summary').click()
    await page.getByLabel('Number of runs').fill('3')
    await page.getByLabel('Minutes between runs').fill('90')
    await page.getByRole('button', { name: 'See the price' }).click()
    expect(await page.locator('.cost').innerText()).toMatch(/\$54\.00[\s\S]*\$46\.00[\s\S]*3 × 20,000 = 60,000/)
    await page.getByRole('button', { name: 'Place the order for $54.00' }).click()
    await page.getByText('The order is placed and paid for.').waitFor()
    expect(await orderCount(me)).toBe(1)
  })

  test('another service keeps what both have fields for; lines are counted as they are typed', async () => {
    const me = await ownPages(docket)
    const page = await open(me, `/order?service=${service}`)
    await page.getByLabel('Link to the post').fill(LINK)
    await page.getByLabel('Quantity needed').fill('500')
    const choose = async (words: string, name: string) => {
      await page.getByRole('combobox').fill(words)
      await page.getByRole('option', { name }).click()
      await page.getByRole('heading', { name }).waitFor()
    }

    await choose('own words', 'Comments in your own words')
    expect(await page.getByLabel('Link to the post').inputValue()).toBe(LINK)
    await page.getByRole('textbox', { name: 'Comments' }).fill('One, with a comma\n\nTwo\nThree')
    await page.getByText('3 lines').waitFor()
    await whenPriced(page, '$0.30')
    await choose('thirty', NAME)
    expect(await page.getByLabel('Quantity needed').inputValue()).toBe('500')
    await whenPriced(page, '$0.45')
  })

  test('a fault waits until its field is left, unless typing on cannot mend it', async () => {
    const me = await ownPages(docket)
    const page = await open(me, `/order?service=${service}`)
    const answered = () => page.waitForResponse(/\/order\/quote$/)
    const [quantity, fault] = [page.getByLabel('Quantity needed'), page.locator('#quantity-fault')]

    await Promise.all([answered(), quantity.fill('5')])
    await page.locator('#cost:not([data-state])').waitFor()
    expect(await fault.count()).toBe(0)
    await quantity.blur()
    expect(await fault.innerText()).toBe('Less than the service’s minimum')
    await quantity.fill('50')
    await fault.waitFor({ state: 'detached' })
    await quantity.fill('500000')
    await fault.waitFor()
    expect(await fault.innerText()).toBe('More than the service’s maximum')
    await quantity.fill('2000')
    await fault.waitFor({ state: 'detached' })
    await placeButton(page).click()
    await page.locator('#link-fault').waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('link')
    expect(await orderCount(me)).toBe(0)
  })

  test('a late answer never stands over a newer one, and nothing is placed at a price that was not seen', async () => {
    const me = await ownPages(docket)
    const page = await open(me, `/order?service=${service}`)
    await page.getByLabel('Link to the post').fill(LINK)
    const held: Route[] = []
    await page.route('**/order/quote', async (route) => {
      if (/quantity=1000&/.test(route.request().postData()!)) held.push(route)
      else await route.continue()
    })
    await page.getByLabel('Quantity needed').fill('1000')
    await expect.poll(() => held.length).toBe(1)
    await page.getByText('Calculating the price…').waitFor()
    await page.getByLabel('Quantity needed').fill('2000')
    await whenPriced(page, '$1.80')
    await held[0]!.continue().catch(() => {})
    expect(await page.locator('.cost').innerText()).toContain('$1.80')

    // Pressed before the answer is here: it is shown, not bought.
    await page.getByLabel('Quantity needed').fill('3000')
    await page.keyboard.press('Enter')
    await page.getByText('This is the cost. Press again to place the order.').waitFor()
    await whenPriced(page, '$2.70')
    expect(await orderCount(me)).toBe(0)
    await page.keyboard.press('Enter')
    await page.getByText('The order is placed and paid for.').waitFor()
    expect(await docket.balance(me.key)).toBe('97.30000')
  })

  test('without a connection the page says so, and asks again by itself', async () => {
    const me = await ownPages(docket)
    const page = await open(me, `/order?service=${service}`)
    await page.getByLabel('Link to the post').fill(LINK)
    await page.context().setOffline(true)
    await page.getByLabel('Quantity needed').fill('1000')
    await page.getByText('No connection: the price may be outdated.').waitFor()
    await page.context().setOffline(false)
    await whenPriced(page, '$0.90')
    expect(await page.getByText('No connection').count()).toBe(0)
  })

  test('signed out meanwhile, the page says so and keeps what was typed', async () => {
    const me = await ownPages(docket)
    const page = await open(me, `/order?service=${service}`)
    await page.getByLabel('Link to the post').fill(LINK)
    await page.context().clearCookies({ name: 'docket-session' })
    await page.getByLabel('Quantity needed').fill('1000')
    await page.getByText('You may have been signed out').waitFor()
    expect(await page.getByLabel('Link to the post').inputValue()).toBe(LINK)
    await placeButton(page).click()
    expect(await orderCount(me)).toBe(0)
  })

  test('a double click on the button is one order', async () => {
    const me = await ownPages(docket)
    const page = await open(me, `/order?service=${service}`)
    await page.getByLabel('Link to the post').fill(LINK)
    await page.getByLabel('Quantity needed').fill('1000')
    await whenPriced(page, '$0.90')
    await placeButton(page).dblclick()
    await page.getByText('The order is placed and paid for.').waitFor()
    expect(await orderCount(me)).toBe(1)
    expect(await docket.balance(me.key)).toBe('99.10000')
  })

  test('an answer that is lost on its way is one order, however often it is pressed again', async () => {
    const me = await ownPages(docket)
    const page = await open(me, `/order?service=${service}`)
    await page.getByLabel('Link to the post').fill(LINK)
    await page.getByLabel('Quantity needed').fill('1000')
    await whenPriced(page, '$0.90')
    await page.route('**/order', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await placeButton(page).click()
    await page.getByText('No response, so the order may or may not be placed.').waitFor()
    await page.unroute('**/order')
    await placeButton(page).click()
    await page.getByText('The order is placed and paid for.').waitFor()
    expect(await orderCount(me)).toBe(1)
  })

  test('a price that turned between showing and placing asks again', async () => {
    const turning = await onSale(docket, { rate: '1' })
    const me = await ownPages(docket)
    const page = await open(me, `/order?service=${turning}`)
    await page.getByLabel('Link to the post').fill(LINK)
    await page.getByLabel('Quantity needed').fill('1000')
    await whenPriced(page, '$1.00')
    await change(docket, turning, { rate: '1.5' })
    await placeButton(page).click()
    await page.getByText('The price has changed. Nothing was bought.').waitFor()
    expect(await orderCount(me)).toBe(0)
    await page.getByRole('button', { name: 'Place the order for $1.50' }).click()
    await page.getByText('The order is placed and paid for.').waitFor()
    expect(await docket.balance(me.key)).toBe('98.50000')
  })

  test('services are sifted while typing; a star stays, and stands first where services are found', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/services')
    await page.getByLabel('Name or number').fill('thirty followers')
    await page.getByText('1 service', { exact: true }).waitFor()
    expect(await page.evaluate('document.activeElement.id')).toBe('find')
    const star = page.getByRole('button', { name: `Favourite: ${NAME}` })
    await Promise.all([page.waitForResponse(/\/favourite$/), star.click()])
    expect(await star.getAttribute('aria-pressed')).toBe('true')
    await page.reload()
    expect(await page.getByLabel('Name or number').inputValue()).toBe('thirty followers')
    expect(await star.getAttribute('aria-pressed')).toBe('true')
    await page.getByLabel('Name or number').fill('')
    await page.getByText('services', { exact: false }).first().waitFor()
    await page.getByLabel('Favourites only').check()
    await page.getByText('1 service', { exact: true }).waitFor()

    await page.goto(`${docket.node.url}/order`)
    await page.getByRole('combobox').click()
    expect(await page.getByRole('option').first().innerText()).toContain(NAME)
  })

  for (const locale of LOCALES) {
    test(`every page can be used by everybody: ${locale}`, async () => {
      const me = await ownPages(docket)
      // Lists of a few rows: fifty alike tell no more, and take their time.
      const page = await open(me, '/services?find=worldwide+thirty', { locale })
      const isAccessible = () => isForEverybody(page, '#content')
      await isAccessible()
      for (const path of ['/services?find=nothing', '/services/changes?before=9', `/order?service=${comments}`]) {
        await page.goto(docket.node.url + path)
        await isAccessible()
      }
      await page.goto(`${docket.node.url}/order`)
      await page.locator('#pick').fill(String(service))
      await page.getByRole('option').first().waitFor()
      await isAccessible()
      await page.keyboard.press('Enter')
      await page.locator('#quantity').fill('2000')
      await page.locator('.drip > summary').click()
      await page.locator('#runs').fill('20')
      await page.locator('#interval').fill('90')
      await page.locator('.schedule').waitFor()
      await page.locator('button[value=place]').click()
      await page.locator('#link-fault').waitFor()
      await page.locator('#cost:not([data-state])').waitFor()
      await isAccessible()
    })
  }
})
