// npm run screenshots: pictures of the pages of a running `npm run demo`, to be looked at and kept in docs/screenshots.
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { CHROMIUM_WORDS, findChromium, HOW_TO_GET_IT } from './chromium.ts'

interface Picture {
  readonly name: string
  readonly path: string
  readonly dark?: true
  readonly narrow?: true
  /** What is clicked before the picture is taken. */
  readonly click?: string
}

const pictures: readonly Picture[] = [
  { name: 'docs-en', path: '/en/api' },
  { name: 'docs-en-dark', path: '/en/api#add', dark: true },
  { name: 'docs-en-narrow', path: '/en/api', narrow: true },
  { name: 'docs-ar', path: '/ar/api' },
  { name: 'docs-ar-narrow', path: '/ar/api#status', narrow: true },
  { name: 'docs-zh-HK', path: '/zh-HK/api#status' },
  { name: 'docs-types', path: '/en/api#add-web-traffic' },
  { name: 'docs-languages', path: '/en/api', click: '.picker summary >> nth=0' },
]

const address = process.argv[2] ?? 'http://127.0.0.1:8080'
const executablePath = findChromium()
if (executablePath === undefined) throw new Error(HOW_TO_GET_IT)
const folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url))
await mkdir(folder, { recursive: true })
const browser = await chromium.launch({ executablePath, args: CHROMIUM_WORDS })
try {
  for (const { name, path: page, dark, narrow, click } of pictures) {
    const viewport = narrow ? { width: 360, height: 740 } : { width: 1280, height: 800 }
    const tab = await browser.newPage({ viewport, colorScheme: dark ? 'dark' : 'light', locale: 'en-GB' })
    await tab.goto(address + page, { waitUntil: 'networkidle' })
    if (click !== undefined) await tab.locator(click).click()
    await tab.screenshot({ path: path.join(folder, `${name}.png`) })
    await tab.close()
  }
} finally {
  await browser.close()
}
