import { expect, test } from 'vitest'
import { announcementPublish } from '../../server/acts/announcement-publish.ts'
import { announcementAdd, announcementWrite } from '../../server/acts/announcement-set.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { transaction } from '../../server/db/pool.ts'
import { settle } from '../../server/orders/settle.ts'
import { payDueCommissions } from '../../server/referrals/pay.ts'
import { readReferredBooks } from '../../server/referrals/read-books.ts'
import { listReferrals } from '../../server/referrals/referrals.ts'
import { findReferrer, makeReferrer, refuseReferrer } from '../../server/referrals/referrers.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf, run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { ownPages } from '../support/own-pages.ts'
import { accountContext, linkTo } from '../support/people.ts'
import { PROGRAM, referred } from '../support/referrals.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, type Looks, picture } from './browser.ts'

const SECRET = 'a secret of this test, long enough'

describeInBrowser('referrals and announcements in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_SECRET: SECRET, DOCKET_REGISTRATION: 'on' })
  const now = () => docket.clock.now()
  const house = () => houseOf(docket.db, now)
  const ended = (order: number, status: 'Completed' | 'Canceled' = 'Completed') =>
    settle(docket.db, [{ orderId: BigInt(order), status, startCount: null, remains: null, words: null }], 'test', now())

  async function switchedOn() {
    await run(house(), settingsSet, { referrals: true })
    await eventually('the node has read it', async () =>
      (await fetch(`${docket.node.url}/?ref=abcdefghjk`, { redirect: 'manual', headers: { accept: 'text/html' } })).headers
        .getSetCookie()
        .some((cookie) => cookie.startsWith('docket-came-by='))
        ? true
        : undefined,
    )
  }

  test('somebody comes by a link, signs up by mail, and the referrer sees who came, masked', async () => {
    await switchedOn()
    const me = await ownPages(docket)
    const page = await browser.visit('about:blank', browserOf(me, docket.node.url!))
    await page.goto(`${docket.node.url}/referrals`)
    await page.getByRole('button', { name: 'Get my link' }).click()
    const link = (await page.locator('.panel pre').textContent())!
    const { code } = (await findReferrer(docket.db, me.account))!
    expect(link).toBe(`${docket.node.url}/register?ref=${code}`)

    const friend = await browser.visit('about:blank', browserOf(undefined, docket.node.url!, {}))
    await friend.goto(link)
    expect(friend.url()).toBe(`${docket.node.url}/register`)
    await friend.getByLabel('E-mail').fill('friend@company.example')
    await friend.locator('main form button').click()
    await friend.getByText('friend@company.example').waitFor()
    const secret = await openSecret({ secret: SECRET, dataDirectory: '/nowhere' })
    const front = await accountContext(docket, docket.db, { secret })
    await friend.goto(`${docket.node.url}/reset/${await linkTo(front, 'friend@company.example')}`)
    await friend.locator('input[name=wanted]').fill('a long enough one 7')
    await friend.locator('main form button').click()
    await friend.waitForURL('**/start')
    expect((await friend.context().cookies()).map(({ name }) => name)).not.toContain('docket-came-by')
    const [referral] = await listReferrals(docket.db, { kind: 'all', referrer: me.account }, { before: null, most: 9 })
    expect(referral).toMatchObject({ email: 'friend@company.example', endedAt: null })
    await page.reload()
    await page.getByText('f•••@c•••.example').waitFor()
    expect(await page.content()).not.toContain('friend@company')
  })

  test('an announcement is dismissed on one page and stays on its own', async () => {
    const me = await ownPages(docket)
    const { announcement } = await run(house(), announcementAdd, { title: 'Slower on Sunday', text: 'Orders **wait** an hour.' })
    await run(house(), announcementPublish, { announcement })
    const page = await browser.visit('about:blank', browserOf(me, docket.node.url!))
    await page.goto(`${docket.node.url}/orders`)
    await page.getByText('Slower on Sunday').waitFor()
    await page.getByRole('button', { name: 'Dismiss: Slower on Sunday' }).click()
    await page.waitForURL('**/orders')
    await page.getByText('Slower on Sunday').waitFor({ state: 'detached' })
    expect(await page.getByRole('complementary').count()).toBe(0)
    await page.goto(`${docket.node.url}/announcements`)
    await page.getByText('Slower on Sunday').waitFor()
    await page.getByRole('button', { name: 'Send them by mail' }).click()
    await page.getByText('at most one mail a day').waitFor()
  })

  /** A referrer with lines in each of their states. */
  async function busyReferrer(language: string) {
    const me = await ownPages(docket, { language })
    await transaction(docket.db, (tx) => makeReferrer(tx, me.account, now()))
    const service = await onSale(docket, { rate: '10' })
    const came = { referrer: me.account, program: { ...PROGRAM, days: 2 } }
    const [one, other] = [await referred(docket, came), await referred(docket, came)]
    await ended(await placed(docket, one.key, { service, quantity: 1234 }))
    await readReferredBooks(docket.db, now())
    docket.clock.forward({ days: 3 })
    await payDueCommissions(docket.db, { least: 1n }, now())
    await ended(await placed(docket, other.key, { service, quantity: 500 }))
    await ended(await placed(docket, other.key, { service, quantity: 700 }), 'Canceled')
    await placed(docket, one.key, { service, quantity: 3000 })
    await readReferredBooks(docket.db, now())
    return me
  }

  for (const locale of LOCALES) {
    test(`everybody can use their pages (${locale})`, async () => {
      const said = { title: 'A rather long title of an announcement about the services of the weekend', text: `- one\n- two\n\nhttps://example.com/${'x'.repeat(80)}` } // prettier-ignore
      const { announcement } = await run(house(), announcementAdd, { ...said, by_mail: true })
      await run(house(), announcementWrite, { announcement, language: 'ar', title: 'صيانة يوم الأحد', text: 'الطلبات **تنتظر** ساعة.' })
      await run(house(), announcementPublish, { announcement })
      const me = await busyReferrer(locale)
      const empty = await ownPages(docket, { language: locale })
      const visit = async (who: typeof me, path: string, looks: Looks = {}) => {
        const page = await browser.visit('about:blank', browserOf(who, docket.node.url!, { locale, ...looks }))
        await page.goto(docket.node.url + path)
        expect(new URL(page.url()).pathname).toBe(path)
        return page
      }
      for (const [who, path] of [[me, '/referrals'], [empty, '/referrals'], [me, '/announcements'], [me, '/services']] as const) {
        const page = await visit(who, path)
        await isForEverybody(page)
        await picture(page, `referrals ${locale} ${path} ${who === me ? '' : 'empty'}`)
      } // prettier-ignore
      await picture(await visit(me, '/referrals', { dark: true, narrow: true }), `referrals ${locale} dark narrow`)
      await picture(await visit(me, '/announcements', { dark: true, narrow: true }), `announcements ${locale} dark narrow`)

      await transaction(docket.db, (tx) => refuseReferrer(tx, me.account, 'They sign up themselves, again and again.', now()))
      const desk = await openDesk(docket, { language: locale })
      const staff = await browser.visit('about:blank', browserOf(undefined, docket.node.url!, { locale }))
      await staff.context().addCookies([{ name: 'docket-desk', value: desk.cookie.split('=')[1]!, url: docket.node.url! }])
      for (const path of ['/referrals', '/referrals/all', '/referrals/suspicious', '/announcements', `/announcements/${announcement}`, `/announcements/${announcement}/ar`]) {
        await staff.goto(`${docket.node.url}/desk${path}`)
        await isForEverybody(staff)
        await picture(staff, `desk ${locale} ${path.replaceAll(/\d+/g, 'one')}`)
      } // prettier-ignore
    })
  }
})
