import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { childAdd } from '../../server/acts/child-add.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { findChild, moveChild, restartRent } from '../../server/children/children.ts'
import { takeRents } from '../../server/children/rent.ts'
import { openSecret } from '../../server/secret.ts'
import { houseOf, run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { type DeskPages, openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { browserOf, describeInBrowser, isForEverybody, LOCALES, picture } from './browser.ts'

const FAULT = 'connect ECONNREFUSED 10.20.30.40:5432 (database "docket_child_1f0c2a9b7d3e" is not currently accepting connections)'

describeInBrowser('the pages about child panels, in a browser', (browser) => {
  const docket = openDocket({ DOCKET_NAME: 'Example Panel', DOCKET_PUBLIC_URL: 'http://panel.example' })
  const house = () => houseOf(docket.db, docket.clock.now)
  let desk: DeskPages
  let reseller: OwnPages

  beforeAll(async () => {
    desk = await openDesk(docket)
    await run(house(), settingsSet, { child_rent: '10' })
    reseller = await ownPages(docket, { balance: '12.50' })
    await eventually('panels can be bought', async () => (await reseller.get('/panels')).html.includes('action="/panels"'))
    for (const name of ['open', 'unpaid', 'away', 'suspended', 'closed', 'making']) await sold(`${name}.panels-of-a-reseller.example`)
    const { id: unpaid } = await childOf('unpaid')
    await restartRent(docket.db, unpaid, { from: docket.clock.now(), months: 0 })
    await docket.db.query('update child_panels set rent = 250_000_000 where id = $1', [unpaid])
    await seen('open', null, 1234)
    await seen('unpaid', null, 3)
    await seen('away', FAULT, null)
    await takeRents(await landlord())
    const now = docket.clock.now()
    await moveChild(docket.db, (await childOf('suspended')).id, { to: 'suspended', why: 'rent' }, now)
    await moveChild(docket.db, (await childOf('closed')).id, { to: 'closed', keptUntil: new Date(now.getTime() + 30 * 86_400_000) }, now)
    await docket.db.query(`update child_panels set state = 'making' where id = $1`, [(await childOf('making')).id])
  })

  const childOf = (name: string) => findChild(docket.db, `${name}.panels-of-a-reseller.example`)

  async function sold(host: string) {
    await run(house(), childAdd, { url: `https://${host}`, account: reseller.account, rent: '10' })
    const { id } = await findChild(docket.db, host)
    await docket.db.query(`update child_panels set state = 'open' where id = $1`, [id])
    await restartRent(docket.db, id, { from: docket.clock.now(), months: 1 })
  }

  async function seen(name: string, fault: string | null, open: number | null) {
    const now = docket.clock.now()
    const last = open === null ? null : now
    await docket.db.query(`insert into child_health values ($1, $2, $3, '0114-poll-in-lists', $4, $5)`, [
      (await childOf(name)).id, now, fault, last, open,
    ]) // prettier-ignore
  }

  async function landlord() {
    const secret = await openSecret({ secret: 'a secret of this test, long enough', dataDirectory: '' })
    return { db: docket.db, now: docket.clock.now, secret, site: () => ({ name: 'x', url: 'x' }), graceDays: () => 7 }
  }

  async function deskPages(): Promise<Record<string, string>> {
    const { id, host } = await childOf('open')
    const act = (name: string) => `/desk/do/${name}?host=${host}&back=/desk/children`
    return {
      list: '/desk/children',
      open: `/desk/children/${id}`,
      unpaid: `/desk/children/${(await childOf('unpaid')).id}`,
      away: `/desk/children/${(await childOf('away')).id}`,
      closed: `/desk/children/${(await childOf('closed')).id}`,
      add: '/desk/do/child-add?back=/desk/children',
      set: act('child-set'),
      suspend: act('child-suspend'),
      'renew-key': act('child-renew-key'),
    }
  }

  /** Answers what came. */
  async function lookAt(page: Page, path: string, name: string): Promise<number> {
    const answer = await page.goto(docket.node.url + path)
    await isForEverybody(page)
    await picture(page, `child-${name}`)
    return answer!.status()
  }

  test.each(LOCALES)('everybody can use those of staff: %s', async (locale) => {
    const page = await browser.visit('about:blank', { ...browserOf(undefined, docket.node.url!, { locale }), storageState: undefined! })
    await page.context().addCookies([{ name: 'docket-desk', value: desk.cookie.replace('docket-desk=', ''), url: docket.node.url! }])
    for (const [name, path] of Object.entries(await deskPages()))
      expect([path, await lookAt(page, path, `desk-${name}-${locale}`)]).toEqual([path, 200])
  })

  test.each(LOCALES)('everybody can use that of whoever has bought them: %s', async (locale) => {
    const page = await browser.visit('about:blank', browserOf(reseller, docket.node.url!, { locale }))
    expect(await lookAt(page, '/panels', `own-${locale}`)).toBe(200)
  })
})
