import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { openCatalogue } from '../../server/catalog/catalogue.ts'
import { chargeFor } from '../../server/catalog/price.ts'
import { workPromises } from '../../server/fulfilment/promises.ts'
import { divideHalfUp, parseDecimal } from '../../server/ledger/money.ts'
import { requestCancels } from '../../server/orders/cancel.ts'
import { openPlacing } from '../../server/orders/place.ts'
import type { PricedOrder } from '../../server/orders/priced-order.ts'
import { type Progress, settle } from '../../server/orders/settle.ts'
import { booksBalance, openDocket } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { onSale } from '../support/on-sale.ts'

const ORDERS = 10_000
const BOOKS = 12
const RATES = ['0.9', '1.23457', '33.3', '0.00007', '999.99999', '0']
/** Null: a miss cancels. */
const SHARES = [null, 1, 333, 5000, 10_000]

interface Life {
  readonly quantity: number
  readonly rate: string
  readonly service: number
  readonly news: readonly { status: OrderStatus | null; remains: number | null; cancel: boolean }[]
}
const word = fc.constantFrom<OrderStatus | null>(null, null, 'Processing', 'In progress', 'Completed', 'Partial', 'Canceled')
const life: fc.Arbitrary<Life> = fc.record({
  quantity: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100_000 })),
  rate: fc.constantFrom(...RATES),
  service: fc.nat(SHARES.length - 1),
  news: fc.array(
    fc.record({
      status: word,
      remains: fc.option(fc.oneof(fc.integer({ min: -10, max: 25 }), fc.integer({ min: -100, max: 150_000 }))),
      cancel: fc.boolean(),
    }),
    { minLength: 4, maxLength: 4 },
  ),
})

interface Ended {
  id: bigint
  status: OrderStatus
  quantity: bigint
  remains: bigint
  charge: bigint
  refunded: bigint
  refunds: bigint
  paid: bigint[]
  shares: number[]
}

