import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { readCsv } from '../../server/ordering/csv.ts'
import { ordersOf } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { programs } from '../web/programs.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, overhang } from './browser.ts'

describeInBrowser('mass orders and first steps in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  let likes: number
  let words: number
  beforeAll(async () => {
    likes = await onSale(docket, { name: 'Likes of real people, thirty days of refill, worldwide', rate: '0.90', min: 10, max: 100_000 })
    words = await onSale(docket, { name: 'Words', type: 'Custom Comments', rate: '100', min: 1 })
  })

  async function open(me: OwnPages, path: string, looks: Looks = {}): Promise<Page> {
    const page = await browser.visit('about:blank', {
      ...browserOf(me, docket.node.url!, looks),
      permissions: ['clipboard-read', 'clipboard-write'],
      // What the server refuses is told in the page, and so is a connection that was lost; the browser counts both as errors.
      mayComplainOf: /status of 4(04|22)|ERR_FAILED/,
    })
    await page.goto(docket.node.url! + path)
    return page
  }

  const link = (n: number | string) => `https://example.com/p/${n}`
  const placedOf = (me: OwnPages) => ordersOf(docket.db, me.account)

  /** Downloads the result file, and reads it as a spreadsheet would. */
  async function resultFile(page: Page): Promise<Record<string, string>[]> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Result file (CSV)' }).click()])
    expect(download.suggestedFilename()).toMatch(/^mass-order-\d+\.csv$/)
    const [names, ...rows] = readCsv((await readFile(await download.path(), 'utf8')).replaceAll('\r\n', '\n'), ',')
    return rows.map(({ cells }) => Object.fromEntries(names!.cells.map((name, at) => [name, cells[at]!])))
  }

  async function check(page: Page, lines: readonly string[]) {
    await page.locator('#lines').fill(lines.join('\n'))
    await page.locator('form.paste button').click()
  }

  test('pastes good and bad lines, corrects them, places with progress, and reads the result file', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/mass-order')
    const good = Array.from({ length: 520 }, (_, n) => `${likes}|${link(n)}|10`)
    await page.getByRole('textbox', { name: 'Lines' }).fill([...good, `${likes}|${link('few')}|1`, 'no order'].join('\n'))
    await page.getByRole('button', { name: 'Check the lines' }).click()
    await page.getByText('2 lines cannot be placed as they are.').waitFor()
    const faulty = page.getByRole('table', { name: 'Lines' }).getByRole('row')
    expect(await faulty.filter({ hasText: 'minimum (10 to 100,000)' }).innerText()).toContain(link('few'))

    await page.getByRole('link', { name: 'Edit the lines' }).click()
    const field = page.getByRole('textbox', { name: 'Lines' })
    await field.fill((await field.inputValue()).replace(`${link('few')}|1`, `${link('few')}|10`).replace('\nno order', ''))
    await page.getByRole('button', { name: 'Check the lines' }).click()
    await page.getByText('All lines are valid. Nothing has been placed yet.').waitFor()
    expect(await placedOf(me)).toHaveLength(0)

    // The second step waits until what the first one told has been seen.
    let seen = () => {}
    const isSeen = new Promise<void>((resolve) => (seen = resolve))
    let steps = 0
    await page.route('**/go-on', async (route) => {
      if ((steps += 1) > 1) await isSeen
      await route.continue()
    })
    await page.getByRole('button', { name: 'Place 521 orders' }).click()
    await page.getByText('250 of 521. Placed: 250, refused: 0.').waitFor()
    expect(await page.getByRole('progressbar').getAttribute('value')).toBe('250')
    seen()
    await page.getByText('All lines are placed and paid for.').waitFor()
    expect(steps).toBe(3)

    const rows = await resultFile(page)
    const orders = await placedOf(me)
    expect(orders).toHaveLength(521)
    const told = new Set(rows.map((row) => `${row['link']} ${row['order']} ${row['charge']}`))
    expect(told).toEqual(new Set(orders.map((order) => `${order.link} ${order.id} 0.00900`)))
  })

  test('a CSV file is read into the field and placed, quoted line breaks and all', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/mass-order')
    const file = `service;link;comments\r\n${words};${link('words')};"Nice; really\r\nMore ""please"""\r\n`
    await page.getByLabel('Or a CSV file').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(`\uFEFF${file}`) })
    await page.getByText('Loaded: orders.csv.').waitFor()
    expect(await page.getByRole('textbox', { name: 'Lines' }).inputValue()).toBe(file.replaceAll('\r\n', '\n'))
    await page.getByRole('button', { name: 'Check the lines' }).click()
    await page.getByRole('button', { name: 'Place 1 order' }).click()
    await page.getByText('All lines are placed and paid for.').waitFor()
    const { id } = (await placedOf(me))[0]!
    const { rows } = await docket.db.query(`select parameters ->> 'comments' as comments from orders where id = $1`, [id])
    expect(rows).toEqual([{ comments: 'Nice; really\nMore "please"' }])
  })

  test('without script a file is taken, placed in one go, and the rest taken up when money is there', async () => {
    const me = await ownPages(docket, { balance: '0.02' })
    const page = await open(me, '/mass-order', { script: false })
    const file = Array.from({ length: 4 }, (_, n) => `${likes},${link(n)},10`).join('\n')
    await page.getByLabel('Or a CSV file').setInputFiles({ name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.from(file) })
    await page.getByRole('button', { name: 'Check the lines' }).click()
    await page.getByRole('button', { name: 'Place 2 orders' }).click()
    await page.getByText('2 lines were refused and cost nothing.').waitFor()
    const error = 'Not enough funds on balance'
    expect((await resultFile(page)).map((row) => row['error'])).toEqual(['', '', error, error])
    await docket.db.query(`select post_transfer(id, 'deposit', 100000, null, null, '', $2) from books where account_id = $1 and not play`, [
      me.account,
      docket.clock.now(),
    ])
    await page.getByRole('button', { name: 'Place 2 lines that lacked funds' }).click()
    await page.getByText('All lines are placed and paid for.').waitFor()
    expect(await placedOf(me)).toHaveLength(4)
  })

  test('a lost connection is told, and going on places the rest once', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/mass-order')
    await check(page, Array.from({ length: 300 }, (_, n) => `${likes}|${link(n)}|10`)) // prettier-ignore
    // The answer of the first step is lost on its way.
    await page.route('**/go-on', async (route) => {
      await route.fetch()
      await route.abort()
    })
    await page.getByRole('button', { name: 'Place 300 orders' }).click()
    await page.getByRole('alert').filter({ hasText: 'Connection lost.' }).waitFor()
    await page.unroute('**/go-on')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Continue')
    await page.keyboard.press('Enter')
    await page.getByText('All lines are placed and paid for.').waitFor()
    const orders = await placedOf(me)
    expect([orders.length, new Set(orders.map((order) => order.link)).size]).toEqual([300, 300])
  })

  test('the line of the first steps is copied, run, and places a test order', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/start')
    await page.getByRole('button', { name: 'Create test key' }).click()
    await page.getByText('Your test key is shown only once').waitFor()
    const line = page.locator('.panel', { hasText: 'Place the order' })
    await line.getByRole('button', { name: 'Copy' }).click()
    await line.getByRole('button', { name: 'Copied' }).waitFor()
    const copied = await page.evaluate<string>('navigator.clipboard.readText()')
    expect(copied).toBe(await line.locator('[data-code=curl]').textContent())
    const curl = programs.find(({ language }) => language === 'curl')!
    if (curl.isHere) expect(await curl.answer(copied)).toEqual({ order: expect.any(Number) })
    else await docket.call({ key: /dk_test_[\w-]+/.exec(copied)![0], action: 'add', service: likes, link: 'a', quantity: 10 })
    await page.goto(`${docket.node.url}/start`)
    const step = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'Place a test order' }) })
    expect(await step.getByRole('heading').textContent()).toBe('Place a test order done')
    await page.locator('label', { hasText: 'Node' }).click()
    expect(await page.locator('[data-code=node]').first().isVisible()).toBe(true)
  })

  for (const locale of LOCALES) {
    test(`every page can be used by everybody: ${locale}`, async () => {
      const me = await ownPages(docket, { balance: '2' })
      const page = await open(me, '/mass-order', { locale })
      const isAccessible = () => isForEverybody(page)
      const long = `https://example.com/${'a-rather-long-address-that-goes-on-'.repeat(4)}`
      await check(page, [`${likes}|${long}|1000`, `${likes}|x|1`, 'x'.repeat(500), `${likes}|y|1000000`, `${likes}|y|100000`])
      await page.locator('.order-lines').waitFor()
      await isAccessible()
      await page.route('**/go-on', (route) => route.abort())
      await page.locator('.placing button').click()
      await page.locator('.progress .fault').filter({ hasText: /./ }).waitFor()
      await isAccessible()
      await page.unroute('**/go-on')
      await page.locator('.placing button').click()
      await page.locator('a[href$="/result.csv"]').waitFor()
      await isAccessible()
      await page.goto(`${docket.node.url}/mass-order`)
      await check(page, [])
      await page.locator('#lines-fault').waitFor()
      await page.locator('.formats summary').click()
      await isAccessible()
      await page.goto(`${docket.node.url}/start`)
      await page.locator('form[action="/start/test-key"] button').click()
      await page.locator('.notice.good').waitFor()
      await isAccessible()
    })
  }

  test('a list of the largest size is looked at in pages', async () => {
    const me = await ownPages(docket)
    const page = await open(me, '/mass-order', { narrow: true })
    const buffer = Buffer.from(Array.from({ length: 5000 }, (_, n) => `${likes}|${link(n)}|10`).join('\n'))
    await page.getByLabel('Or a CSV file').setInputFiles({ name: 'many.txt', mimeType: 'text/plain', buffer })
    await page.getByText('Loaded: many.txt.').waitFor()
    await page.getByRole('button', { name: 'Check the lines' }).click()
    await page.getByRole('link', { name: 'Next' }).click()
    await page.waitForURL(/after=100$/)
    expect(await page.locator('.order-lines tbody th').first().innerText()).toBe('101')
    expect(await page.locator('.order-lines tbody tr').count()).toBe(100)
    expect(await overhang(page)).toBe(0)
  })
})
