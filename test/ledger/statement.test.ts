import { describe, expect, test } from 'vitest'
import { auditLedger } from '../../server/ledger/audit.ts'
import { post } from '../../server/ledger/post.ts'
import { openSealing } from '../../server/ledger/seal.ts'
import { readLinesBefore, readSpan, readSummary, readWhole, walletChange } from '../../server/ledger/statement.ts'
import { causes, markSums, readSums } from '../../server/ledger/sums.ts'
import { transaction } from '../../server/db/pool.ts'
import { openDocket } from '../support/docket.ts'
import { growBook } from '../support/long-book.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'
import { type Effort, effortOf, statementsOf } from '../support/statements.ts'
import { type OwnPages, ownPages } from '../support/own-pages.ts'

const docket = openDocket()
const START = new Date('2026-01-01T00:00:00Z')

async function allLines(book: number) {
  const whole = await readWhole(docket.db, book)
  return (await readLinesBefore(docket.db, book, whole, null, 100_000)).toReversed()
}

describe('the sums of a statement', () => {
  test('opening + sums = closing, for any stretch, with and without what was noted', async () => {
    const { account, key } = await docket.account({ balance: '5' })
    const book = await growBook(docket, account, 3500, START, '1 hour')
    const order = await placed(docket, key, { service: await onSale(docket), quantity: 900 })
    await tell(docket, order, 'Partial', { remains: 300 })
    const lines = await allLines(book)
    expect(lines).toHaveLength(3503)
    const stretches: [number, number][] = [[0, 3503], [0, 999], [0, 1000], [999, 1001], [1000, 3000], [2500, 2501], [3400, 3503], [7, 7]] // prettier-ignore
    const check = async () => {
      for (const [after, last] of stretches) {
        const { opening, sums, closing } = await readSummary(docket.db, book, { after: BigInt(after), last: BigInt(last) })
        const wanted = Object.fromEntries(causes.map((cause) => [cause, 0n]))
        for (const line of lines.slice(after, last)) wanted[line.cause]! += walletChange(line)
        expect({ after, last, sums }).toEqual({ after, last, sums: wanted })
        expect(causes.reduce((sum, cause) => sum + sums[cause], opening)).toBe(closing)
      }
    }
    await check()
    await openSealing(docket.db).seal()
    const { rows } = await docket.db.query('select line from line_sums where book_id = $1 order by line', [book])
    expect(rows.map((row) => row.line)).toEqual([1000n, 2000n, 3000n])
    await check()
  })

  test('more books than one commit takes are sealed to their last lines, by two nodes at once', async () => {
    const accounts = await Promise.all(Array.from({ length: 120 }, () => docket.account()))
    const grown = await growBook(docket, accounts[60]!.account, 1000, START, '1 second')
    await Promise.all([openSealing(docket.db).seal(), openSealing(docket.db).seal()])
    const { rows } = await docket.db.query(
      'select b.id, b.lines, (select max(line) from seals where book_id = b.id) as sealed from books b where b.lines > 0',
    )
    expect(rows.length).toBeGreaterThanOrEqual(120)
    expect(rows.filter((row) => row.lines !== row.sealed)).toEqual([])
    const { rows: seals } = await docket.db.query('select line from seals where book_id = $1 order by line', [grown])
    expect(seals.map((row) => row.line)).toEqual([256n, 512n, 768n, 1001n])
    const checks = await transaction(docket.db, (tx) => auditLedger(tx))
    expect(checks.filter((check) => !check.ok)).toEqual([])
  })

  test('two nodes that note at once note each once', async () => {
    const { account } = await docket.account()
    const book = await growBook(docket, account, 2500, START, '1 second')
    await Promise.all([1, 2, 3].map(() => markSums(docket.db, book, 2501n)))
    await markSums(docket.db, book, 2501n)
    const { rows } = await docket.db.query('select line from line_sums where book_id = $1 order by line', [book])
    expect(rows.map((row) => row.line)).toEqual([1000n, 2000n])
  })

  test('what was noted is never changed, and the audit proves it', async () => {
    const { account } = await docket.account()
    const book = await growBook(docket, account, 1200, START, '1 second')
    await markSums(docket.db, book, 1201n)
    await expect(docket.db.query('update line_sums set charge = 1')).rejects.toThrow('append-only')
    const checks = await transaction(docket.db, async (tx) => {
      await tx.query('set local session_replication_role = replica')
      await tx.query('update line_sums set deposit = deposit + 1 where book_id = $1', [book])
      const found = await auditLedger(tx)
      await tx.query('update line_sums set deposit = deposit - 1 where book_id = $1', [book])
      return found
    })
    expect(checks.filter((check) => !check.ok)).toMatchObject([{ name: 'noted_sums_equal_lines', offending: [{ book, line: 1000n }] }])
  })
})

