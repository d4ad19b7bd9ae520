import { describe, expect, test } from 'vitest'
import { childSuspend } from '../../server/acts/child-suspend.ts'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { findChild } from '../../server/children/children.ts'
import { takeRents } from '../../server/children/rent.ts'
import { openSecret } from '../../server/secret.ts'
import { eventually } from '../support/clients.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDesk } from '../support/desk.ts'
import { openDocket } from '../support/docket.ts'
import { ownPages } from '../support/own-pages.ts'

const docket = openDocket({ DOCKET_PUBLIC_URL: 'http://panel.example' })
const house = () => houseOf(docket.db, docket.clock.now)

async function sell(rent: string | null) {
  await run(house(), settingsSet, { child_rent: rent })
  await eventually('the node has heard of it', async () => {
    const { html } = await (await ownPages(docket)).get('/panels')
    return html.includes('action="/panels"') === (rent !== null)
  })
}

describe('a customer', () => {
  test('buys a panel where the house has set a price, sees its link once, and pays the first month when it is open', async () => {
    await sell('10')
    const pages = await ownPages(docket, { balance: '25' })
    const { html } = await pages.get('/panels')
    expect(html).toContain('$10.00 per month')
    expect(html).toContain('href="/panels"')

    const bought = await pages.post('/panels', { url: 'https://Bought.example/', name: 'My shop' })
    expect(bought.status).toBe(200)
    const link = /https:\/\/bought\.example\/desk\/setup\/begin\/[\w-]{43}/.exec(bought.html)![0]
    const child = await findChild(docket.db, 'bought.example')
    expect(child).toMatchObject({ accountId: pages.account, state: 'making', name: 'My shop', rent: 1_000_000n })
    const after = await pages.get('/panels')
    expect(after.html).toContain('Being made')
    expect(after.html).not.toContain(link)
    expect((await pages.get('/account/log')).html).toContain('child panel bought.example')

    await docket.db.query(`update child_panels set state = 'open' where id = $1`, [child.id])
    const secret = await openSecret({ secret: 'a secret of this test, long enough', dataDirectory: '' })
    await takeRents({ db: docket.db, now: docket.clock.now, secret, site: () => ({ name: 'Docket', url: 'x' }), graceDays: () => 7 })
    expect(await docket.balance(pages.key)).toBe('15.00000')
    expect((await pages.get('/funds')).html).toContain('Rent')
  })

  test('is refused what cannot be, and nothing is changed', async () => {
    await sell('10')
    const pages = await ownPages(docket, { balance: '100' })
    const poor = await ownPages(docket, { balance: '9.99' })
    const count = async () => (await docket.db.query('select from child_panels')).rowCount
    const before = await count()
    const cases = [
      [pages, 'shop.example', 'It must be an address like'],
      [pages, 'https://shop.example/shop', 'It must be an address like'],
      [pages, 'https://127.0.0.1', 'It must be an address like'],
      [pages, 'http://localhost', 'It must be an address like'],
      [pages, 'https://panel.example', 'This address is taken'],
      [pages, 'https://api.panel.example', 'This address is taken'],
      [pages, 'https://bought.example', 'This address is taken'],
      [poor, 'https://poor.example', 'Your balance does not cover the first month'],
    ] as const
    for (const [who, url, words] of cases) {
      const { status, html } = await who.post('/panels', { url, name: '' })
      expect([url, status, html.includes(words)]).toEqual([url, 422, true])
    }
    expect((await pages.post('/panels', { url: 'https://forged.example' }, 'another-token')).status).toBe(403)
    expect(await count()).toBe(before)
  })

  test('buys at most ten, also with two forms at once', async () => {
    await sell('0.01')
    const pages = await ownPages(docket, { balance: '100' })
    await Promise.all(Array.from({ length: 12 }, (_, at) => pages.post('/panels', { url: `https://many${at}.example`, name: '' })))
    expect((await docket.db.query('select from child_panels where account_id = $1', [pages.account])).rowCount).toBe(10)
  })

  test('sees no form where none is sold, nor in another currency', async () => {
    await sell('10')
    expect((await (await ownPages(docket, { currency: 'EUR' })).get('/panels')).html).not.toContain('action="/panels"')
    await sell(null)
    const pages = await ownPages(docket)
    expect((await pages.get('/order')).html).not.toContain('href="/panels"')
    expect((await pages.post('/panels', { url: 'https://off.example' })).location).toBe('/panels')
    await expect(findChild(docket.db, 'off.example')).rejects.toMatchObject({ code: 'unknown_child_panel' })
  })
})

describe('the desk', () => {
  test('lists child panels with their health and what they owe, and does to one what can be done', async () => {
    const desk = await openDesk(docket)
    const owner = await docket.account({ balance: '3' })
    const done = await desk.do('child-add', {
      url: 'https://desk.example',
      account: String(owner.account),
      name: '',
      rent: '12.5',
      back: '/desk/children',
    })
    expect(done.html).toContain('https://desk.example/desk/setup/begin/')
    expect(done.preview).not.toContain('setup/begin')
    const { id } = await findChild(docket.db, 'desk.example')
    await docket.db.query(`update child_panels set state = 'open' where id = $1`, [id])
    await docket.db.query(`insert into child_health values ($1, $2, 'it is "away"', '0102', null, 7)`, [id, docket.clock.now()])
    const { html } = await desk.get('/desk/children')
    expect(html).toContain('desk.example')
    expect(html).toContain('Does not answer')
    const page = await desk.get(`/desk/children/${id}`)
    expect(page.html).toContain('it is &quot;away')
    expect(page.html).toContain('/desk/do/child-suspend')
    expect(page.html).not.toContain('/desk/do/child-drop')
    await run(house(), childSuspend, { host: 'desk.example' })
    const suspended = await desk.get(`/desk/children/${id}`)
    expect(suspended.html).toContain('/desk/do/child-resume')
    expect((await desk.get('/desk/children/999999')).status).not.toBe(200)
    const support = await openDesk(docket, { role: 'support' })
    expect((await support.get('/desk')).html).not.toContain('/desk/children')
    const reader = await openDesk(docket, { role: 'read-only' })
    expect((await reader.get(`/desk/children/${id}`)).html).not.toContain('/desk/do/child-resume')
  })
})
