import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { serviceBind } from '../../server/acts/service-bind.ts'
import { serviceSet } from '../../server/acts/service-set.ts'
import { houseOf, run } from '../support/acts.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { browserOf, describeInBrowser, isForEverybody, type Looks, picture } from './browser.ts'

describeInBrowser('the sheet of services in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  let desk: DeskPages
  let services: number[]
  beforeAll(async () => {
    desk = await openDesk(docket)
    services = []
    for (const [at, category] of ['Likes', 'Likes', 'Likes', 'Views of videos and stories'].entries()) {
      services.push(await docket.service({ name: `Service number ${at + 1} of real people, worldwide`, category, rate: '1', max: 1000 }))
    }
    const house = houseOf(docket.db, docket.clock.now)
    await run(house, serviceBind, { service: services[0]!, supplier: 'simulated', cost_rate: '0.80' })
    await run(house, serviceBind, { service: services[1]!, supplier: 'simulated', cost_rate: '1.10' })
  })

  async function open(path: string, looks: Looks = {}): Promise<Page> {
    const context = browserOf(undefined, docket.node.url!, looks)
    const page = await browser.visit('about:blank', {
      ...context,
      permissions: ['clipboard-read', 'clipboard-write'],
      // What is refused is told in the page; the browser counts it as an error.
      mayComplainOf: /status of 4(09|22)/,
    })
    const [name, value] = desk.cookie.split('=') as [string, string]
    await page.context().addCookies([{ name, value, url: docket.node.url! }])
    await page.goto(docket.node.url! + path)
    return page
  }

  const cell = (page: Page, at: number, column: string) => page.locator(`tr[data-service="${services[at]}"] td[data-column=${column}]`)
  const rateOf = async (at: number) =>
    (await docket.db.query('select rate from services where id = $1', [services[at]])).rows[0].rate as string
  const press = async (page: Page, ...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key)
  }

  test('is edited by keys with the margin told at once, previewed, saved, and undone', async () => {
    const page = await open('/desk/services')
    await cell(page, 0, 'rate').click()
    await press(page, 'Enter')
    await page.keyboard.type('1.20')
    await press(page, 'Enter')
    expect(await page.locator(`tr[data-service="${services[0]}"] .margin`).innerText()).toBe('+50%')
    // Enter has gone to the row below; what is typed there takes the place of what was there, and Escape leaves it.
    await page.keyboard.type('9')
    await press(page, 'Escape')
    expect(await cell(page, 1, 'rate').innerText()).toBe('1')
    // A part of a column is copied and pasted.
    await press(page, 'ArrowUp', 'Control+c', 'ArrowDown', 'Shift+ArrowDown', 'Control+v')
    expect(await cell(page, 1, 'rate').innerText()).toBe('1.20')
    expect(await cell(page, 2, 'rate').innerText()).toBe('1.20')
    await page.getByText('3 changes').waitFor()
    await picture(page, 'desk services edited')

    // What was edited outlives another page.
    await page.goto(`${docket.node.url}/desk/services?state=on+sale`)
    await page.getByText('3 changes').waitFor()
    expect(await cell(page, 1, 'rate').getAttribute('class')).toContain('changed')
    await page.getByRole('button', { name: 'Preview and save' }).click()
    await page.getByRole('heading', { name: '3 services would change' }).waitFor()
    await picture(page, 'desk services preview')
    await page.getByRole('button', { name: 'Change 3 services' }).click()
    await page.getByText('Done: Change many services.').waitFor()
    expect([await rateOf(0), await rateOf(1), await rateOf(2)]).toEqual(['1.20', '1.20', '1.20'])
    expect(await page.getByText('3 changes').count()).toBe(0)

    await page.getByRole('link', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'See what would change' }).click()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Done: Undo.').waitFor()
    expect([await rateOf(0), await rateOf(1), await rateOf(2)]).toEqual(['1', '1', '1'])
  })

  test('marks what is no value, and takes it only corrected', async () => {
    const page = await open('/desk/services')
    await cell(page, 0, 'max').click()
    await page.keyboard.type('many')
    await press(page, 'Enter')
    expect(await cell(page, 0, 'max').getAttribute('aria-invalid')).toBe('true')
    await page.getByRole('button', { name: 'Preview and save' }).click()
    await page.getByText('The marked cell is no value. Correct it first.').waitFor()
    await page.keyboard.type('1000')
    await press(page, 'Enter')
    expect(await page.getByRole('button', { name: 'Preview and save' }).isVisible()).toBe(false)
  })

  test('of two people at one price the second is refused, sees both values, and decides', async () => {
    const page = await open('/desk/services')
    await cell(page, 3, 'rate').click()
    await page.keyboard.type('1.40')
    await press(page, 'Enter')
    await run(houseOf(docket.db, docket.clock.now), serviceSet, { service: services[3]!, rate: '1.30' })
    await page.getByRole('button', { name: 'Preview and save' }).click()
    await page.getByRole('heading', { name: 'Somebody else was faster' }).waitFor()
    await page.getByText('tester').waitFor()
    expect(await page.locator('.clash').innerText()).toMatch(/You saw 1\s+Theirs stands: 1\.30 tester\s+Mine stands: 1\.40/)
    await isForEverybody(page)
    await picture(page, 'desk services clash')
    expect(await rateOf(3)).toBe('1.30')
    await page.getByLabel('Mine stands').check()
    await page.getByRole('button', { name: 'See what would change' }).click()
    await page.getByRole('button', { name: 'Change 1 service' }).click()
    await page.getByText('Done: Change many services.').waitFor()
    expect(await rateOf(3)).toBe('1.40')
  })

  test('categories are dragged to their place', async () => {
    const page = await open('/desk/categories')
    const rows = page.locator('tr[data-category]')
    expect(await rows.first().getAttribute('data-category')).toBe('Likes')
    const [from, to] = [await page.locator('[data-grip]').nth(1).boundingBox(), await rows.first().boundingBox()]
    await page.mouse.move(from!.x + from!.width / 2, from!.y + from!.height / 2)
    await page.mouse.down()
    await page.mouse.move(from!.x, to!.y + 2, { steps: 5 })
    await page.mouse.up()
    await page.getByText('Done: Move the category.').waitFor()
    expect(await rows.first().getAttribute('data-category')).toBe('Views of videos and stories')
    await picture(page, 'desk categories')
  })

  for (const locale of ['en', 'ar'] as const) {
    test(`is for everybody in ${locale}`, async () => {
      for (const path of [
        '/desk/services',
        `/desk/services/${services[0]}`,
        '/desk/services/reprice',
        '/desk/services/history',
        '/desk/categories',
        '/desk/groups',
      ]) {
        const page = await open(path, { locale })
        await isForEverybody(page)
        await picture(page, `${locale} ${path}`)
        await page.context().close()
      }
    })
  }

  test('without script each row leads to its form', async () => {
    const page = await open('/desk/services', { script: false })
    await page.locator(`tr[data-service="${services[2]}"]`).getByRole('link', { name: 'Edit' }).click()
    await page.getByRole('textbox', { name: 'Price per 1,000' }).first().fill('1.05')
    await page.getByRole('button', { name: 'See what would change' }).click()
    await page.getByRole('button', { name: 'Change the service' }).click()
    await page.getByText('Done: Change the service.').waitFor()
    expect(await rateOf(2)).toBe('1.05')
  })
})
