import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { transaction } from '../../server/db/pool.ts'
import { post } from '../../server/ledger/post.ts'
import { credit, takeBack } from '../../server/payments/credit.ts'
import { giveBonus } from '../../server/payments/owing.ts'
import { isRefusal } from '../../server/refusal.ts'
import { onSale } from '../support/on-sale.ts'
import { tell } from '../support/order-life.ts'
import { bookNow, openPaymentDocket } from './world.ts'

const CENT = 1000n
const SELLER = { name: 'Panel', address: null, taxId: null }
const RECEIPTS = 4
const REVERSALS = 5

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('receipt' as const), n: fc.nat(RECEIPTS - 1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('reversal' as const),
      n: fc.nat(REVERSALS - 1),
      state: fc.constantFrom('taken' as const, 'won back' as const),
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('order' as const), quantity: fc.integer({ min: 1, max: 4000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      n: fc.nat(9),
      status: fc.constantFrom('Canceled' as const, 'Partial' as const, 'Completed' as const),
      remains: fc.nat(4000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bonus' as const), cents: fc.integer({ min: 1, max: 2000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('payout' as const), cents: fc.integer({ min: 1, max: 3000 }) }) },
)

const life = fc.record({
  // What each receipt is of, and what comes on top of it.
  receipts: fc.array(fc.record({ cents: fc.integer({ min: 1, max: 5000 }), bonusCents: fc.nat(500) }), {
    minLength: RECEIPTS,
    maxLength: RECEIPTS,
  }),
  // Which receipt each reversal is of, and how much of it goes back.
  reversals: fc.array(fc.record({ of: fc.nat(RECEIPTS - 1), cents: fc.integer({ min: 1, max: 6000 }) }), {
    minLength: REVERSALS,
    maxLength: REVERSALS,
  }),
  steps: fc.array(step, { minLength: 10, maxLength: 60 }),
})

describe('any life of an account', () => {
  const docket = openPaymentDocket()

  test('what was paid in is the cash that was kept, nobody owes less than nothing, and the statement adds up', async () => {
    const service = await onSale(docket, { rate: '9', cancel: true })
    const { rows } = await docket.db.query<{ id: number }>(
      `insert into payment_methods (gateway, name, is_on, hook_token) values ('manual', 'any', true, 'any life') returning id`,
    )
    const methodId = rows[0]!.id
    const seen = new Set<string>()
    let lives = 0

    const property = fc.asyncProperty(life, async ({ receipts, reversals, steps }) => {
      const { account, key } = await docket.account({ balance: '0' })
      const bookId = (await docket.db.query<{ id: number }>('select id from books where account_id = $1 and not play', [account])).rows[0]!
        .id
      const run = (lives += 1)
      const whole = (cents: number) => ({ amount: { digits: BigInt(cents), places: 2 }, currency: 'USD' })
      // What must be true, kept by nothing but what happened.
      let cash = 0n
      const left = new Map<number, bigint>()
      const taken = new Map<number, { readonly units: bigint; state: 'taken' | 'won back' }>()
      const orders: number[] = []
      const now = () => docket.clock.now()

      const play = {
        async receipt(n: number) {
          const { cents, bonusCents } = receipts[n]!
          const units = BigInt(cents) * CENT
          const arrived = { id: `r${run} ${n}`, at: now(), fee: null, late: false, ...whole(cents) }
          const { credited } = await transaction(docket.db, (tx) =>
            credit(
              tx,
              {
                methodId,
                receipt: arrived,
                paymentId: null,
                bookId,
                units,
                bonus: BigInt(bonusCents) * CENT,
                reference: `r${run} ${n}`,
                note: 'any',
                why: null,
                evidence: {},
                by: 'gateway',
              },
              SELLER,
              now(),
            ),
          )
          expect(credited).toBe(!left.has(n))
          if (!credited) return 'receipt again'
          left.set(n, units)
          cash += units
          return 'receipt'
        },
        async reversal(n: number, state: 'taken' | 'won back') {
          const { of, cents } = reversals[n]!
          const told = {
            id: `v${run} ${n}`,
            receiptId: `r${run} ${of}`,
            kind: 'chargeback' as const,
            state,
            at: now(),
            key: null,
            ...whole(cents),
          }
          await transaction(docket.db, (tx) => takeBack(tx, methodId, told, { note: 'any', by: 'gateway', seller: SELLER }, now()))
          const rest = left.get(of)
          if (rest === undefined) return 'reversal before its receipt'
          const known = taken.get(n)
          const units = known?.units ?? (BigInt(cents) * CENT < rest ? BigInt(cents) * CENT : rest)
          if (!known) {
            taken.set(n, { units, state: 'taken' })
            left.set(of, rest - units)
            cash -= units
          }
          const one = taken.get(n)!
          if (state !== 'won back' || one.state === 'won back') return known ? 'reversal again' : 'reversal'
          one.state = 'won back'
          left.set(of, left.get(of)! + units)
          cash += units
          return 'won back'
        },
        async order(quantity: number) {
          const { owed } = await bookNow(docket, bookId)
          const answer = await docket.call({ key, action: 'add', service, link: 'https://example.com/p', quantity })
          if (answer.order === undefined) return owed < 0n ? 'no order while owing' : 'no order without money'
          expect(owed).toBe(0n)
          orders.push(answer.order)
          return 'order'
        },
        async end(n: number, status: 'Canceled' | 'Partial' | 'Completed', remains: number) {
          const order = orders[n]
          if (order === undefined) return 'no such order'
          await tell(docket, order, status, { remains })
          return status
        },
        async bonus(cents: number) {
          await transaction(docket.db, (tx) =>
            giveBonus(tx, { id: account, currency: 'USD' }, { amount: BigInt(cents) * CENT, note: 'any', reference: null }, now()),
          )
          return 'bonus'
        },
        async payout(cents: number) {
          const amount = BigInt(cents) * CENT
          const before = await bookNow(docket, bookId)
          const wanted = transaction(docket.db, (tx) =>
            post(tx, { bookId, cause: 'payout', amount, note: 'any', reference: null, at: now() }),
          )
          const isDone = await wanted.then(
            () => true,
            (error: unknown) => {
              if (isRefusal(error) || before.wallet < amount) return false
              throw error
            },
          )
          expect(isDone).toBe(before.wallet >= amount)
          if (isDone) cash -= amount
          return isDone ? 'payout' : 'no payout'
        },
      }

      for (const each of steps) {
        seen.add(
          each.kind === 'receipt'
            ? await play.receipt(each.n)
            : each.kind === 'reversal'
              ? await play.reversal(each.n, each.state)
              : each.kind === 'order'
                ? await play.order(each.quantity)
                : each.kind === 'end'
                  ? await play.end(each.n, each.status, each.remains)
                  : await play[each.kind](each.cents),
        )
        const book = await bookNow(docket, bookId)
        expect(-book.paid_in).toBe(cash)
        expect(book.owed <= 0n && book.wallet >= 0n && book.given <= 0n && (book.owed === 0n || book.wallet === 0n)).toBe(true)
      }
      await expectStatementAddsUp(bookId)
    })
    await fc.assert(property, { numRuns: 100 })

    expect([...seen].toSorted()).toEqual(expect.arrayContaining(['order', 'no order while owing', 'payout', 'receipt again', 'reversal', 'reversal before its receipt', 'won back'])) // prettier-ignore
  })

  /** Each line moves its amount from one account to another; together, in their order, they make the book and the balance after each. */
  async function expectStatementAddsUp(bookId: number) {
    const { rows } = await docket.db.query<{ line: bigint; taken_from: string; given_to: string; amount: bigint; wallet_after: bigint }>(
      'select line, taken_from::text, given_to::text, amount, wallet_after from transfers where book_id = $1 order by line',
      [bookId],
    )
    const accounts: Record<string, bigint> = { paid_in: 0n, wallet: 0n, sales: 0n, given: 0n, owed: 0n }
    for (const [at, { line, taken_from: from, given_to: to, amount, wallet_after: after }] of rows.entries()) {
      accounts[from]! -= amount
      accounts[to]! += amount
      expect(line).toBe(BigInt(at + 1))
      expect(after).toBe(accounts['wallet'])
    }
    const { rows: books } = await docket.db.query('select paid_in, wallet, sales, given, owed from books where id = $1', [bookId])
    expect(books).toEqual([accounts])
  }
})
