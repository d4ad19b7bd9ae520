import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { ticketReply } from '../../server/acts/ticket-reply.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { opened, usualFor } from '../support/tickets.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

describeInBrowser('help with orders in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel' })
  const house = () => houseOf(docket.db, docket.clock.now)
  let service: number
  beforeAll(async () => {
    service = await onSale(docket, { name: 'Followers, fast', cancel: true, refill: true })
    await usualFor(docket, service)
  })

  async function visit(me: OwnPages, path: string, looks: Looks = {}): Promise<Page> {
    // What the server refuses is told in the page; the browser counts it as an error all the same.
    const page = await browser.visit('about:blank', { ...browserOf(me, docket.node.url!, looks), mayComplainOf: /status of 422/ })
    await page.goto(docket.node.url + path)
    return page
  }

  test('a late order is sped up, and another cancelled, without a ticket', async () => {
    const me = await ownPages(docket)
    const [late, other] = [
      await placed(docket, me.key, { service, quantity: 100 }),
      await placed(docket, me.key, { service, quantity: 50 }),
    ]
    await tell(docket, late, 'In progress')
    docket.clock.forward({ hours: 2 })
    const page = await visit(me, `/orders/${late}`)
    await page.getByText('Speed up', { exact: true }).click()
    await picture(page, 'speed-up')
    await page.getByRole('button', { name: 'Request the speed-up' }).click()
    await page.getByText('Speed-up requested. The supplier is asked again').waitFor()
    await page.getByRole('link', { name: 'Support' }).first().click()
    await page.getByRole('link', { name: 'New ticket' }).click()
    await page.getByLabel('Cancel').check()
    await page.getByLabel(`Order ${other}`).check()
    expect(await page.getByRole('button', { name: 'Open the ticket' }).isVisible()).toBe(false)
    await page.getByRole('button', { name: 'Request now' }).click()
    await page.waitForURL(/\/support\/done/)
    await page.getByText('Canceled').first().waitFor()
    expect((await docket.db.query('select from tickets where account_id = $1', [me.account])).rowCount).toBe(0)
  })

  for (const locale of LOCALES) {
    test(`everybody can use the pages of tickets (${locale})`, async () => {
      const me = await ownPages(docket)
      const order = await placed(docket, me.key, {
        service,
        quantity: 100,
        link: `https://example.com/a-rather-long-link/${locale}/of-a-post`,
      })
      const id = await opened(docket, me.account, {
        kind: 'count',
        orders: [order],
        locale,
        text: `Only 30 of 100 came.\nSee https://example.com/${'x'.repeat(80)}`,
      })
      await run(house(), ticketReply, { ticket: Number(id), text: 'We have asked them.\n\nIt goes on today.' })
      await opened(docket, me.account, { subject: 'A question about paying by bank transfer every month', locale })
      for (const path of [
        '/support',
        '/support/new',
        `/support/${id}`,
        `/support/done?kind=cancel&orders=${order}.not-late.1772366400`,
        `/orders/${order}`,
      ]) {
        const page = await visit(me, path, { locale })
        await isForEverybody(page)
        await picture(page, `support ${locale} ${path.split(/[?\d]/)[0]!}`)
      }
      const dark = await visit(me, `/support/${id}`, { locale, dark: true, narrow: true })
      await picture(dark, `support ${locale} dark narrow`)
      const narrow = await visit(me, `/support/new?orders=${order}`, { locale, narrow: true })
      await picture(narrow, `support ${locale} new narrow`)
    })
  }
})
