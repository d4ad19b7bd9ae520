import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fund } from '../../server/payments/fund.ts'
import { addKey } from '../../server/customers/keys.ts'
import { openSealing } from '../../server/ledger/seal.ts'
import { openDocket } from '../support/docket.ts'
import { growBook } from '../support/long-book.ts'
import { onSale } from '../support/on-sale.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'
import { placed, tell } from '../support/order-life.ts'
import { programs } from './programs.ts'

const docket = openDocket()
const run = promisify(execFile)
let service: number
beforeAll(async () => {
  service = await onSale(docket, { rate: '0.90', cancel: true })
})

/** Deposit, charge, partial refund, charge, cancel, correction: and notes that try the formats. */
async function livelyBook(options?: Parameters<typeof ownPages>[1]): Promise<OwnPages & { partial: number }> {
  const me = await ownPages(docket, options)
  const partial = await placed(docket, me.key, { service, quantity: 1000 })
  await tell(docket, partial, 'Partial', { remains: 157 })
  const canceled = await placed(docket, me.key, { service, quantity: 333 })
  await docket.call({ key: me.key, action: 'cancel', orders: canceled })
  const notes = ['=HYPERLINK("http://evil.example")', "'quoted'", 'two\r\nlines, "quoted" — ünïcode', '@sum']
  for (const note of notes) await fund(docket.db, me.account, { amount: 12_345n, note, reference: `-${note}` }, docket.clock.now())
  await fund(docket.db, me.account, { amount: -100_000n, note: 'booked twice', reference: null }, docket.clock.now())
  return { ...me, partial }
}

/** To the last day of a month: sessions do not live long enough to see another one end. */
function lastDayOfMonth() {
  const now = docket.clock.now()
  const last = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 0)).getUTCDate()
  docket.clock.forward({ days: last - now.getUTCDate() })
  return docket.clock.now().toISOString().slice(0, 7)
}

/** The figures of a part of a page, in units. */
function figuresIn(html: string): bigint[] {
  return [...html.matchAll(/class="figure amount"[^>]*>([^<]*)</g)].map(([, text]) => {
    const [whole, fraction = ''] = text!.replaceAll(/[^\d.-]/g, '').split('.') as [string, string?]
    return BigInt(whole + fraction.padEnd(5, '0'))
  })
}

function partOf(html: string, from: string, to: string): string {
  const start = html.indexOf(from)
  expect(start).toBeGreaterThan(-1)
  return html.slice(start, html.indexOf(to, start))
}

