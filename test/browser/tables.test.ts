import { beforeAll, expect, test } from 'vitest'
import { listKeys } from '../../server/customers/keys.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { ownPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser } from './browser.ts'

/** In the browser: where the head of a table lies over its first row. */
const COVERED = `[...document.querySelectorAll('table')].flatMap((table) => {
  const head = table.tHead?.rows[0], row = table.tBodies[0]?.rows[0]
  if (!head || !row || table.getBoundingClientRect().height === 0) return []
  const bottom = Math.max(...[...head.cells].map((cell) => cell.getBoundingClientRect().bottom))
  return bottom > row.getBoundingClientRect().top + 1.5 ? [table.caption?.textContent ?? table.className] : []
})`

describeInBrowser('tables of the pages', (browser) => {
  const docket = openDocket()
  let service: number
  beforeAll(async () => {
    service = await onSale(docket, { rate: '1' })
  })

  for (const narrow of [false, true])
    test(`the head of a table never lies over its first row${narrow ? ', on a phone' : ''}`, async () => {
      const me = await ownPages(docket)
      await docket.call({ key: me.key, action: 'add', service, link: 'https://example.com/p', quantity: 1000 })
      await docket.call({ key: me.key, action: 'status', order: 'x' })
      const [key] = await listKeys(docket.db, me.account, docket.clock.now())
      const page = await browser.visit('about:blank', { baseURL: docket.node.url!, ...browserOf(me, docket.node.url!, { narrow }) })
      for (const path of [
        '/usage',
        `/keys/${key!.id}`,
        '/funds',
        '/funds/statement',
        '/orders',
        '/services',
        '/services/changes',
        '/account/log',
      ]) {
        await page.goto(path)
        await page.evaluate(`document.querySelectorAll('details').forEach((details) => (details.open = true))`)
        expect({ path, covered: await page.evaluate(COVERED) }).toEqual({ path, covered: [] })
      }
    })
})
