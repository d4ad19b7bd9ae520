import { beforeAll, describe, expect, test } from 'vitest'
import { settingsSet } from '../../server/acts/settings-set.ts'
import { readConfig } from '../../server/config.ts'
import { dataAddressOf, isLogo } from '../../server/settings/logo.ts'
import { openSettings, readSaved } from '../../server/settings/settings.ts'
import { houseOf, run } from '../support/acts.ts'
import { eventually } from '../support/clients.ts'
import { openDocket } from '../support/docket.ts'
import { secondNode } from '../support/second-node.ts'

const docket = openDocket()
const house = () => houseOf(docket.db, docket.clock.now)
const set = (input: object, parts = {}) => run({ ...house(), ...parts }, settingsSet, input)

const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${inner}</svg>`
const asLogo = (text: string) => `data:image/svg+xml;base64,${Buffer.from(text).toString('base64')}`

describe('a setting', () => {
  test('that is saved holds on every node within a moment, without a restart', async () => {
    const second = await secondNode(docket)
    await set({ name: 'Ana & Boris', colour: '#FFDD00', logo: asLogo(svg('<circle r="4"/>')) })
    for (const url of [docket.node.url!, second.url!]) {
      const html = await eventually('the page has the new name', async () => {
        const text = await (await fetch(`${url}/en/api`)).text()
        return text.includes('Ana &amp; Boris') ? text : undefined
      })
      const [, style] = /href="(\/assets\/style-[^"]+)"/.exec(html)!
      expect(await (await fetch(url + style!)).text()).toContain('#ffdd00')
      const [, logo] = /src="(\/assets\/logo-[^"]+\.svg)"/.exec(html)!
      expect(await (await fetch(url + logo!)).text()).toContain('<circle')
    }
    await second.stop()
  })

  test('of the page of before still has its files', async () => {
    const before = await (await fetch(`${docket.node.url}/en/api`)).text()
    const [, style] = /href="(\/assets\/style-[^"]+)"/.exec(before)!
    await set({ colour: '#0000ff' })
    await eventually('the page has another style', async () => !(await (await fetch(`${docket.node.url}/en/api`)).text()).includes(style!))
    expect((await fetch(docket.node.url! + style!)).status).toBe(200)
  })

  test('opens registration and closes it', async () => {
    const register = () => fetch(`${docket.node.url}/register`).then((answer) => answer.text())
    const closed = await register()
    await set({ registration: true })
    await eventually('it is open', async () => (await register()) !== closed && (await register()).includes('name="email"'))
    await set({ registration: null })
    await eventually('it is closed', async () => !(await register()).includes('name="email"'))
    expect(await register()).not.toContain('name="email"')
  })

  test('leaves out languages that are not offered, in the picker and in addresses', async () => {
    await set({ languages: ['sl', 'en'] })
    const html = await eventually('two languages are left', async () => {
      const text = await (await fetch(`${docket.node.url}/en`)).text()
      return text.includes('Deutsch') ? undefined : text
    })
    expect(html).toContain('Slovenščina')
    const old = await fetch(`${docket.node.url}/de/api`, { redirect: 'manual' })
    expect([old.status, old.headers.get('location')]).toEqual([303, '/api'])
    const german = await fetch(`${docket.node.url}/api`, { headers: { 'accept-language': 'de' } })
    expect(await german.text()).toContain('<html lang="en"')
    await set({ languages: null })
  })

  test('that the environment fixes cannot be changed, and says which variable does', async () => {
    const config = readConfig({}, { DOCKET_NAME: 'Fixed', DOCKET_MAIL_FROM: '"Fixed" <a@b.example>' })
    await expect(set({ name: 'Other' }, { config })).rejects.toMatchObject({
      code: 'setting_is_fixed',
      message: expect.stringContaining('DOCKET_NAME'),
    })
    await expect(set({ mail_address: 'c@d.example' }, { config })).rejects.toMatchObject({ code: 'setting_is_fixed' })
    const settings = openSettings(config)
    await settings.refresh(docket.db)
    expect(settings.current()).toMatchObject({ name: 'Fixed', mailFrom: '"Fixed" <a@b.example>' })
  })

  test('that says what it said already is not saved again', async () => {
    await set({ currency: 'EUR' })
    const before = await readSaved(docket.db)
    expect(await set({ currency: 'EUR' })).toMatchObject({ changed: [] })
    expect(await readSaved(docket.db)).toEqual(before)
  })
})

describe('two people at one setting', () => {
  test('the second is refused with both values, and only for what the first has changed', async () => {
    const { version } = await set({ funds_note: 'Write to us.' })
    await set({ funds_note: 'Call us.', seen: version })
    await expect(set({ funds_note: 'Come by.', seen: version })).rejects.toMatchObject({
      code: 'setting_changed_meanwhile',
      message: 'tester has changed funds_note meanwhile to "Call us."; you asked for "Come by."',
    })
    expect(await set({ rate_limit_key: 500, seen: version })).toMatchObject({ changed: ['rate_limit_key'] })
    const newest = (await set({ rate_limit_key: 501 })).version
    expect(await set({ funds_note: 'Come by.', seen: newest })).toMatchObject({ changed: ['funds_note'] })
  })

  test('at the same moment: one is saved, the other refused', async () => {
    const { version } = await set({ name: 'Before' })
    const both = await Promise.allSettled([set({ name: 'One', seen: version }), set({ name: 'Two', seen: version })])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })
})

describe('a logo', () => {
  let png: Buffer
  beforeAll(() => {
    png = Buffer.alloc(24)
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]).copy(png)
    png.write('IHDR', 12, 'latin1')
    png.writeUInt32BE(64, 16)
    png.writeUInt32BE(32, 20)
  })

  test('is an SVG that only draws, or a PNG', () => {
    expect(dataAddressOf(Buffer.from(svg('<rect width="8"/>')))).toMatch(/^data:image\/svg\+xml;base64,/)
    expect(
      dataAddressOf(Buffer.from(`<?xml version="1.0"?>\n<!-- made by hand -->\n${svg('<g fill="url(#a)"><use href="#b"/></g>')}\n`)),
    ).toBeDefined()
    expect(dataAddressOf(png)).toMatch(/^data:image\/png;base64,/)
  })

  test.each([
    ['a script', svg('<script>alert(1)</script>')],
    ['a handler', svg('<circle r="4" onload="alert(1)"/>')],
    ['a page within', svg('<foreignObject><p/></foreignObject>')],
    ['a link to elsewhere', svg('<image href="https://elsewhere.example/a.png"/>')],
    ['a script in a link', svg('<a href="javascript:alert(1)"/>')],
    ['a style from elsewhere', svg('<style>@import "https://elsewhere.example/a.css"</style>')],
    ['entities', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`],
    ['a page', '<html><svg></svg></html>'],
    ['nothing', ''],
    ['too much', svg(' '.repeat(200_000))],
  ])('with %s is refused', (_, text) => {
    expect(dataAddressOf(Buffer.from(text))).toBeUndefined()
    expect(isLogo(asLogo(text))).toBe(false)
  })

  test('that would unpack to a huge picture is refused', () => {
    png.writeUInt32BE(100_000, 16)
    expect(dataAddressOf(png)).toBeUndefined()
  })

  test('is not in the log, but its digest is', async () => {
    await set({ logo: asLogo(svg('<rect width="3"/>')) })
    const { rows } = await docket.db.query('select input, after from staff_log order by line desc limit 1')
    expect(JSON.stringify(rows[0].input)).not.toContain('base64')
    expect(rows[0].after.logo).toMatch(/^svg, \d+ bytes, [0-9a-f]{12}$/)
  })
})