describe('the months of a statement', () => {
  const month = (n: number) => new Date(Date.UTC(2026, n, 1))

  test('have each line once, in the month of its time', async () => {
    const { account } = await docket.account({ balance: '0' })
    const book = await growBook(docket, account, 700, START, '5 hours')
    const lines = await allLines(book)
    let seen = 0n
    for (let n = 0; n < 6; n += 1) {
      const { after, last } = await readSpan(docket.db, book, month(n), month(n + 1))
      expect(after).toBe(seen)
      for (const line of lines.slice(Number(after), Number(last))) expect(line.at.slice(0, 7)).toBe(`2026-0${n + 1}`)
      seen = last
    }
    expect(seen).toBe(700n)
  })

  test('keep a line in the same month for ever, also where the clocks of nodes differ', async () => {
    const { account } = await docket.account({ balance: '0' })
    const book = await growBook(docket, account, 5, new Date('2026-01-31T23:59:50Z'), '3 seconds')
    const at = async (time: string) =>
      post(docket.db, { bookId: book, amount: 5n, cause: 'deposit', note: '', reference: null, at: new Date(time) })
    // A node whose clock is behind books at the turn of the month.
    await at('2026-01-31T23:59:58Z')
    await at('2026-02-01T00:00:09Z')
    await at('2026-02-01T00:00:11Z')
    const spans = async () => [await readSpan(docket.db, book, month(0), month(1)), await readSpan(docket.db, book, month(1), month(2))]
    const [january, february] = await spans()
    expect(january!.last).toBe(february!.after)
    expect(february!.last).toBe(8n)
    await growBook(docket, account, 500, new Date('2026-02-02T00:00:00Z'), '1 minute')
    const [later, rest] = await spans()
    expect(later).toEqual(january)
    expect(rest).toEqual({ after: january!.last, last: 508n })
  })

  test('of a book without lines are empty', async () => {
    const { account } = await docket.account({ balance: '0' })
    const book = await growBook(docket, account, 0, START, '1 second')
    expect(await readSpan(docket.db, book, month(0), month(1))).toEqual({ after: 0n, last: 0n })
    expect(await readSums(docket.db, book, 0n, 0n)).toEqual(Object.fromEntries(causes.map((cause) => [cause, 0n])))
  })
})

describe('a long statement', () => {
  test('ten times as long costs a page hardly more, however it is filtered', async () => {
    const [long, longer] = [await ownPages(docket, { balance: '0' }), await ownPages(docket, { balance: '0' })]
    await growBook(docket, long.account, 3000, START, '20 minutes')
    await growBook(docket, longer.account, 30_000, START, '2 minutes')
    await openSealing(docket.db).seal()
    await docket.db.query('vacuum analyze transfers')
    for (const path of ['/funds', '/funds?month=2026-02&cause=correction']) {
      const [few, many] = [await effortFor(long, path), await effortFor(longer, path)]
      expect({ path, readWhole: many.readWhole, isAlike: many.pages < few.pages * 1.5 }).toEqual({ path, readWhole: [], isAlike: true })
    }
  })

  async function effortFor(me: OwnPages, path: string): Promise<Effort> {
    // The first visit prepares the account's pages.
    await me.get(path)
    const asked = (await statementsOf(() => me.get(path))).filter(({ text }) => /transfers|line_sums|seals|last_line_before/.test(text))
    const efforts: Effort[] = []
    for (const statement of asked) efforts.push(await effortOf(docket.db, statement))
    return { pages: efforts.reduce((sum, one) => sum + one.pages, 0), readWhole: efforts.flatMap((one) => one.readWhole) }
  }
})
