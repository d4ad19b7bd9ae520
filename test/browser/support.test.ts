import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { ticketReply } from '../../server/acts/ticket-reply.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { openDesk } from '../support/desk.ts'
import { pngOf } from '../support/png.ts'
import { opened, usualFor } from '../support/tickets.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

const PNG = pngOf(40, 20, Buffer.alloc(41 * 20))

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

  /** The words that each side sees, in the languages of the story. */
  const words = {
    ar: { new: 'تذكرة جديدة', count: 'عدد غير صحيح', message: 'الرسالة', open: 'فتح التذكرة', send: 'إرسال', answered: 'تم الرد', closed: 'مغلقة', sendClose: 'إرسال وإغلاق', take: 'استلام التذكرة', reopen: 'إعادة فتح التذكرة', close: 'إغلاق التذكرة', said: 'وصل ٣٠ فقط من ١٠٠', answer: 'سألناهم، يكتمل اليوم.', picture: 'صور' },
    sl: { new: 'Nov zahtevek', count: 'Napačno število', message: 'Sporočilo', open: 'Odpri zahtevek', send: 'Pošlji', answered: 'Odgovorjeno', closed: 'Zaprto', sendClose: 'Pošlji in zapri', take: 'Prevzemi zahtevek', reopen: 'Znova odpri zahtevek', close: 'Zapri zahtevek', said: 'Prišlo jih je le 30 od 100', answer: 'Vprašali smo jih, danes bo končano.', picture: 'Slike' },
  } as const // prettier-ignore

  for (const locale of ['ar', 'sl'] as const) {
    test(`a ticket from both sides (${locale}): opened with a picture, taken by its row, answered live, closed, and open again`, async () => {
      const say = words[locale]
      // The queue has this ticket alone.
      await docket.db.query(`update tickets set state = 'closed', waiting_since = null, closed_at = now() where state <> 'closed'`)
      const me = await ownPages(docket, { language: locale })
      const order = await placed(docket, me.key, { service, quantity: 100 })
      const page = await visit(me, `/support/new?orders=${order}`, { locale })
      await page.getByLabel(say.count).check()
      await page.getByLabel(say.message, { exact: true }).fill(say.said)
      await page.getByLabel(say.picture, { exact: true }).setInputFiles({ name: 'proof.png', mimeType: 'image/png', buffer: PNG })
      await page.getByRole('button', { name: say.open }).click()
      await page.waitForURL(/\/support\/\d+\?done=opened/)
      const id = /\d+/.exec(new URL(page.url()).pathname)![0]

      const desk = await openDesk(docket, { role: 'support' })
      const staff = await browser.visit('about:blank', {
        ...browserOf(undefined, docket.node.url!, { locale }),
        mayComplainOf: /status of 422/,
      })
      await staff.context().addCookies([{ name: 'docket-desk', value: desk.cookie.split('=')[1]!, url: docket.node.url! }])
      await staff.goto(`${docket.node.url}/desk/tickets`)
      await picture(staff, `desk queue ${locale}`)
      await isForEverybody(staff)
      // By keys alone: to the row, taken, opened, answered.
      await staff.keyboard.press('j')
      await staff.keyboard.press('t')
      await staff.getByText(say.take).waitFor({ state: 'detached' })
      await staff.locator('[data-row]').first().focus()
      await staff.keyboard.press('Enter')
      await staff.waitForURL(`**/desk/tickets/${id}`)
      await staff.getByText(say.said).waitFor()
      await staff.getByRole('img').last().waitFor()
      await isForEverybody(staff)
      await picture(staff, `desk ticket ${locale}`)
      await staff.keyboard.press('r')
      await staff.keyboard.insertText(say.answer)
      await staff.keyboard.press('Control+Enter')
      await staff.getByRole('listitem').getByText(say.answer).waitFor()
      // The customer has the page open, and reads it there.
      await page.getByText(say.answer).waitFor()
      await page.getByText(say.answered).waitFor()
      await page.getByLabel(say.message, { exact: true }).fill('👍')
      await page.getByRole('button', { name: say.send }).click()
      await staff.getByText('👍').waitFor()
      await staff.getByLabel(say.message, { exact: true }).fill(say.answer)
      await staff.getByRole('button', { name: say.sendClose }).click()
      await staff.getByText(say.closed).first().waitFor()
      await page.getByText(say.closed).first().waitFor()
      await page.getByRole('button', { name: say.reopen }).click()
      await page.getByRole('button', { name: say.close }).waitFor()
      await isForEverybody(page)
    })
  }

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
