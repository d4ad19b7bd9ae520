import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { sqlFunction } from '../../server/db/call.ts'
import { transaction } from '../../server/db/pool.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { settle } from '../../server/orders/settle.ts'
import { attributeReferral } from '../../server/referrals/attribute.ts'
import { payDueCommissions } from '../../server/referrals/pay.ts'
import { readReferredBooks } from '../../server/referrals/read-books.ts'
import { endReferral, referralOf } from '../../server/referrals/referrals.ts'
import { makeReferrer } from '../../server/referrals/referrers.ts'
import { booksBalance, openDocket } from '../support/docket.ts'
import { onSale } from '../support/on-sale.ts'
import { inShape } from '../support/wire.ts'

const DAYS = 7
const POST = sqlFunction('post_transfer', ['book', 'cause', 'amount', 'order', 'reference', 'note', 'at', 'downwards'])

const who = fc.nat(2)
const units = fc.integer({ min: 1, max: 3_000_000 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('order' as const), who, quantity: fc.integer({ min: 1, max: 9000 }) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('tell' as const), order: fc.nat(), status: fc.constantFrom<OrderStatus>('In progress', 'Completed', 'Completed', 'Partial', 'Canceled'), remains: fc.integer({ min: 0, max: 9000 }) }) }, // prettier-ignore
  { weight: 2, arbitrary: fc.constant({ do: 'compensate' as const }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('chargeback' as const), who, units: fc.integer({ min: 1, max: 9_000_000 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deposit' as const), who, units }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('excuse' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 200 }) }) },
  { weight: 2, arbitrary: fc.constant({ do: 'read' as const }) },
  { weight: 5, arbitrary: fc.constant({ do: 'pay' as const }) },
)

describe('commissions over orders, refunds and reversals', () => {
  const docket = openDocket()
  const now = () => docket.clock.now()

  /** Three accounts that one customer has brought, at different shares. */
  async function house() {
    const referrer = (await docket.account({ balance: '1' })).account
    const shares = [500, 1234, 9999]
    const brought = []
    for (const basisPoints of shares) {
      const { account, key } = await docket.account({ balance: '50' })
      await transaction(docket.db, async (tx) => {
        const { code } = await makeReferrer(tx, referrer, now())
        const opened = {
          accountId: account,
          email: `${account}@brought.example`,
          currency: 'USD',
          code,
          address: '203.0.113.9',
          browser: undefined,
        }
        await attributeReferral(tx, opened, { isOn: true, basisPoints, days: DAYS, least: 1n }, now())
      })
      const { rows } = await docket.db.query<{ book: number }>('select id as book from books where account_id = $1 and not play', [account])
      brought.push({ account, key, book: rows[0]!.book, basisPoints, ended: false })
    }
    return { referrer, brought }
  }

  type House = Awaited<ReturnType<typeof house>>

  /** The share of what was kept and is ripe, from the raw rows and nothing of ours: cut for each order, and what was taken back counted in full. */
  async function shareOf({ brought }: House, everything = false): Promise<bigint> {
    let share = 0n
    for (const { book, basisPoints, ended } of brought) {
      if (ended) continue
      const { rows } = await docket.db.query<{ kept: bigint; ripe: boolean }>(
        `select (select sum(case when t.cause = 'charge' then t.amount else -t.amount end) from transfers t where t.order_id = o.id)::bigint as kept,
          o.ended and (o.ended_at + make_interval(days => $2) <= $3 or $4) as ripe from orders o where o.book_id = $1`,
        [book, DAYS, now(), everything],
      )
      const lines = (await docket.db.query<{ cause: string; from: string; to: string; amount: bigint }>(
        `select cause::text, taken_from::text as from, given_to::text as to, amount from transfers where book_id = $1 order by line`, [book])).rows // prettier-ignore
      let unpaid = 0n
      for (const { from, to, amount } of lines) {
        if (from === 'owed') unpaid += amount
        else if (to === 'owed' && from === 'wallet') unpaid -= amount
      }
      const kept = rows.reduce((sum, row) => sum + row.kept, 0n)
      const lost = unpaid < kept ? unpaid : kept
      for (const row of rows) if (row.ripe) share += (row.kept * BigInt(basisPoints)) / 10_000n
      share -= (lost * BigInt(basisPoints) + 9999n) / 10_000n
    }
    return share
  }

  async function paidTo(referrer: number): Promise<bigint> {
    const { rows } = await docket.db.query<{ paid: bigint }>(
      `select coalesce(sum(t.amount), 0)::bigint as paid from transfers t join books b on b.id = t.book_id
       where b.account_id = $1 and t.cause::text = 'commission' and t.given_to = 'wallet'`,
      [referrer],
    )
    return rows[0]!.paid
  }

  test('never come to more than the share of what was kept, whatever happens in which order', async () => {
    const service = await onSale(docket, { rate: '0.777', start_within: 600, finish_within: 86_400, compensation_basis_points: 3333 })
    let names = 0
    const lives = fc.asyncProperty(fc.array(step, { minLength: 25, maxLength: 70 }), async (steps) => {
      const at = await house()
      const orders: number[] = []
      const pick = (n: number) => orders[n % orders.length]

      async function take(one: (typeof steps)[number]): Promise<void> {
        names += 1
        switch (one.do) {
          case 'order': {
            const call = { key: at.brought[one.who]!.key, action: 'add', service, link: `p${names}`, quantity: one.quantity }
            const answer = await inShape(await docket.request(call))
            if (answer.order) orders.push(answer.order)
            else expect(answer.error).toMatch(/^Not enough funds/)
            return
          }
          case 'tell': {
            const order = pick(one.order)
            if (order === undefined) return
            const told = { orderId: BigInt(order), status: one.status, startCount: null, remains: BigInt(one.remains), words: null }
            await settle(docket.db, [told], 'test', now())
            return
          }
          case 'compensate':
            // Promises that were missed long ago are paid back now: also of orders that have ended, and of commissions that are ripe or paid.
            await workPromises(docket.db, now)
            return
          case 'chargeback':
          case 'deposit': {
            const isDeposit = one.do === 'deposit'
            const call = {
              book: at.brought[one.who]!.book,
              amount: one.units,
              order: null,
              reference: `money ${names}`,
              note: null,
              at: now(),
            }
            await docket.db.query(POST.call({ ...call, cause: isDeposit ? 'deposit' : 'reversal', downwards: !isDeposit }))
            return
          }
          case 'excuse': {
            const { book } = at.brought[one.who]!
            const { rows } = await docket.db.query<{ owed: bigint }>('select -owed as owed from books where id = $1', [book])
            if (rows[0]!.owed === 0n) return
            await docket.db.query(POST.call({ book, cause: 'settlement', amount: rows[0]!.owed, order: null, reference: `excused ${names}`, note: null, at: now(), downwards: false })) // prettier-ignore
            return
          }
          case 'wait':
            docket.clock.forward({ hours: one.hours })
            return
          case 'read':
            await readReferredBooks(docket.db, now())
            return
          case 'pay': {
            const [before, share] = [await paidTo(at.referrer), await shareOf(at)]
            // Two nodes at once pay no more than one.
            await Promise.all([payDueCommissions(docket.db, { least: 1n }, now()), payDueCommissions(docket.db, { least: 1n }, now())])
            const after = await paidTo(at.referrer)
            expect(after <= (share > before ? share : before), `${after} paid of ${share}, ${before} before`).toBe(true)
            return
          }
          default:
            return one satisfies never
        }
      }

      for (const one of steps) await take(one)
      // Everything ends, ripens and is read: then it is exactly the share, unless more had been paid before it was given back.
      for (const order of orders) {
        const told = { orderId: BigInt(order), status: 'Completed' as const, startCount: null, remains: null, words: null }
        await settle(docket.db, [told], 'test', now())
      }
      docket.clock.forward({ days: DAYS + 1 })
      await workPromises(docket.db, now)
      while (!(await readReferredBooks(docket.db, now())));
      const before = await paidTo(at.referrer)
      await payDueCommissions(docket.db, { least: 1n }, now())
      const share = await shareOf(at, true)
      expect(await paidTo(at.referrer)).toBe(share > before ? share : before)
      await booksBalance(docket.db)
      // Whoever is ended for abuse earns nothing more.
      const { id } = (await referralOf(docket.db, at.brought[0]!.account))!
      await transaction(docket.db, (tx) => endReferral(tx, id, 'test', now()))
    })
    await fc.assert(lives, { numRuns: 40, seed: 18, endOnFailure: true })
    // The lives have met what they are about: late refunds, and money that was taken back and not paid again.
    const { rows } = await docket.db.query<{ payouts: bigint; takenOff: bigint; unpaid: bigint }>(
      `select (select count(*) from commission_payouts) as payouts, (select count(*) from commission_parts where amount < 0) as "takenOff",
        (select count(*) from commissions where order_id is null) as unpaid`,
    )
    expect(Number(rows[0]!.payouts)).toBeGreaterThan(25)
    expect(Number(rows[0]!.takenOff)).toBeGreaterThan(2)
    expect(Number(rows[0]!.unpaid)).toBeGreaterThan(5)
  })
})