describe('the statement', () => {
  test('adds up, line by line and by cause', async () => {
    const me = await livelyBook()
    const { html } = await me.get('/funds')
    const [closing, ...rest] = figuresIn(partOf(html, '<table class="statement"', '</table>')) as [bigint, ...bigint[]]
    const opening = rest.pop()!
    const changes = rest.filter((_, at) => at % 2 === 0)
    expect(changes).toHaveLength(10)
    expect(changes.reduce((sum, change) => sum + change, opening)).toBe(closing)
    expect(closing).toBe(unitsOf(await docket.balance(me.key)))
    const sums = figuresIn(partOf(html, '<dl class="sums"', '</dl>'))
    expect(sums.slice(0, -1).reduce((sum, one) => sum + one, 0n)).toBe(sums.at(-1))
    expect(sums.at(-1)).toBe(closing)
  })

  test('is picked by month and cause; the sums are those of the month', async () => {
    const month = lastDayOfMonth()
    const me = await livelyBook()
    docket.clock.forward({ days: 1 })
    await placed(docket, me.key, { service, quantity: 100 })
    const next = (await me.get(`/funds?month=${docket.clock.now().toISOString().slice(0, 7)}`)).html
    expect(next.match(/data-line=/g)).toHaveLength(1)
    const [opening, charges, closing] = figuresIn(partOf(next, '<dl class="sums"', '</dl>'))
    expect([charges, opening! + charges!]).toEqual([-9000n, closing])
    const before = (await me.get(`/funds?month=${month}&cause=refund`)).html
    expect(before).not.toContain('data-line=')
    expect(before.match(/id="line-\d+"/g)).toHaveLength(2)
    expect(figuresIn(partOf(before, '<dl class="sums"', '</dl>')).at(-1)).toBe(opening)
    expect((await me.get('/funds?cause=compensation')).html).toContain('No results')
    // What is no month or cause of the book is as if it were not asked.
    for (const nonsense of ['month=2020-01', 'month=2026-13', 'month=x', 'cause=x', 'before=x', 'before=99999']) {
      expect((await me.get(`/funds?${nonsense}`)).html.match(/id="line-\d+"/g)).toHaveLength(11)
    }
  })

  test('goes on page by page, also of one cause, and no line is skipped or doubled', async () => {
    const me = await ownPages(docket, { balance: '0' })
    await growBook(docket, me.account, 523, new Date('2026-01-10T00:00:00Z'), '1 minute')
    for (const [first, count] of [
      ['/funds', 523],
      ['/funds?cause=correction&month=2026-01', 52],
    ] as const) {
      const seen: number[] = []
      for (let next: string | undefined = first; next !== undefined;) {
        const { html } = await me.get(next)
        seen.push(...[...html.matchAll(/id="line-(\d+)"/g)].map(([, line]) => Number(line)))
        next = /class="button plain" href="([^"]+)">Older/.exec(html)?.[1]?.replaceAll('&amp;', '&')
      }
      expect(seen).toHaveLength(count)
      expect(seen).toEqual([...new Set(seen)].toSorted((a, b) => b - a))
    }
  })

  test('names the seal that covers it, and says how to verify without the page', async () => {
    const me = await livelyBook()
    expect((await me.get('/funds')).html).toContain('Newer lines are sealed within a minute.')
    await openSealing(docket.db).seal()
    const { html } = await me.get('/funds')
    const { lines } = await docket.call({ key: me.key, action: 'ledger' })
    expect(html).toContain('Sealed up to line 10')
    expect(html).toContain(`class="whole-hash">${lines.at(-1).hash}<`)
    expect(html).not.toContain('Newer lines are sealed')
    expect(html).toContain('verify-statement.py statement.csv')
  })

  test('links each charge and refund to its explanation', async () => {
    const me = await livelyBook()
    const { html } = await me.get('/funds')
    expect(html.match(new RegExp(`href="/orders/${me.partial}/explain"`, 'g'))).toHaveLength(2)
    const explained = (await me.get(`/orders/${me.partial}/explain`)).html
    expect(explained).toContain('0.90000 × 157 ÷ 1000 = 0.1413')
    const other = await ownPages(docket)
    expect((await other.get(`/orders/${me.partial}/explain`)).status).toBe(404)
    expect((await other.get('/orders/0/explain')).status).toBe(404)
  })

  test('shows the test money of test keys apart, and never mixes it', async () => {
    const me = await livelyBook()
    expect((await me.get('/funds')).html).not.toContain('book=test')
    const { key } = await addKey(docket.db, me.account, { test: true, label: '' }, docket.clock.now())
    const order = await placed(docket, key, { service, quantity: 1000, link: 'https://example.com/play' })
    const real = (await me.get('/funds')).html
    expect(real).toContain('href="/funds?book=test"')
    expect(real).not.toContain(`/orders/${order}/`)
    const play = (await me.get('/funds?book=test')).html
    expect(play).toContain('Test money is for your test keys.')
    expect(play).toContain(`/orders/${order}/explain`)
    expect(play).not.toContain(`/orders/${me.partial}/`)
    expect((await me.get(`/orders/${order}/explain`)).status).toBe(200)
    expect((await me.get('/funds.csv?book=test')).html).not.toContain(`,${me.partial},`)
  })
})

