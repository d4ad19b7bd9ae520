import { beforeAll, describe, expect, test } from 'vitest'
import { openSettings } from '../../server/settings/settings.ts'
import { openSite, type Site } from '../../server/web/site.tsx'
import { languageByCode, languages } from '../../server/texts/languages.ts'
import type { OwnAccount, Visitor } from '../../server/web/visitor.ts'
import { openDocket, testConfig } from '../support/docket.ts'
import { axeFaults, describeInBrowser, NARROW, overhang, picture } from './browser.ts'
import { componentSheet } from './component-sheet.tsx'

const SOMEBODY: OwnAccount = { email: 'somebody@example.com', wallet: 1_208_40000n, currency: 'USD', csrf: 'token' }

describeInBrowser('the components', (browser) => {
  const docket = openDocket()
  let site: Site
  beforeAll(async () => {
    site = await openSite(openSettings(testConfig(docket.databaseUrl)).current())
    // The node serves its styles once it has made them.
    await fetch(`${docket.node.url}/en/api`)
  })

  const visitor = (code: string, theme: 'light' | 'dark', account?: OwnAccount): Visitor => {
    const language = languageByCode(code)!
    const picked = {
      language,
      suggested: [],
      offered: languages,
      theme,
      currencies: [],
      pages: [],
      frontServices: false,
      statusPage: false,
      prices: undefined,
      hasReferrals: false,
      hasPanels: false,
    }
    return { ...picked, path: '/sheet', origin: docket.node.url!, account, staff: undefined }
  }

  async function sheetOf(site: Site, who: Visitor) {
    const page = await browser.visit('about:blank')
    await page.route('**/sheet', (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: componentSheet(site.frame(who)) }),
    )
    return page
  }

  describe('have no fault that axe finds', () => {
    for (const code of ['en', 'ar']) {
      for (const theme of ['light', 'dark'] as const) {
        test(`${code}, ${theme}, wide and narrow`, async () => {
          const page = await sheetOf(site, visitor(code, theme))
          await page.goto(`${docket.node.url}/sheet`)

          expect(await axeFaults(page)).toEqual([])
          await page.locator('.picker summary').click()
          expect(await axeFaults(page, '.site-header')).toEqual([])
          await page.setViewportSize(NARROW)
          expect(await overhang(page)).toBe(0)
        })

        test(`${code}, ${theme}, in the frame of whoever is signed in`, async () => {
          const page = await sheetOf(site, visitor(code, theme, SOMEBODY))
          await page.goto(`${docket.node.url}/sheet`)
          await picture(page, `sheet-${code}-${theme}`)

          expect(await axeFaults(page)).toEqual([])
          await page.locator('.account-menu summary').click()
          expect(await axeFaults(page, '.app-header')).toEqual([])
          await page.locator('.keys-button').click()
          expect(await axeFaults(page, '#keys')).toEqual([])
          await page.keyboard.press('Escape')
          await page.setViewportSize(NARROW)
          expect(await overhang(page)).toBe(0)
          await picture(page, `sheet-${code}-${theme}-narrow`)
        })
      }
    }
  })

  test('the house colour of the loudest operator can still be read', async () => {
    const loud = await openSite({ name: 'Loud', colour: '#ffee00', logo: undefined })
    const page = await sheetOf(loud, visitor('en', 'light', SOMEBODY))
    await page.route('**/assets/*', (route) => {
      const file = loud.assets.files.get(new URL(route.request().url()).pathname)!
      return route.fulfill({ contentType: file.type, body: file.packed.identity })
    })
    await page.goto(`${docket.node.url}/sheet`)

    expect(await axeFaults(page)).toEqual([])
  })
})
