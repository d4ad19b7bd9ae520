import { existsSync } from 'node:fs'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** A Chromium of this machine; undefined where there is none. */
export const chromiumPath = process.env['CHROMIUM'] ?? PLACES.find((place) => existsSync(place))

// It calls nobody: no updates, no sync, no first-run pages.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath!, headless: true, args: QUIET })
}

export interface Tab {
  readonly page: Page
  readonly context: BrowserContext
  /** Fails for an error that the page told its console, or an answer of 500. */
  close(): Promise<void>
}

/** A fresh browser of somebody, with cookies of its own. */
export async function openTab(
  browser: Browser,
  options: { locale?: string; dark?: boolean; width?: number; script?: boolean } = {},
): Promise<Tab> {
  const { locale = 'en', dark = false, width = 1024, script = true } = options
  const context = await browser.newContext({
    locale,
    colorScheme: dark ? 'dark' : 'light',
    viewport: { width, height: 800 },
    javaScriptEnabled: script,
  })
  const page = await context.newPage()
  const faults: string[] = []
  page.on('console', (message) => {
    // What the server refuses is told in the page; the browser counts it as an error all the same.
    if (message.type() === 'error' && !/status of 4(03|04|10|22|29)/.test(message.text())) faults.push(message.text())
  })
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('response', (response) => {
    if (response.status() >= 500) faults.push(`${response.status()} ${response.url()}`)
  })
  return {
    page,
    context,
    async close() {
      await context.close()
      expect(faults).toEqual([])
    },
  }
}

/** No violation that axe knows of, and nothing that is wider than the screen. */
export async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)
  expect({ at: page.url(), told }).toEqual({ at: page.url(), told: [] })
  const { scrollWidth, clientWidth } = await page.evaluate(() => document.documentElement)
  expect({ at: page.url(), wider: scrollWidth > clientWidth }).toEqual({ at: page.url(), wider: false })
}
