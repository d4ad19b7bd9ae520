import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { readAccountLog } from '../../server/customers/account-log.ts'
import { readLog, WHOLE_LOG } from '../../server/staff/log.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { ownPages, type OwnPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser, isForEverybody, type Looks, picture } from './browser.ts'

describeInBrowser('money on the desk, in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_STAFF_DAILY_SUM: '100' })
  let first: DeskPages
  let second: DeskPages
  let own: OwnPages

  beforeAll(async () => {
    own = await ownPages(docket, { balance: '500' })
    first = await openDesk(docket, { role: 'money' })
    second = await openDesk(docket, { role: 'owner' })
  })

  async function at(desk: DeskPages, path: string, looks: Looks = {}): Promise<Page> {
    const options = browserOf(undefined, docket.node.url!, looks)
    const page = await browser.visit('about:blank', { ...options, storageState: undefined! })
    await page.context().addCookies([{ name: 'docket-desk', value: desk.cookie.replace('docket-desk=', ''), url: docket.node.url! }])
    await page.goto(docket.node.url + path)
    return page
  }

  test('a correction above the day’s sum waits for a second pair of eyes, is done once, and is told in both logs', async () => {
    const asking = await at(first, `/desk/customers/${own.account}`)
    await asking.locator('.desk-actions a[href*="/desk/do/fund"]').click()
    await asking.locator('#amount').fill('-150')
    await asking.locator('#note').fill('paid back by bank')
    await asking.locator('main form button[type=submit]').first().click()
    await asking.locator('.preview .notice.warn').waitFor()
    await picture(asking, 'desk-money-would-wait')
    await asking.locator('.preview form button.main').click()
    await asking.locator('.notice.good').waitFor()
    expect(await docket.balance(own.key)).toBe('500.00000')

    await asking.goto(`${docket.node.url}/desk/approvals`)
    expect(await asking.locator('a[href*="approval-accept"]').count()).toBe(0)

    const deciding = await at(second, '/desk/approvals')
    await isForEverybody(deciding)
    await picture(deciding, 'desk-approvals')
    await deciding.locator('a[href*="approval-accept"]').click()
    await deciding.locator('main form button[type=submit]').first().click()
    await deciding.locator('.preview form button.main').dblclick()
    await deciding.waitForURL(/\/desk\/approvals\?told=/)
    expect(await docket.balance(own.key)).toBe('350.00000')

    const log = await readLog(docket.db, { ...WHOLE_LOG, account: own.account }, { before: null, most: 5 })
    expect(log.filter(({ act }) => act === 'approval accept')).toHaveLength(1)
    const told = await readAccountLog(docket.db, own.account, { before: null, most: 5 })
    expect(told.filter(({ act }) => act === 'funded').map(({ about }) => about)).toEqual(['-150.00000 USD: paid back by bank'])
    await deciding.goto(`${docket.node.url}/desk/customers/${own.account}`)
    await picture(deciding, 'desk-customer')
  })

  const PAGES = ['/desk/customers', '/desk/customers/1', '/desk/customers/1/view', '/desk/money', '/desk/money/owed?day=2026-03-01', '/desk/money/by-hand', '/desk/money/statement?account=1', '/desk/approvals?decided=1'] // prettier-ignore

  test.each(PAGES)('everybody can use %s', async (path) => {
    const page = await at(second, path)
    await isForEverybody(page)
    await picture(page, path)
  })

  test('is drawn in dark, on a phone and from the right', async () => {
    for (const looks of [{ dark: true }, { narrow: true }, { locale: 'ar' }] as const) {
      for (const path of ['/desk/customers', '/desk/customers/1', '/desk/money', '/desk/approvals?decided=1']) {
        const page = await at(second, path, looks)
        await picture(page, `${path}-${Object.entries(looks).join('-')}`)
        expect(await page.locator('h1').count()).toBe(1)
      }
    }
  })

  test('staff see the pages of the customer under a banner, and find the way back', async () => {
    const page = await at(second, `/desk/customers/${own.account}/view`)
    await page.locator('#reason').fill('They asked why an order waits')
    await page.locator('main form button[type=submit]').click()
    await page.locator('.view-banner').waitFor()
    await isForEverybody(page)
    await picture(page, 'desk-view-as')
    await page.locator('.view-banner button').click()
    await page.waitForURL(`**/desk/customers/${own.account}`)
  })
})
