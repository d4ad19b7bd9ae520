import { beforeAll, describe, expect, test } from 'vitest'
import { openHouse } from '../../server/web/house.ts'
import { openSite, type Site } from '../../server/web/site.tsx'
import { languageByCode } from '../../server/web/texts/languages.ts'
import { openDesk, testConfig } from '../support/desk.ts'
import { axeFaults, describeInBrowser, NARROW, overhang } from './browser.ts'
import { componentSheet } from './component-sheet.tsx'

describeInBrowser('the components', (browser) => {
  const desk = openDesk()
  let site: Site
  beforeAll(async () => {
    site = await openSite(openHouse(testConfig(desk.databaseUrl).house))
    // The node serves its styles once it has made them.
    await fetch(`${desk.node.url}/en/api`)
  })

  describe('have no fault that axe finds', () => {
    for (const code of ['en', 'ar']) {
      for (const theme of ['light', 'dark'] as const) {
        test(`${code}, ${theme}, wide and narrow`, async () => {
          const page = await browser.visit('about:blank')
          const visitor = { language: languageByCode(code)!, suggested: [], theme, path: '/sheet', origin: desk.node.url!, signedIn: false }
          await page.route('**/sheet', (route) =>
            route.fulfill({ contentType: 'text/html; charset=utf-8', body: componentSheet(site.frame(visitor)) }),
          )
          await page.goto(`${desk.node.url}/sheet`)

          expect(await axeFaults(page)).toEqual([])
          await page.locator('.picker summary').click()
          expect(await axeFaults(page, '.site-header')).toEqual([])
          await page.setViewportSize(NARROW)
          expect(await overhang(page)).toBe(0)
        })
      }
    }
  })

  test('the house colour of the loudest operator can still be read', async () => {
    const page = await browser.visit('about:blank')
    const loud = await openSite({ name: 'Loud', colour: '#ffee00', logo: undefined })
    const visitor = {
      language: languageByCode('en')!,
      suggested: [],
      theme: 'light' as const,
      path: '/sheet',
      origin: desk.node.url!,
      signedIn: false,
    }
    await page.route('**/sheet', (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: componentSheet(loud.frame(visitor)) }),
    )
    await page.route('**/assets/*', (route) => {
      const file = loud.assets.files.get(new URL(route.request().url()).pathname)!
      return route.fulfill({ contentType: file.type, body: file.packed.identity })
    })
    await page.goto(`${desk.node.url}/sheet`)

    expect(await axeFaults(page)).toEqual([])
  })
})
