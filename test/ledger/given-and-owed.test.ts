import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bookOf } from '../../server/ledger/book-of.ts'
import { convertCompensations } from '../../server/ledger/given.ts'
import { type Movement, post } from '../../server/ledger/post.ts'
import { openSealing } from '../../server/ledger/seal.ts'
import { readSummary, readWhole } from '../../server/ledger/statement.ts'
import { openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { placed, tell } from '../support/order-life.ts'

const docket = openDocket()

interface Book {
  readonly paid_in: bigint
  readonly wallet: bigint
  readonly sales: bigint
  readonly given: bigint
  readonly owed: bigint
  readonly lines: bigint
}

async function bookWith(balance: string) {
  const { account, key } = await docket.account({ balance })
  const id = (await bookOf(docket.db, account, false))!
  const move = (cause: Movement['cause'], amount: bigint, reference: string | null = null) =>
    post(docket.db, { bookId: id, cause, amount, reference, note: cause, at: docket.clock.now() })
  const read = async () =>
    (await docket.db.query<Book>('select paid_in, wallet, sales, given, owed, lines from books where id = $1', [id])).rows[0]!
  return { account, key, id, move, read }
}

describe('what was given and what is owed', () => {
  test('a reversal takes what the wallet has, and the rest is owed; the next money pays it first', async () => {
    const { key, move, read } = await bookWith('100')
    await move('correction', -7_000_000n)
    const line = await move('reversal', -10_000_000n, 'dispute 1')
    expect(await move('reversal', -10_000_000n, 'dispute 1')).toBe(line)
    await expect(move('reversal', -9_000_000n, 'dispute 1')).rejects.toMatchObject({ code: 'reference_reused' })
    expect(await read()).toMatchObject({ wallet: 0n, owed: -7_000_000n, paid_in: 7_000_000n })
    await move('deposit', 5_000_000n, 'pay 2')
    expect(await read()).toMatchObject({ wallet: 0n, owed: -2_000_000n })
    await move('deposit', 5_000_000n, 'pay 3')
    expect(await read()).toMatchObject({ wallet: 3_000_000n, owed: 0n, paid_in: -3_000_000n })
    const { lines } = await docket.call({ key, action: 'ledger' })
    expect(lines.slice(2).map((line: any) => [line.cause, line.from, line.to, line.moved, line.owed, line.balance])).toEqual([
      ['reversal', 'wallet', 'paid_in', undefined, undefined, '0.00000'],
      ['reversal', 'owed', 'paid_in', '70.00000', '-70.00000', '0.00000'],
      ['deposit', 'paid_in', 'wallet', undefined, undefined, '50.00000'],
      ['settlement', 'wallet', 'owed', undefined, '-20.00000', '0.00000'],
      ['deposit', 'paid_in', 'wallet', undefined, undefined, '50.00000'],
      ['settlement', 'wallet', 'owed', undefined, '0.00000', '30.00000'],
    ])
  })

  test('a reversal of an empty wallet is owed whole, under its reference', async () => {
    const { move, read } = await bookWith('0')
    const line = await move('reversal', -500n, 'dispute 2')
    expect(await move('reversal', -500n, 'dispute 2')).toBe(line)
    expect(await read()).toMatchObject({ wallet: 0n, owed: -500n, lines: 1n })
  })

  test('who owes orders nothing, not even what is free, until it is paid or excused', async () => {
    const { key, move, read } = await bookWith('0')
    const free = await onSale(docket, { rate: '0' })
    await move('reversal', -100n, 'dispute 3')
    const order = () => docket.call({ key, action: 'add', service: free, quantity: 100, link: 'https://example.com/free' })
    expect(await order()).toEqual({ error: 'Not enough funds on balance' })
    await expect(move('settlement', 101n)).rejects.toThrow('owed_is_never_a_credit')
    await move('settlement', 100n)
    expect(await read()).toMatchObject({ owed: 0n, given: -100n })
    expect(await order()).toEqual({ order: expect.any(Number) })
  })

  test('a refund of an order pays what is owed, and the order got its money back', async () => {
    const { key, move, read } = await bookWith('1')
    const order = await placed(docket, key, { service: await onSale(docket, { rate: '1' }), quantity: 1000 })
    await move('reversal', -100_000n, 'dispute 4')
    expect(await read()).toMatchObject({ wallet: 0n, owed: -100_000n, sales: 100_000n })
    await tell(docket, order, 'Canceled')
    expect(await read()).toMatchObject({ wallet: 0n, owed: 0n, sales: 0n, paid_in: 0n })
  })

  test('a bonus comes from what is given, and what was spent of it is owed when it is taken back', async () => {
    const { move, read } = await bookWith('1')
    await move('bonus', 50_000n, 'bonus 1')
    await move('correction', -120_000n)
    await move('bonus', -50_000n, 'bonus 1 back')
    expect(await read()).toMatchObject({ wallet: 0n, owed: -20_000n, given: 0n, paid_in: 20_000n })
    await expect(move('bonus', -1n)).rejects.toThrow('given_is_never_taken')
    await expect(move('payout', -1n)).rejects.toMatchObject({ code: 'balance_too_low' })
  })

  test('compensations of before are told apart from sales, book by book, once', async () => {
    const { key, id, read } = await bookWith('10')
    const order = await placed(docket, key, { service: await onSale(docket, { rate: '1' }), quantity: 1000 })
    await docket.db.query('update books set wallet = wallet + 5000, sales = sales - 5000, lines = lines + 1 where id = $1', [id])
    await docket.db.query('update orders set refunded = refunded + 5000 where id = $1', [order])
    await docket.db.query(
      `insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, reference, note, at)
       select id, lines, 'compensation', 'sales', 'wallet', 5000, wallet, $2, 'start promise missed', 'late', now() from books where id = $1`,
      [id, order],
    )
    await docket.db.query(
      `insert into promises (order_id, promise, state, due_at, judge_at, judged_at, compensation_basis_points, compensation)
       values ($1, 'start', 'missed', now(), now(), now(), 500, 5000)`,
      [order],
    )
    const before = await read()
    while (await convertCompensations(docket.db, docket.clock.now(), 3));
    expect(await read()).toEqual({ ...before, sales: before.sales + 5000n, given: -5000n, lines: before.lines + 1n })
    expect(await convertCompensations(docket.db, docket.clock.now())).toBe(false)
    const { sums } = await readSummary(docket.db, id, await readWhole(docket.db, id))
    expect(sums).toMatchObject({ compensation: 5000n, correction: 0n })
  })

  test('whatever comes in any order: what is owed is never a credit, and stands beside an empty wallet only', async () => {
    // A commission moves like a bonus, and the audit asks for the payout of each.
    const causes = ['deposit', 'bonus', 'reversal', 'payout', 'settlement', 'correction'] as const
    const move = fc.record({ cause: fc.constantFrom(...causes), amount: fc.bigInt({ min: 1n, max: 500n }), isDown: fc.boolean() })
    const { id, read, move: book } = await bookWith('0')
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 12 }), async (moves) => {
        for (const { cause, amount, isDown } of moves) {
          const isAlwaysDown = cause === 'payout' || cause === 'reversal'
          const isAlwaysUp = cause === 'deposit' || cause === 'settlement'
          const before = await read()
          const refused = await book(cause, isAlwaysDown || (isDown && !isAlwaysUp) ? -amount : amount).then(
            () => false,
            () => true,
          )
          const after = await read()
          if (refused) expect(after).toEqual(before)
          expect(after.paid_in + after.wallet + after.sales + after.given + after.owed).toBe(0n)
          expect(after.owed <= 0n && after.given <= 0n && (after.owed === 0n || after.wallet === 0n)).toBe(true)
        }
      }),
      { numRuns: 40 },
    )
    await openSealing(docket.db).seal()
    const { opening, sums, closing } = await readSummary(docket.db, id, await readWhole(docket.db, id))
    expect(Object.values(sums).reduce((sum, each) => sum + each, opening)).toBe(closing)
  })
})
