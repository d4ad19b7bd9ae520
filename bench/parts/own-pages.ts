import { chromium } from 'playwright-core'
import { CHROMIUM_WORDS, findChromium, HOW_TO_GET_IT } from '../../test/browser/chromium.ts'
import { type Claim, table } from '../report.ts'
import { median } from '../rounds.ts'
import { startDocket } from '../servers/process.ts'
import type { Shop } from '../shop/hall.ts'
import { fillLargeAccount, LINES_OF_A_MONTH, OPEN_ORDERS, signedIn } from '../shop/large-account.ts'
import type { Part } from './part.ts'

const LARGE = 0
/** The index of a customer without orders. */
const SMALL = 2

/** The pages of a large account: the server's answer for the overview, compared with an account without orders, and the statement of a month as a
 * browser opens it. */
export const measureOwnPages: Part = async (bench) => {
  const shop = await bench.hall.openShop('own_pages')
  const month = await fillLargeAccount(shop)
  const docket = await startDocket({ DATABASE_URL: shop.url })
  try {
    const claims = await overviewOf(shop, docket.url, bench.rounds * VISITS_A_ROUND)
    const executablePath = findChromium()
    if (executablePath === undefined) console.log(`the statement is left out: ${HOW_TO_GET_IT}`)
    else claims.push(...(await statementOf(shop, `${docket.url}/funds/statement?month=${month}`, executablePath, bench.rounds)))
    return { claims, proofs: [] }
  } finally {
    await docket.stop()
  }
}

const VISITS_A_ROUND = 10

async function overviewOf(shop: Shop, url: string, visits: number): Promise<Claim[]> {
  const [large, small] = [await signedIn(shop, LARGE), await signedIn(shop, SMALL)]
  // The first request loads the code of the page.
  await timeOf(url, small)
  const first = await timeOf(url, large)
  const times = { large: [] as number[], moved: [] as number[], small: [] as number[] }
  for (let visit = 0; visit < visits; visit += 1) {
    times.small.push(await timeOf(url, small))
    times.large.push(await timeOf(url, large))
    await shop.db.query(MOVE_SOME, [shop.customers[LARGE]!.bookId, visit])
    times.moved.push(await timeOf(url, large))
  }
  const row = (name: string, all: readonly number[]) => [name, median(all).toFixed(1), Math.max(...all).toFixed(1)]
  const rows = [
    row('no orders', times.small),
    row(`${OPEN_ORDERS} open orders, first visit to a node`, [first]),
    row('again, nothing moved', times.large),
    row('again, a hundred moved', times.moved),
  ]
  console.log(`\n${table(['overview, whole answer', 'median ms', 'most ms'], rows)}`)
  const work = `overview with ${OPEN_ORDERS} open orders`
  return [
    { work: `${work}, first visit to a node`, against: '', found: first, unit: ' ms', atMost: 150 },
    { work: `${work}, a hundred moved`, against: '', found: median(times.moved), unit: ' ms', atMost: 20 },
    { work: `${work}, a hundred moved`, against: 'without orders', found: against(times.moved, times.small), unit: '×', atMost: 2 },
    { work, against: 'without orders', found: against(times.large, times.small), unit: '×', atMost: 1.5 },
  ]
}

/** The median ratio of the two series, visit by visit. */
function against(one: readonly number[], other: readonly number[]): number {
  return median(one.map((ms, at) => ms / other[at]!))
}

// As settling does it: each order that moves adds a change to the feed.
const MOVE_SOME = `
  with moved as (
    update orders o set remains = remains - 1
    where id in (select id from orders where book_id = $1 and not ended order by placed_at desc, id desc limit 100 offset 100 * $2::int) returning o.*
  )
  select add_order_event(book_id, id, null, now(), 'bench', status::text, start_count, remains, null) from moved`

async function timeOf(url: string, token: string): Promise<number> {
  const began = performance.now()
  const answer = await fetch(url, { headers: { cookie: `docket-session=${token}` } })
  const html = await answer.text()
  if (answer.status !== 200 || !html.includes('</html>')) throw new Error(`The overview answered ${answer.status}`)
  return performance.now() - began
}

async function statementOf(shop: Shop, address: string, executablePath: string, rounds: number): Promise<Claim[]> {
  const { hostname } = new URL(address)
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_WORDS })
  try {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
    await context.addCookies([{ name: 'docket-session', value: await signedIn(shop, LARGE), domain: hostname, path: '/' }])
    const months = { full: address, empty: address.replace(/month=.*/, 'month=2020-01') }
    const opened = { full: [] as number[], empty: [] as number[] }
    let lines = 0
    // The first round fills the browser's cache; it does not count.
    for (let round = 0; round <= rounds; round += 1)
      for (const which of ['empty', 'full'] as const) {
        const page = await context.newPage()
        await page.goto(months[which], { waitUntil: 'load' })
        if (round > 0) opened[which].push(await page.evaluate<number>('performance.getEntriesByType("navigation")[0].loadEventEnd'))
        lines = await page.locator('table.statement tbody tr').count()
        await page.close()
      }
    const row = (name: string, all: readonly number[]) => [name, median(all).toFixed(0), Math.max(...all).toFixed(0)]
    const full = `a month of ${LINES_OF_A_MONTH} lines, its first part with ${lines} rows`
    const rows = [row('a month without lines', opened.empty), row(full, opened.full)]
    console.log(`\n${table(['statement in Chromium, until loaded', 'median ms', 'most ms'], rows)}`)
    const work = `statement of a month with ${LINES_OF_A_MONTH} lines`
    return [
      { work, against: '', found: median(opened.full), unit: ' ms', atMost: 1000 },
      { work, against: 'a month without lines', found: against(opened.full, opened.empty), unit: '×', atMost: 4 },
    ]
  } finally {
    await browser.close()
  }
}