describe('the balance', () => {
  test('tells how long it lasts at the pace of the last days, and warns before it is used up', async () => {
    const me = await ownPages(docket, { balance: '10' })
    expect((await me.get('/funds')).html).not.toContain('Lasts about')
    await placed(docket, me.key, { service, quantity: 2000 })
    const canceled = await placed(docket, me.key, { service, quantity: 5000 })
    await docket.call({ key: me.key, action: 'cancel', orders: canceled })
    docket.clock.forward({ days: 6 })
    // 1.80 in six days; 8.20 lasts twenty-seven.
    const calm = (await me.get('/funds')).html
    expect(calm).toContain('The last 6 days cost $1.80 after refunds: $0.30 per day.')
    expect(calm).toContain('<dd>27 days</dd>')
    expect(calm).not.toContain('will soon run out')
    await placed(docket, me.key, { service, quantity: 6000 })
    // 7.20 in six days; 2.80 lasts two.
    const low = (await me.get('/funds')).html
    expect(low).toContain('<dd>2 days</dd>')
    expect(low).toContain('will soon run out')
    expect(low).toMatch(/In open orders<\/dt><dd><bdi[^>]*>\$7\.20</)
  })
})

describe('the file', () => {
  let folder: string
  let script: string
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'docket-statement-'))
    script = path.join(folder, 'verify-statement.py')
    await writeFile(script, await fromDocs('python'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const python = programs.find(({ language }) => language === 'python')!

  async function fromDocs(language: 'python' | 'js'): Promise<string> {
    const docs = await readFile(new URL('../../docs/statement.md', import.meta.url), 'utf8')
    return new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(docs)![1]!
  }

  async function verified(csv: string): Promise<string> {
    const file = path.join(folder, 'statement.csv')
    await writeFile(file, csv)
    return run('python3', [script, file]).then(
      ({ stdout }) => stdout.trim(),
      (error: { stderr: string }) => error.stderr.trim(),
    )
  }

  test('begins with what stood before, and carries all that proves it', async () => {
    const me = await livelyBook({ balance: '5' })
    const { response, html: csv } = await me.get('/funds.csv')
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="statement-2026-\d\d-\d\d\.csv"$/)
    const [head, before, first] = csv.split('\r\n').map((row) => row.split(','))
    expect(head).toEqual([
      'line',
      'time',
      'cause',
      'order',
      'amount',
      'balance',
      'currency',
      'reference',
      'note',
      'hash',
      'from',
      'to',
      'moved',
      'owed',
    ])
    const { lines, previous } = await docket.call({ key: me.key, action: 'ledger' })
    expect(before).toEqual(['0', '', 'opening', '', '', '0.00000', 'USD', '', '', previous, '', '', '', ''])
    expect(first).toEqual([
      '1',
      lines[0].at,
      'deposit',
      '',
      '5.00000',
      '5.00000',
      'USD',
      '',
      'first deposit',
      lines[0].hash,
      'paid_in',
      'wallet',
      '5.00000',
      '',
    ])
  })

  test('holds nothing that a spreadsheet takes for a formula', async () => {
    const me = await livelyBook()
    const { html: csv } = await me.get('/funds.csv')
    const texts = [...csv.matchAll(/(?:^|,|\n)("(?:[^"]|"")*"|[^,\r\n"]*)/g)].map(([, cell]) => cell!.replace(/^"/, ''))
    const formulas = texts.filter((cell) => /^[=+\-@\t]/.test(cell) && !/^-\d+\.\d{5}$/.test(cell))
    expect(formulas).toEqual([])
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
  })

  test('the page shows the program of the documents', async () => {
    const program = await readFile(new URL('../../server/web/customer/funds/verify-statement.py', import.meta.url), 'utf8')
    expect(await fromDocs('python')).toBe(program)
  })

  test.skipIf(!python.isHere)('is verified by the program of the documents, whole and by month, and a changed cent is found', async () => {
    lastDayOfMonth()
    const me = await livelyBook()
    docket.clock.forward({ days: 1 })
    await placed(docket, me.key, { service, quantity: 100 })
    const { lines } = await docket.call({ key: me.key, action: 'ledger' })
    const { html: csv } = await me.get('/funds.csv')
    const last = `every line up to 11 fits, and its hash is ${lines.at(-1).hash}`
    expect(await verified(csv)).toBe(last)
    const month = lines.at(-1).at.slice(0, 7) as string
    const { html: newest } = await me.get(`/funds.csv?month=${month}`)
    expect(newest.split('\r\n')[1]).toMatch(/^10,,opening,/)
    expect(await verified(newest)).toBe(last)
    expect(await verified(csv.replace('-0.90000', '-0.90001'))).toBe('line 2 does not fit')
    expect(await verified(csv.replace('booked twice', 'booked once'))).toBe('line 10 does not fit')
    const rows = csv.split('\r\n')
    expect(await verified([...rows.slice(0, 4), ...rows.slice(5)].join('\r\n'))).toBe('line 4 does not fit')
  })

  test('what the API answers is verified by the program of the documents', async () => {
    const me = await livelyBook()
    await growBook(docket, me.account, 600, docket.clock.now(), '1 second')
    const program = path.join(folder, 'verify-ledger.mjs')
    await writeFile(program, await fromDocs('js'))
    const { stdout } = await run(process.execPath, [program, `${docket.node.url}/api/v2`, me.key])
    expect(stdout).toMatch(/^every line up to 610 fits, and its hash is [0-9a-f]{64}\n$/)
  })
})

