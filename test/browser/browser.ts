import axe, { type AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest'
import { CHROMIUM_WORDS, findChromium, HOW_TO_GET_IT } from './chromium.ts'

export const WIDE = { width: 1440, height: 900 }
export const NARROW = { width: 360, height: 740 }

const executablePath = findChromium()

/** Stories in a real browser, or one skipped line that says how to get one. */
export function describeInBrowser(what: string, stories: (browser: OpenBrowser) => void) {
  describe.skipIf(executablePath === undefined)(`${what}${executablePath === undefined ? ` (${HOW_TO_GET_IT})` : ''}`, () => {
    stories(openBrowser())
  })
}

export interface OpenBrowser {
  /** A page in a profile of its own. What it complains of in the console fails the test, unless it is allowed to. */
  visit(address: string, options?: BrowserContextOptions & { mayComplainOf?: RegExp }): Promise<Page>
}

/** How a page is looked at: in English, in light, in a wide window and with script, where nothing else is said. */
export interface Looks {
  readonly locale?: string
  readonly dark?: boolean
  readonly narrow?: boolean
  readonly script?: boolean
}

/** The browser of somebody who is signed in at an address, or of a stranger. */
export function browserOf(me: { readonly token: string } | undefined, address: string, looks: Looks = {}): BrowserContextOptions {
  const { hostname } = new URL(address)
  const cookie = { domain: hostname, path: '/', expires: -1, httpOnly: true, secure: false, sameSite: 'Lax' } as const
  return {
    locale: looks.locale ?? 'en',
    colorScheme: looks.dark ? 'dark' : 'light',
    viewport: looks.narrow ? NARROW : WIDE,
    javaScriptEnabled: looks.script ?? true,
    storageState: { cookies: me ? [{ ...cookie, name: 'docket-session', value: me.token }] : [], origins: [] },
  }
}

function openBrowser(): OpenBrowser {
  let browser: Browser
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath!, args: CHROMIUM_WORDS, timeout: 300_000 })
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    expect(complaints.splice(0)).toEqual([])
  })
  afterAll(() => browser?.close())

  return {
    async visit(address, { mayComplainOf, ...options } = {}) {
      const context = await browser.newContext({ viewport: WIDE, locale: 'en-GB', ...options })
      // Against hangs only: a busy machine is slow, and not wrong. Shorter than a test's own limit, so that a failure names what was waited for.
      context.setDefaultTimeout(120_000)
      const page = await context.newPage()
      const complain = (text: string) => {
        if (!mayComplainOf?.test(text)) complaints.push(`${page.url()}: ${text}`)
      }
      page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complain(message.text()))
      page.on('pageerror', (error) => complain(error.message))
      await page.goto(address)
      return page
    },
  }
}

/** What depends on colours: all that the dark appearance changes of a page. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** What axe finds wrong, in a line each: on the page, or in a part of it. */
export async function axeFaults(page: Page, part = 'html', rules?: string[]): Promise<string[]> {
  // Half a megabyte, sent once a page.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe.source)
  const options = { resultTypes: ['violations'], ...(rules && { runOnly: rules }) }
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${JSON.stringify(part)}, ${JSON.stringify(options)})`)
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`))
}

/** The languages that are looked at: written from the left, from the right, and with long words. */
export const LOCALES = ['en', 'ar', 'de'] as const

/** Fails unless everybody can use the page as it stands: in light and in dark, in a wide window and on a phone. The frame is looked at in
 * English; what other languages change of a page is its content, and German only its width. */
export async function isForEverybody(page: Page, part?: string): Promise<void> {
  const size = page.viewportSize()!
  const language = await page.locator('html').getAttribute('lang')
  const where = part ?? (language === 'en' ? 'html' : '#content')
  const seeIn = (colorScheme: 'light' | 'dark') => page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await seeIn('dark')
  const dark = language === 'de' ? [] : await axeFaults(page, where, COLOUR_RULES)
  await seeIn('light')
  const light = language === 'de' ? [] : await axeFaults(page, where)
  const [wide, narrow] = [await overhang(page), await overhangOnPhone(page, size)]
  const mirrored = await page.evaluate(MIRRORED)
  const at = page.url()
  expect({ at, light, dark, wide, narrow, mirrored }).toEqual({ at, light: [], dark: [], wide: 0, narrow: 0, mirrored: [] })
}

/** In the browser: words that a drawing's mirroring for scripts from right to left has caught. */
const MIRRORED = `[...document.querySelectorAll('body *')].flatMap((element) => {
  const { scale } = getComputedStyle(element)
  return scale.startsWith('-') && element.textContent.trim() !== '' ? [element.outerHTML.slice(0, 100)] : []
})`

async function overhangOnPhone(page: Page, size: { width: number; height: number }): Promise<number> {
  await page.setViewportSize(NARROW)
  const narrow = await overhang(page)
  await page.setViewportSize(size)
  return narrow
}

export function styleOf(element: Locator, property: string): Promise<string> {
  return element.evaluate((found, name) => (globalThis as any).getComputedStyle(found)[name], property)
}

/** How many pixels the page is wider than the window: 0 where nothing sticks out. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
}

/** Pictures for people to look at, where a folder is named. */
export async function picture(page: Page, name: string) {
  const folder = process.env['SCREENSHOTS']
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name.replaceAll(/[^\w-]+/g, '_')}.png`, fullPage: true })
}
