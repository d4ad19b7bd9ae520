import { chromium, type Browser } from 'playwright-core'
import { CHROMIUM_WORDS, findChromium, HOW_TO_GET_IT } from '../../test/browser/chromium.ts'
import { table } from '../report.ts'
import { median } from '../rounds.ts'
import { startDocket } from '../servers/process.ts'
import type { Part } from './part.ts'

const KB = 1000
/** The cost of a reader's first visit, in the languages with the most and the least to load, and on a phone. */
const views = [
  { name: 'English, wide', path: '/en/api', width: 1440 },
  { name: 'English, 360 px', path: '/en/api', width: 360 },
  { name: 'Arabic, wide', path: '/ar/api', width: 1440 },
  { name: 'Cantonese, wide', path: '/zh-HK/api', width: 1440 },
  { name: 'Russian, wide', path: '/ru/api', width: 1440 },
]
/** A page with hardly any content, from the same server in the same browser. */
const BARE = { name: 'a page with one sentence', path: '/nowhere', width: 1440 }

interface Visit {
  readonly bytes: number
  readonly firstPaintMs: number
  readonly layoutShift: number
}

/** The docs page on a first visit: nothing is cached, and each visit has its own browser profile. */
export const measurePages: Part = async (bench) => {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    console.log(`left out: ${HOW_TO_GET_IT}`)
    return { claims: [], proofs: [] }
  }
  const shop = await bench.hall.openShop('pages')
  const docket = await startDocket({ DATABASE_URL: shop.url })
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_WORDS })
  try {
    const all = [BARE, ...views]
    const visits = new Map(all.map((view): [typeof BARE, Visit[]] => [view, []]))
    // The first round fills the server's caches; it does not count.
    for (let round = 0; round <= bench.rounds; round += 1)
      for (const view of all) {
        const seen = await visit(browser, docket.url + view.path, view.width)
        if (round > 0) visits.get(view)!.push(seen)
      }
    const middle = (view: typeof BARE, of: (visit: Visit) => number) => median(visits.get(view)!.map(of))
    const rows = all.map((view) => [
      view.name,
      (middle(view, (seen) => seen.bytes) / KB).toFixed(1),
      middle(view, (seen) => seen.firstPaintMs).toFixed(0),
      Math.max(...visits.get(view)!.map((seen) => seen.layoutShift)).toFixed(3),
    ])
    console.log(`\n${table(['docs page, first visit', 'KB on the wire', 'first paint ms', 'layout shift'], rows)}`)
    const bare = visits.get(BARE)!
    const slower = views.flatMap((view) => visits.get(view)!.map((seen, round) => seen.firstPaintMs / bare[round]!.firstPaintMs))
    const seen = views.flatMap((view) => visits.get(view)!)
    return {
      claims: [
        { work: 'docs page, transfer', against: '', found: Math.max(...seen.map(({ bytes }) => bytes)) / KB, unit: ' KB', atMost: 60 },
        {
          work: 'docs page, layout shift',
          against: '',
          found: Math.max(...seen.map(({ layoutShift }) => layoutShift)),
          unit: '',
          atMost: 0,
        },
        { work: 'docs page, first paint', against: BARE.name, found: median(slower), unit: '×', atMost: 3 },
      ],
      proofs: [],
    }
  } finally {
    await browser.close()
    await docket.stop()
  }
}

const WATCH_SHIFTS =
  'globalThis.shift = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) globalThis.shift += entry.value }).observe({ type: "layout-shift", buffered: true })'

async function visit(browser: Browser, address: string, width: number): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width, height: 800 } })
  try {
    const page = await context.newPage()
    await page.addInitScript(WATCH_SHIFTS)
    const wire = await context.newCDPSession(page)
    await wire.send('Network.enable')
    let bytes = 0
    wire.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength))
    await page.goto(address, { waitUntil: 'networkidle' })
    const firstPaintMs = await page.evaluate<number>('performance.getEntriesByName("first-contentful-paint")[0].startTime')
    return { bytes, firstPaintMs, layoutShift: await page.evaluate<number>('globalThis.shift') }
  } finally {
    await context.close()
  }
}
