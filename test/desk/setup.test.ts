import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setupLink } from '../../server/acts/setup-link.ts'
import { staffAdd } from '../../server/acts/staff-add.ts'
import { houseOf, run } from '../support/acts.ts'
import { openDocket } from '../support/docket.ts'
import { hiddenIn } from '../support/desk.ts'
import { type FakeSupplier, openFakeSupplier } from '../support/fake-supplier.ts'

describe('the set-up', () => {
  const docket = openDocket()
  let fake: FakeSupplier
  const cookies = new Map<string, string>()
  beforeAll(async () => {
    fake = await openFakeSupplier()
    fake.answer('balance', { balance: '512.5', currency: 'USD' })
    fake.answer('services', [
      { service: 5, name: 'Views', type: 'Default', category: 'Ads', rate: '1.00', min: '10', max: '100', refill: false, cancel: false },
      { service: 6, name: 'Clicks', type: 'Default', category: 'Other', rate: '2.00', min: '10', max: '100', refill: false, cancel: false },
    ])
  })
  afterAll(() => fake.close())

  const link = async () => (await run(houseOf(docket.db, docket.clock.now), setupLink, {})).link.replace('https://panel.example', '')

  async function ask(path: string, fields?: Record<string, string>): Promise<{ status: number; html: string; location: string | null }> {
    const headers = { cookie: [...cookies].map((pair) => pair.join('=')).join('; '), origin: docket.node.url! }
    const more = fields ? { method: 'POST', body: new URLSearchParams(fields) } : {}
    const response = await fetch(docket.node.url! + path, { redirect: 'manual', headers, ...more })
    for (const set of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!
      cookies.set(name!, value!)
    }
    return { status: response.status, html: await response.text(), location: response.headers.get('location') }
  }

  /** Sends a form of a page with its token. */
  async function send(page: string, action: string, fields: Record<string, string>) {
    const { html } = await ask(page)
    return ask(action, { csrf: hiddenIn(html, 'csrf'), 'form:once': hiddenIn(html, 'form:once'), ...fields })
  }

  const WHO = { email: 'olive@example.com', name: 'Olive', wanted: 'a long enough password' }

  test('begins with the newest link only, once, within a day', async () => {
    const first = await link()
    const second = await link()
    expect((await ask(first)).status).toBe(410)
    expect((await ask(second)).status).toBe(200)
    docket.clock.forward({ hours: 25 })
    expect((await ask(second)).status).toBe(410)
  })

  test('stores no link that could be used', async () => {
    const token = (await link()).split('/').at(-1)!
    const { rows } = await docket.db.query('select t::text as row from setup_links t')
    expect(rows).toHaveLength(1)
    expect(rows[0].row).not.toContain(token)
  })

  test('refuses a weak password without using the link up, then makes the owner and signs in', async () => {
    const path = await link()
    const weak = await send(path, path, { ...WHO, wanted: 'short' })
    expect(weak.status).toBe(422)
    expect(weak.html).toContain('value="Olive"')
    const begun = await send(path, path, WHO)
    expect([begun.status, begun.location]).toEqual([303, '/desk/setup'])
    expect((await ask('/desk/setup')).location).toBe('/desk/setup/look')
    expect((await ask('/desk')).html).toContain('Docket is not set up yet.')
    const { rows } = await docket.db.query(`select act, who, input::text from staff_log where act = 'setup owner'`)
    expect(rows).toMatchObject([{ who: 'set-up link' }])
    expect(JSON.stringify(rows)).not.toContain(path.split('/').at(-1)!)
  })

  test('lets nobody in by a link once an owner has signed in', async () => {
    await expect(link()).rejects.toMatchObject({ code: 'house_has_owner' })
    await run(houseOf(docket.db, docket.clock.now), staffAdd, { email: 'second@example.com', name: 'Second', role: 'owner' })
    await expect(link()).rejects.toMatchObject({ code: 'house_has_owner' })
  })

  test('asks for the look, and goes on', async () => {
    const saved = await send('/desk/setup/look', '/desk/setup/look', {
      name: 'Olive’s',
      colour: '#1f6f5c',
      currency: 'usd',
      'languages:en': 'on',
      'languages:sl': 'on',
    })
    expect([saved.status, saved.location]).toEqual([303, '/desk/setup/supplier'])
    expect((await ask('/desk/setup')).location).toBe('/desk/setup/supplier')
  })

  test('tests a supplier and shows its balance before anything is saved', async () => {
    const panel = { name: 'acme', url: fake.url, key: fake.key, private_network: 'on' }
    const tried = await send('/desk/setup/supplier', '/desk/setup/supplier', { ...panel, press: 'test' })
    expect(tried.html).toContain('Your balance there: 512.5 USD')
    const wrong = await send('/desk/setup/supplier', '/desk/setup/supplier', { ...panel, url: 'not an address', press: 'test' })
    expect(wrong.status).toBe(422)
    expect((await docket.db.query(`select from suppliers where name = 'acme'`)).rows).toHaveLength(0)
    const saved = await send('/desk/setup/supplier', '/desk/setup/supplier', { ...panel, press: 'save' })
    expect(saved.location).toBe('/desk/setup/services?supplier=acme')
  })

  test('shows what would come with a margin, and writes only what was confirmed', async () => {
    const shown = await ask('/desk/setup/services?supplier=acme&margin=50%25&category=Ads')
    expect(shown.html).toContain('1 service would come')
    expect(shown.html).toContain('Views')
    expect(shown.html).toMatch(/>1\.50*</)
    expect((await docket.db.query('select from services')).rows).toHaveLength(0)
    const done = await send('/desk/setup/services?supplier=acme&margin=50%25&category=Ads', '/desk/setup/services/import', {
      supplier: 'acme',
      margin: '50%',
      categories: 'Ads',
    })
    expect(done.location).toMatch(/^\/desk\/setup\/customer/)
    expect((await docket.db.query('select name from services')).rows).toEqual([{ name: 'Views' }])
  })

  test('opens an account with a balance and shows its link and key once', async () => {
    const opened = await send('/desk/setup/customer', '/desk/setup/customer', { email: 'customer@example.com', balance: '25' })
    expect(opened.html).toMatch(/\/reset\/[\w-]{43}/)
    expect(opened.html).toContain('customer@example.com has account')
    const again = await send('/desk/setup/customer', '/desk/setup/customer', { email: 'customer@example.com', balance: '25' })
    expect(again.status).toBe(422)
  })

  test('places the first order once, from the customer’s balance, and follows it', async () => {
    const page = await ask('/desk/setup/order')
    const account = /<option value="(\d+)"/.exec(page.html)![1]!
    const service = /<select id="service"[^>]*><option value="(\d+)"/.exec(page.html)![1]!
    const fields = {
      csrf: hiddenIn(page.html, 'csrf'),
      'form:once': hiddenIn(page.html, 'form:once'),
      account,
      service,
      link: 'https://example.com/a',
      quantity: '100',
    }
    const placed = await ask('/desk/setup/order', fields)
    const again = await ask('/desk/setup/order', fields)
    expect(placed.location).toMatch(/^\/desk\/setup\/order\?order=\d+$/)
    expect(again.location).toBe(placed.location)
    expect((await ask(placed.location!)).html).toContain('data-live-region="first-order"')
    expect((await docket.db.query('select wallet from books where not play')).rows).toEqual([{ wallet: 2_485_000n }])
    const dear = await send('/desk/setup/order', '/desk/setup/order', {
      account,
      service,
      link: 'https://example.com/b',
      quantity: '1000000',
    })
    expect(dear.status).toBe(422)
    expect((await ask('/desk')).html).not.toContain('Docket is not set up yet.')
  })

  test('leaves out what somebody skips', async () => {
    await docket.db.query('select 1')
    const skipped = await send('/desk/setup/order', '/desk/setup/skip', { step: 'supplier' })
    expect(skipped.location).toBe('/desk/setup/services')
  })
})
