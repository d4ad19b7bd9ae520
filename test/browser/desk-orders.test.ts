import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { workJob } from '../../server/acts/job-worker.ts'
import { orderNote } from '../../server/acts/order-note.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { change, onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { browserOf, describeInBrowser, isForEverybody, type Looks, picture } from './browser.ts'

describeInBrowser('orders of all accounts, in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  const house = () => houseOf(docket.db, docket.clock.now)
  let desk: DeskPages
  let key: string
  let orders: number[]

  beforeAll(async () => {
    desk = await openDesk(docket, { role: 'owner' })
    ;({ key } = await docket.account())
    const service = await onSale(docket, { name: 'Instagram followers, real people, thirty days of refill, worldwide' })
    await change(docket, service, { supplier: 'simulated' })
    orders = []
    for (let number = 1; number <= 12; number += 1)
      orders.push(
        await placed(docket, key, { service, quantity: 1000, link: `https://example.com/some/long/path/of/a/post/${number % 5}` }),
      )
    await tell(docket, orders[0]!, 'Completed', { startCount: 20 })
    await tell(docket, orders[1]!, 'Partial', { remains: 400 })
    await run(house(), orderNote, { order: orders[0]!, note: 'The customer wrote about this order' })
  })

  async function at(path: string, looks: Looks = {}): Promise<Page> {
    const options = browserOf(undefined, docket.node.url!, looks)
    const cookies = [{ name: 'docket-desk', value: desk.cookie.replace('docket-desk=', ''), url: docket.node.url! }]
    const page = await browser.visit('about:blank', { ...options, storageState: undefined! })
    await page.context().addCookies(cookies)
    await page.goto(docket.node.url + path)
    return page
  }

  const work = () => workJob(house())

  test('many are cancelled by keyboard: picked, tried, looked at, done, and each told', async () => {
    const page = await at('/desk/orders?state=open')
    for (const letter of ['j', 'x', 'j', 'x']) await page.keyboard.press(letter)
    const [last, beforeLast] = [orders.at(-1)!, orders.at(-2)!]
    await expect.poll(() => page.locator('.bulk-acts').innerText()).toContain(`2 selected:`)
    expect(await page.locator('.picked-numbers').innerText()).toBe(`${last}, ${beforeLast}`)
    await picture(page, 'desk-orders-selected')
    await page.getByLabel('Do to many').selectOption('order cancel')
    await page.getByRole('button', { name: 'To the selected' }).press('Enter')

    await page.getByText('To these 2 orders').waitFor()
    await page.getByLabel('Reason').fill('sold out')
    await page.getByRole('button', { name: 'Try it first' }).press('Enter')
    await page.waitForURL(/\/desk\/jobs\/\d+$/)
    await work()
    await page.getByText('Nothing has changed yet').waitFor()
    expect(await page.locator('.outcome-facts').innerText()).toContain('2.00')
    expect(await docket.balance(key)).toBe('88.40000')
    await isForEverybody(page)
    await picture(page, 'desk-job-trial')

    await page.getByRole('button', { name: 'Cancel, with refund: 2 orders' }).press('Enter')
    await page.getByRole('heading', { name: /^Job \d+/ }).waitFor()
    await work()
    await page.locator('.job-progress', { hasText: 'Ended' }).waitFor()
    await page.locator('[data-live-region=job-orders]', { hasText: 'Done' }).waitFor()
    expect(await docket.balance(key)).toBe('90.40000')
    await picture(page, 'desk-job')
    await page.getByRole('link', { name: String(last), exact: true }).click()
    await page.getByText('sold out').first().waitFor()
  })

  const PAGES = ['/desk/orders', '/desk/orders?q=example.com/some/long/path/of/a/post/1&state=open', '/desk/jobs']

  test.each(PAGES)('everybody can use %s', async (path) => {
    const page = await at(path)
    await isForEverybody(page)
    await picture(page, path)
  })

  test('everybody can use the page of one order, and the form of a bulk change', async () => {
    for (const path of [`/desk/orders/${orders[0]}`, `/desk/orders/bulk?act=order+partial&pick=${orders[2]}&pick=${orders[3]}`]) {
      const page = await at(path)
      await isForEverybody(page)
      await picture(page, path.replace(String(orders[0]), 'one'))
    }
  })

  test('is drawn in dark, on a phone and from the right', async () => {
    for (const looks of [{ dark: true }, { narrow: true }, { locale: 'ar' }] as const) {
      for (const path of ['/desk/orders', `/desk/orders/${orders[1]}`]) {
        const page = await at(path, looks)
        await picture(page, `${path.replace(String(orders[1]), 'two')}-${Object.entries(looks).join('-')}`)
        expect(await page.locator('h1').count()).toBe(1)
      }
    }
  })
})
