import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { wcagContrast as contrast } from 'culori'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { readLogoFile } from '../../server/settings/logo.ts'
import { houseTokens } from '../../server/web/house.ts'
import { openDocket } from '../support/docket.ts'

const colours = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('the house colour', () => {
  test('can be read on every surface, and written on, whatever it is', () => {
    fc.assert(
      fc.property(colours, (colour) => {
        const [light, dark, onLight, onDark] = houseTokens({ colour }).match(/#[0-9a-f]{6}/g) as [string, string, string, string]
        for (const ground of ['#faf9f6', '#ffffff', '#f2f0ea']) expect(contrast(light, ground)).toBeGreaterThanOrEqual(4.5)
        for (const ground of ['#141618', '#1b1e21', '#0f1113', '#23272b']) expect(contrast(dark, ground)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(light, onLight)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(dark, onDark)).toBeGreaterThanOrEqual(4.5)
      }),
      { numRuns: 500 },
    )
  })

  test('stays as it is where it can be read already', () => {
    expect(houseTokens({ colour: '#1f6f5c' })).toContain('light-dark(#1f6f5c,')
  })

  test('keeps its hue where it is made lighter or darker', () => {
    expect(houseTokens({ colour: '#ffdd00' })).toContain('light-dark(#7d6b00,#ffdd00)')
    expect(houseTokens({ colour: '#0000ff' })).toContain('light-dark(#0000ff,#598cff)')
  })
})

describe('the house’s settings', () => {
  test('say what is wrong with them, at the start', () => {
    const settings = { DOCKET_COLOUR: 'green', DOCKET_LOGO: 'logo.exe', DOCKET_PUBLIC_URL: 'https://panel.example/path' }

    expect(() => readConfig({}, settings)).toThrow(
      /DOCKET_PUBLIC_URL must be like .*\nDOCKET_COLOUR must be like #1f6f5c\.\nDOCKET_LOGO must be a/,
    )
    expect(() => readLogoFile('/nowhere/logo.svg')).toThrow(/^DOCKET_LOGO .* cannot be read/)
  })

  test('a logo that is too large is refused', async () => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-house-'))
    const logoFile = path.join(directory, 'logo.png')
    await writeFile(logoFile, Buffer.alloc(200_001))

    expect(() => readLogoFile(logoFile)).toThrow('must not be larger than')
    await rm(directory, { recursive: true })
  })
})

describe('a house of one’s own', async () => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'docket-house-'))
  const logo = path.join(directory, 'logo.svg')
  await writeFile(logo, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="4"/></svg>')
  const docket = openDocket({
    DOCKET_NAME: 'Anna & <Boris>',
    DOCKET_COLOUR: '#ffdd00',
    DOCKET_LOGO: logo,
    DOCKET_PUBLIC_URL: 'https://panel.example',
  })

  test('has its name, logo and address on the page, and only TLS', async () => {
    const response = await fetch(`${docket.node.url}/en/api`)
    const html = await response.text()

    expect(html).toContain('<title>API documentation · Anna &amp; &lt;Boris></title>')
    expect(html).toContain('https://panel.example/api/v2')
    expect(html).not.toContain(docket.node.url!)
    expect(response.headers.get('strict-transport-security')).toMatch(/^max-age=/)
    const address = /<img src="([^"]+)"/.exec(html)![1]!
    const image = await fetch(docket.node.url + address)
    expect([image.headers.get('content-type'), await image.text()]).toEqual(['image/svg+xml', expect.stringContaining('<circle')])
    await rm(directory, { recursive: true })
  })
})
