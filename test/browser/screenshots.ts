// npm run screenshots -- ADDRESS LINK: pictures of the pages of a running `npm run demo`, to be looked at and kept in docs/screenshots. LINK is the
// one that the demo prints for choosing a password; without it only the pages for strangers are taken.
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, chromium } from 'playwright-core'
import { CHROMIUM_WORDS, findChromium, HOW_TO_GET_IT } from './chromium.ts'

interface Picture {
  readonly name: string
  readonly path: string
  readonly dark?: true
  readonly narrow?: true
  readonly arabic?: true
  /** What is clicked before the picture is taken. */
  readonly click?: string
}

const forStrangers: readonly Picture[] = [
  { name: 'landing', path: '/' },
  { name: 'landing-ar-dark', path: '/', arabic: true, dark: true },
  { name: 'sign-in', path: '/sign-in' },
  { name: 'status', path: '/en/status' },
  { name: 'status-dark-narrow', path: '/en/status', dark: true, narrow: true },
  { name: 'changelog', path: '/en/api/changelog' },
  { name: 'docs-en', path: '/en/api' },
  { name: 'docs-en-dark', path: '/en/api#add', dark: true },
  { name: 'docs-en-narrow', path: '/en/api', narrow: true },
  { name: 'docs-ar', path: '/ar/api' },
  { name: 'docs-ar-narrow', path: '/ar/api#status', narrow: true },
  { name: 'docs-zh-HK', path: '/zh-HK/api#status' },
  { name: 'docs-types', path: '/en/api#add-web-traffic' },
  { name: 'docs-languages', path: '/en/api', click: '.picker summary >> nth=0' },
]

/** Orders 1 to 3 should have been placed: see what the demo prints. */
const forCustomers: readonly Picture[] = [
  { name: 'overview', path: '/' },
  { name: 'overview-ar-dark', path: '/', arabic: true, dark: true },
  { name: 'overview-narrow', path: '/', narrow: true },
  { name: 'palette', path: '/', click: '.palette-button' },
  { name: 'order', path: '/order?service=101' },
  { name: 'order-dark', path: '/order?service=101', dark: true },
  { name: 'order-narrow', path: '/order?service=101', narrow: true },
  { name: 'mass-order', path: '/mass-order' },
  { name: 'services', path: '/services' },
  { name: 'service-changes', path: '/services/changes' },
  { name: 'orders', path: '/orders' },
  { name: 'orders-ar', path: '/orders', arabic: true },
  { name: 'orders-narrow', path: '/orders', narrow: true },
  { name: 'one-order', path: '/orders/2' },
  { name: 'explain', path: '/orders/2/explain' },
  { name: 'drip-feeds', path: '/drip-feeds' },
  { name: 'subscriptions', path: '/subscriptions' },
  { name: 'refills', path: '/refills' },
  { name: 'support', path: '/support' },
  { name: 'ticket', path: '/support/1' },
  { name: 'new-ticket', path: '/support/new' },
  { name: 'referrals', path: '/referrals' },
  { name: 'announcements', path: '/announcements' },
  { name: 'funds', path: '/funds' },
  { name: 'funds-dark', path: '/funds', dark: true },
  { name: 'statement', path: '/funds/statement' },
  { name: 'keys', path: '/keys' },
  { name: 'new-key', path: '/keys/new' },
  { name: 'webhooks', path: '/webhooks' },
  { name: 'usage', path: '/usage' },
  { name: 'first-steps', path: '/start' },
  { name: 'account', path: '/account' },
]

const [address = 'http://127.0.0.1:8080', link] = process.argv.slice(2)
const executablePath = findChromium()
if (executablePath === undefined) throw new Error(HOW_TO_GET_IT)
const folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath, args: CHROMIUM_WORDS })
try {
  for (const picture of forStrangers) await take(picture)
  if (link !== undefined) {
    const session = await signIn(link)
    for (const picture of forCustomers) await take(picture, session)
  }
} finally {
  await browser.close()
}

type Session = Awaited<ReturnType<BrowserContext['storageState']>>

async function signIn(link: string): Promise<Session> {
  const context = await browser.newContext({ locale: 'en-GB' })
  const page = await context.newPage()
  await page.goto(link)
  if ((await page.locator('#accept').count()) > 0) await page.locator('#accept').check()
  await page.locator('#wanted').fill('seven lanterns 7')
  await page.locator('main form button').click()
  await page.waitForURL((url) => !url.pathname.startsWith('/reset'))
  const session = await context.storageState()
  await context.close()
  return session
}

async function take({ name, path: page, dark, narrow, arabic, click }: Picture, storageState?: Session): Promise<void> {
  const context = await browser.newContext({
    viewport: narrow ? { width: 360, height: 740 } : { width: 1280, height: 800 },
    colorScheme: dark ? 'dark' : 'light',
    locale: arabic ? 'ar' : 'en-GB',
    ...(storageState && { storageState }),
  })
  const tab = await context.newPage()
  await tab.goto(address + page, { waitUntil: 'networkidle' })
  if (click !== undefined) await tab.locator(click).click()
  await tab.screenshot({ path: path.join(folder, `${name}.png`) })
  await context.close()
}