describe('ten thousand promised lives, each told and judged by several at once', () => {
  const docket = openDocket()
  beforeAll(() => guardFeed(docket.db))
  let lives: Life[]
  let ids: readonly bigint[]
  let ended: Ended[]

  beforeAll(async () => {
    const services: number[] = []
    for (const share of SHARES) {
      services.push(await onSale(docket, { cancel: true, start_within: 10, finish_within: 20, compensation_basis_points: share }))
    }
    const accounts = await Promise.all(Array.from({ length: BOOKS }, () => docket.account({ balance: '10000000' })))
    const { rows: books } = await docket.db.query<{ id: number }>('select id from books where account_id = any($1) order by id', [
      accounts.map(({ account }) => account),
    ])
    lives = fc.sample(life, ORDERS)
    ids = await placeAll(
      services,
      books.map((book) => book.id),
    )
    // Half of them are at somebody.
    await docket.db.query('update orders set sent = true where id % 2 = 0')
    for (let round = 0; round < 4; round += 1) {
      await playRound(
        round,
        books.map((book) => book.id),
      )
      docket.clock.forward({ minutes: 8 })
    }
    const { rows } = await docket.db.query<Omit<Ended, 'paid'> & { paid: string[] }>(
      `select o.id, o.status::text, o.quantity, o.remains, o.charge, o.refunded,
         coalesce((select sum(t.amount) from transfers t where t.order_id = o.id and t.cause = 'refund'), 0)::bigint as refunds,
         array(select t.amount from transfers t where t.order_id = o.id and t.cause = 'compensation' order by t.line) as paid,
         array(select p.compensation_basis_points from promises p where p.order_id = o.id and p.compensation > 0) as shares
       from orders o order by o.id`,
    )
    // Of an array the driver leaves the digits.
    ended = rows.map((row) => ({ ...row, paid: row.paid.map(BigInt) }))
  })

  async function placeAll(services: readonly number[], books: readonly number[]): Promise<bigint[]> {
    const catalogue = await openCatalogue(docket.db)
    const placing = openPlacing({ db: docket.db, catalogue, now: docket.clock.now, queueLimit: ORDERS })
    return Promise.all(
      lives.map(({ rate, quantity, service }, index) => {
        const bookId = books[index % BOOKS]!
        const order: PricedOrder = {
          bookId,
          keyId: 0,
          serviceId: services[service]!,
          supplierId: null,
          kind: 'single',
          quantity: BigInt(quantity),
          charge: chargeFor(parseDecimal(rate), BigInt(quantity), false),
          rate,
          rateSource: null,
          link: `p${index}`,
          parameters: null,
          activeLink: null,
          capped: false,
          retry: null,
          post: null,
        }
        return placing.place(bookId, () => order)
      }),
    )
  }

  /** News, cancels and two nodes' judgements, all at once. */
  async function playRound(round: number, books: readonly number[]) {
    const batches: Progress[][] = [[], [], []]
    const cancels = new Map<number, string[]>()
    lives.forEach(({ news }, index) => {
      const { status, remains, cancel } = news[round]!
      const book = books[index % BOOKS]!
      if (status) {
        const told = { orderId: ids[index]!, status, startCount: null, remains: remains === null ? null : BigInt(remains), words: null }
        batches[index % 3]!.push(told)
        batches[(index + 1) % 3]!.push(told)
      }
      const own = cancels.get(book) ?? []
      if (cancel && own.length < 20) cancels.set(book, [...own, String(ids[index])])
    })
    const judging = async () => {
      while ((await workPromises(docket.db, docket.clock.now)) > 0);
    }
    await Promise.all([
      judging(),
      judging(),
      ...batches.map((batch) => settle(docket.db, batch, 'test', docket.clock.now())),
      ...[...cancels].map(([book, orders]) => requestCancels(docket.db, book, orders, docket.clock.now())),
    ])
  }

  test('M8 refunds and compensations together never exceed the charge', () => {
    expect(ended).toHaveLength(ORDERS)
    const wrong = ended.filter(({ charge, refunded, refunds, paid }) => {
      const back = refunds + sum(paid)
      return back !== refunded || back > charge || paid.length > 2
    })
    expect(wrong).toEqual([])
    // Enough of each to mean something: there are about 240 and 120, as chance has it.
    expect(ended.filter(({ paid }) => paid.length === 2).length).toBeGreaterThan(30)
    expect(ended.filter(({ paid, refunds }) => paid.length > 0 && refunds > 0n).length).toBeGreaterThan(30)
  })

  test('M9 each compensation is its share, half up, or what was left', () => {
    const wrong = ended.filter(({ charge, refunded, paid, shares }) => {
      const share = divideHalfUp(charge * BigInt(shares[0] ?? 0), 10_000n)
      return paid.some((amount) => amount > share || (amount < share && refunded !== charge))
    })
    expect(wrong).toEqual([])
  })

  test('M9 what is kept of a partial order is what was delivered, less what was promised', () => {
    const wrong = ended.filter(({ status, charge, refunded, quantity, remains, paid }) => {
      if (status === 'Canceled') return refunded !== charge
      if (status !== 'Partial') return refunded !== sum(paid)
      const left = remains < 0n ? 0n : remains > quantity ? quantity : remains
      const wanted = divideHalfUp(charge * left, quantity) + sum(paid)
      return refunded !== (wanted < charge ? wanted : charge)
    })
    expect(wrong).toEqual([])
  })

  test('every promise was judged once, and the books balance', async () => {
    while ((await workPromises(docket.db, docket.clock.now)) > 0);
    const { rows } = await docket.db.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from promises group by state',
    )
    expect(rows.map((row) => row.state).toSorted()).toEqual(['kept', 'missed', 'void'])
    expect(rows.reduce((total, row) => total + row.count, 0)).toBe(2 * ORDERS)
    await booksBalance(docket.db)
  })
})

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n)
}
