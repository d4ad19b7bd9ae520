import { beforeAll, describe, expect, test } from 'vitest'
import { fund } from '../../server/payments/fund.ts'
import { browseLines, type BrowsedLine, linesOfReference, type LineFilter } from '../../server/ledger/browse.ts'
import { readOwed } from '../../server/ledger/owed.ts'
import { readSpan, readSummary } from '../../server/ledger/statement.ts'
import { linesOfOrder } from '../../server/orders/lines-of-order.ts'
import { openAddingUp } from '../../server/reports/add-up.ts'
import { readOwedOnDay } from '../../server/reports/owed-on-day.ts'
import { openDocket } from '../support/docket.ts'
import { handedOff, placed } from '../support/order-life.ts'
import { onSale } from '../support/on-sale.ts'

const docket = openDocket()
const books: number[] = []
const EVERY: LineFilter = { cause: null, until: null, play: false }

beforeAll(async () => {
  for (const currency of ['USD', 'USD', 'EUR']) books.push((await docket.account({ balance: '0', currency })).account)
  for (let day = 0; day < 40; day += 1) {
    docket.clock.forward({ hours: 12 })
    for (const [index, account] of books.entries()) {
      if ((day + index) % 2 === 0) continue
      const movement = { amount: BigInt(100_000 + day), note: 'paid', reference: `payment ${day}` }
      await fund(docket.db, account, movement, docket.clock.now())
    }
    if (day % 5 === 4) await fund(docket.db, books[0]!, { amount: -1n, note: 'a mistake', reference: null }, docket.clock.now())
  }
})

async function walk(filter: LineFilter, most: number): Promise<BrowsedLine[]> {
  const lines: BrowsedLine[] = []
  for (let before: bigint | null = null; ;) {
    const page = await browseLines(docket.db, filter, { before, most })
    lines.push(...page.lines)
    if (page.next === null) return lines
    before = page.next
  }
}

describe('the lines of all books', () => {
  test('are walked newest first, each once, in pages of any size', async () => {
    const { rows } = await docket.db.query<{ n: number }>('select count(*)::int as n from transfers')
    for (const most of [1, 7, 1000]) {
      const lines = await walk(EVERY, most)
      expect(new Set(lines.map(({ bookId, line }) => `${bookId} ${line}`)).size).toBe(rows[0]!.n)
      expect(lines.map(({ at }) => at)).toEqual(
        lines
          .map(({ at }) => at)
          .toSorted()
          .toReversed(),
      )
    }
  })

  test('are walked by their cause, before a moment, and a line that comes meanwhile moves none', async () => {
    const corrections = await walk({ ...EVERY, cause: 'correction' }, 3)
    expect(corrections.map(({ account, amount }) => [account, amount])).toEqual(Array.from({ length: 8 }, () => [books[0], 1n]))
    const until = new Date(corrections[4]!.at)
    expect(await walk({ ...EVERY, cause: 'correction', until }, 2)).toEqual(corrections.slice(5))

    const first = await browseLines(docket.db, EVERY, { before: null, most: 5 })
    await fund(docket.db, books[1]!, { amount: 5n, note: 'late', reference: 'late' }, docket.clock.now())
    const second = await browseLines(docket.db, EVERY, { before: first.next, most: 5 })
    const all = await walk(EVERY, 100)
    expect([...first.lines, ...second.lines]).toEqual(all.slice(1, 11))
  })

  test('are found by the name of a payment in every book, and by an order', async () => {
    expect(new Set((await linesOfReference(docket.db, 'payment 7')).map(({ account }) => account))).toEqual(new Set([books[0], books[2]]))
    expect(await linesOfReference(docket.db, 'none')).toEqual([])
    const { key } = await docket.account()
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 100 })
    await handedOff(docket, order)
    expect((await linesOfOrder(docket.db, BigInt(order))).map(({ cause, orderId }) => [cause, orderId])).toEqual([
      ['charge', BigInt(order)],
    ])
  })
})

describe('what is owed to all customers', () => {
  test('is the sum of the balances, in each currency by itself', async () => {
    const { rows } = await docket.db.query(`select currency, sum(wallet)::bigint as owed from books where not play group by 1 order by 1`)
    expect((await readOwed(docket.db)).map(({ currency, owed }) => ({ currency, owed }))).toEqual(rows)
    const today = docket.clock.now().toISOString().slice(0, 10)
    expect(await readOwedOnDay(docket.db, today)).toEqual((await readOwed(docket.db)).map((row) => ({ ...row, books: null })))
  })

  test.each(['nothing is', 'all is', 'all but the newest line is'])(
    'was on each day what the statements say in which that day is the last, when %s added up',
    async (how) => {
      if (how === 'all is') await openAddingUp(docket.db, docket.clock.now).round()
      if (how === 'all but the newest line is')
        await fund(docket.db, books[1]!, { amount: 9n, note: 'late', reference: null }, docket.clock.now())
      const start = new Date('2026-03-01T00:00:00Z').getTime()
      for (const day of [0, 1, 2, 5, 11, 19, 25]) {
        const moment = new Date(start + (day + 1) * 86_400_000)
        const closings = new Map<string, bigint>()
        const { rows } = await docket.db.query<{ id: number; currency: string }>('select id, currency from books where not play')
        for (const { id, currency } of rows) {
          const { closing } = await readSummary(docket.db, id, await readSpan(docket.db, id, new Date(0), moment))
          closings.set(currency, (closings.get(currency) ?? 0n) + closing)
        }
        const owed = new Map(
          (await readOwedOnDay(docket.db, new Date(start + day * 86_400_000).toISOString().slice(0, 10))).map((row) => [
            row.currency,
            row.owed,
          ]),
        )
        for (const [currency, closing] of closings) expect(owed.get(currency) ?? 0n).toBe(closing)
      }
    },
  )
})