describe('a month on paper', () => {
  test('has the account, opening, every line, the sums and closing, and the hashes that hold it', async () => {
    const me = await livelyBook()
    const { lines, previous } = await docket.call({ key: me.key, action: 'ledger' })
    const { html, response } = await me.get(`/funds/statement?month=${lines[0].at.slice(0, 7)}`)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(html.match(/<tr><th scope="row">\d+</g)).toHaveLength(10)
    expect(html).toContain(previous)
    expect(html).toContain(lines.at(-1).hash)
    expect(html).toMatch(/buyer\d+@example\.com/)
    const figures = figuresIn(partOf(html, '<table class="statement"', '</table>'))
    const changes = figures.slice(1, -1).filter((_, at) => at % 2 === 0)
    expect(changes.reduce((sum, change) => sum + change, figures[0]!)).toBe(figures.at(-1))
    expect(html.endsWith('</html>')).toBe(true)
  })

  test('without movements says so', async () => {
    const me = await ownPages(docket, { balance: '0' })
    const { html } = await me.get('/funds/statement?month=2026-01')
    expect(html).toContain('No transactions in this month.')
    expect(html.endsWith('</html>')).toBe(true)
  })

  test('that is long comes in parts of 500 lines that carry over', async () => {
    const me = await ownPages(docket, { balance: '0' })
    await growBook(docket, me.account, 1001, new Date('2026-01-01T00:00:00Z'), '1 minute')
    const parts = []
    for (const part of ['1', '2', '3', 'x', '9']) {
      const { html } = await me.get(`/funds/statement?month=2026-01&part=${part}`)
      const figures = figuresIn(partOf(html, '<table class="statement"', '</table>'))
      parts.push({ lines: html.match(/<tr><th scope="row">\d+</g)!.length, opening: figures[0], closing: figures.at(-1) })
      expect(html).toContain(`Part ${/[123]/.test(part) ? part : 1} of 3`)
    }
    expect(parts.map(({ lines }) => lines)).toEqual([500, 500, 1, 500, 500])
    expect(parts[0]!.closing).toBe(parts[1]!.opening)
    expect(parts[1]!.closing).toBe(parts[2]!.opening)
    expect(parts[2]!.closing).toBe(unitsOf(await docket.balance(me.key)))
  })
})

function unitsOf(text: string): bigint {
  return BigInt(text.replace('.', ''))
}
