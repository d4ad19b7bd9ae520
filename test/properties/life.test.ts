import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { OrderStatus } from '../../contract/statuses.ts'
import { openCatalogue, readCatalogue } from '../../server/catalog/catalogue.ts'
import { chargeFor } from '../../server/catalog/price.ts'
import { fund } from '../../server/payments/fund.ts'
import { formatUnits, parseDecimal } from '../../server/ledger/money.ts'
import { requestCancels } from '../../server/orders/cancel.ts'
import { openPlacing } from '../../server/orders/place.ts'
import type { PricedOrder } from '../../server/orders/priced-order.ts'
import { type Progress, settle } from '../../server/orders/settle.ts'
import { booksBalance, openDocket } from '../support/docket.ts'
import { guardFeed } from '../support/feed-guard.ts'
import { onSale } from '../support/on-sale.ts'
import { inShape } from '../support/wire.ts'

const word = fc.constantFrom<OrderStatus>('Pending', 'Processing', 'In progress', 'Completed', 'Partial', 'Canceled')

describe('many lives at once', () => {
  const docket = openDocket()
  beforeAll(() => guardFeed(docket.db))

  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ do: fc.constant('add' as const), account: fc.nat(2), service: fc.nat(2), quantity: fc.integer({ min: 1, max: 3000 }), runs: fc.option(fc.integer({ min: 2, max: 5 })), name: fc.option(fc.nat(5)) }) }, // prettier-ignore
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('tell' as const),
        order: fc.nat(),
        status: word,
        remains: fc.option(fc.integer({ min: -50, max: 3500 })),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('cancel' as const),
        account: fc.nat(2),
        orders: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('refill' as const),
        account: fc.nat(2),
        orders: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('send' as const), order: fc.nat() }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('fund' as const),
        account: fc.nat(2),
        units: fc.integer({ min: -30_000, max: 50_000 }),
        reference: fc.option(fc.nat(3)),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), hours: fc.nat(30) }) },
  )

  test('M8 whatever happens together, the books balance', async () => {
    const services = [await onSale(docket, { rate: '0.333', cancel: true, dripfeed: true, refill: true }), await onSale(docket, { rate: '7.77777', cancel: true, one_active_link: true, dripfeed: true }), await onSale(docket, { rate: '0', cancel: true, refill: true, dripfeed: true })] // prettier-ignore
    const lives = fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 60 }),
      fc.integer({ min: 1, max: 12 }),
      async (steps, abreast) => {
        const accounts = await Promise.all(Array.from({ length: 3 }, () => docket.account({ balance: '20' })))
        const placed: number[] = []
        const pick = (at: number) => placed[at % Math.max(1, placed.length)] ?? 1

        async function take(one: (typeof steps)[number]): Promise<void> {
          switch (one.do) {
            case 'add': {
              const { key } = accounts[one.account]!
              const named = one.name === null ? {} : { idempotency_key: `name ${one.name}` }
              const runs = one.runs === null ? {} : { runs: one.runs, interval: 5 }
              const answer = await inShape(
                await docket.request({
                  key,
                  action: 'add',
                  service: services[one.service],
                  link: `p${one.quantity % 4}`,
                  quantity: one.quantity,
                  ...runs,
                  ...named,
                }),
              )
              if (answer.order) placed.push(answer.order)
              else expect(answer.error).toMatch(/^(Not enough funds|You have active order|Idempotency key was used)/)
              return
            }
            case 'tell': {
              const remains = one.remains === null ? null : BigInt(one.remains)
              await settle(
                docket.db,
                [{ orderId: BigInt(pick(one.order)), status: one.status, startCount: null, remains, words: null }],
                'test',
                docket.clock.now(),
              )
              return
            }
            case 'cancel':
            case 'refill': {
              const ids = [...new Set(one.orders.map(pick))]
              const answers = await inShape(
                await docket.request({ key: accounts[one.account]!.key, action: one.do, orders: ids.join(',') }),
              )
              expect(answers.map((answer: { order: number }) => answer.order)).toEqual(ids)
              return
            }
            case 'send':
              await docket.db.query('update orders set sent = true where id = $1 and not ended', [pick(one.order)])
              return
            case 'fund': {
              const reference = one.reference === null ? null : `pay ${one.reference}`
              const movement = { amount: BigInt(one.units || 1), note: 'test', reference }
              // A reference that was booked with another amount is refused; so is taking more than there is.
              await fund(docket.db, accounts[one.account]!.account, movement, docket.clock.now()).catch((error: Error) =>
                expect(error.name).toBe('Refusal'),
              )
              return
            }
            case 'wait':
              docket.clock.forward({ hours: one.hours })
              return
            default:
              return one satisfies never
          }
        }

        for (let at = 0; at < steps.length; at += abreast) await Promise.all(steps.slice(at, at + abreast).map(take))
        await booksBalance(docket.db)
        // What was paid in is what is left and what was kept, to the last unit.
        for (const { key, account } of accounts) {
          const { rows } = await docket.db.query<{ paid: bigint; kept: bigint }>(
            `select -b.paid_in as paid, coalesce((select sum(o.charge - o.refunded) from orders o where o.book_id = b.id), 0)::bigint as kept
           from books b where b.account_id = $1 and not b.play`,
            [account],
          )
          expect(await docket.balance(key)).toBe(formatUnits(rows[0]!.paid - rows[0]!.kept))
        }
      },
    )
    await fc.assert(lives, { numRuns: 20, endOnFailure: true })
  })
})

describe('ten thousand lives', () => {
  const docket = openDocket()
  const ORDERS = 10_000
  const BOOKS = 20
  const RATES = ['0.9', '1.23457', '33.3', '0.00007', '999.99999', '0']

  interface Life {
    readonly quantity: number
    readonly rate: string
    readonly news: readonly { status: OrderStatus; remains: number | null; twice: boolean; cancel: boolean }[]
  }
  const life: fc.Arbitrary<Life> = fc.record({
    quantity: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100_000 })),
    rate: fc.constantFrom(...RATES),
    news: fc.array(fc.record({ status: word, remains: fc.option(fc.oneof(fc.integer({ min: -10, max: 25 }), fc.integer({ min: -100, max: 150_000 }))), twice: fc.boolean(), cancel: fc.boolean() }), { minLength: 1, maxLength: 4 }), // prettier-ignore
  })

  interface Ended {
    id: bigint
    charge: bigint
    refunded: bigint
    quantity: bigint
    remains: bigint
    status: OrderStatus
    refunds: number
    given_back: bigint
    expected_charge: bigint
  }
  let ended: Ended[]

  beforeAll(async () => {
    const service = await onSale(docket, { cancel: true })
    const accounts = await Promise.all(Array.from({ length: BOOKS }, () => docket.account({ balance: '10000000' })))
    const books = await Promise.all(
      accounts.map(
        async ({ account }) => (await docket.db.query<{ id: number }>('select id from books where account_id = $1', [account])).rows[0]!.id,
      ),
    )
    const lives = fc.sample(life, ORDERS)
    const ids = await placeAll(lives, books, service)
    for (let round = 0; round < 4; round += 1) await tellRound(lives, ids, books, round)
    const { rows } = await docket.db.query<Ended>(
      `select o.id, o.charge, o.refunded, o.quantity, o.remains, o.status::text, count(t.line)::int as refunds, coalesce(sum(t.amount), 0)::bigint as given_back
       from orders o left join transfers t on t.book_id = o.book_id and t.order_id = o.id and t.cause = 'refund'
       group by o.id order by o.id`,
    )
    const charges = new Map(
      ids.map((id, index) => [id, chargeFor(parseDecimal(lives[index]!.rate), BigInt(lives[index]!.quantity), false)]),
    )
    ended = rows.map((row) => ({ ...row, expected_charge: charges.get(row.id)! }))
  })

  async function placeAll(lives: readonly Life[], books: readonly number[], serviceId: number): Promise<bigint[]> {
    const catalogue = await openCatalogue(docket.db)
    expect((await readCatalogue(docket.db)).services.has(serviceId)).toBe(true)
    const placing = openPlacing({ db: docket.db, catalogue, now: docket.clock.now, queueLimit: ORDERS })
    return Promise.all(
      lives.map(({ rate, quantity }, index) => {
        const bookId = books[index % BOOKS]!
        const order: PricedOrder = {
          bookId,
          keyId: 0,
          serviceId,
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

  /** One turn of every life, in overlapping batches in parallel, with news that comes twice and cancels in between. */
  async function tellRound(lives: readonly Life[], ids: readonly bigint[], books: readonly number[], round: number) {
    const batches: Progress[][] = [[], [], [], []]
    const cancels = new Map<number, string[]>()
    lives.forEach(({ news }, index) => {
      const told = news[round]
      if (!told) return
      const remains = told.remains === null ? null : BigInt(told.remains)
      const item: Progress = { orderId: ids[index]!, status: told.status, startCount: null, remains, words: null }
      batches[index % 4]!.push(item)
      if (told.twice) batches[(index + 1) % 4]!.push(item)
      const book = books[index % BOOKS]!
      if (told.cancel && (cancels.get(book)?.length ?? 0) < 100) cancels.set(book, [...(cancels.get(book) ?? []), String(ids[index])])
    })
    await Promise.all([
      ...batches.map((batch) => settle(docket.db, batch, 'test', docket.clock.now())),
      ...[...cancels].map(([book, orders]) => requestCancels(docket.db, book, orders, docket.clock.now())),
    ])
  }

  test('M8 no refund ever exceeds its charge', () => {
    expect(ended).toHaveLength(ORDERS)
    const wrong = ended.filter(
      (order) =>
        order.charge !== order.expected_charge ||
        order.given_back > order.charge ||
        order.given_back !== order.refunded ||
        order.refunds > 1,
    )
    expect(wrong).toEqual([])
    // Enough of each to mean something.
    for (const status of ['Completed', 'Partial', 'Canceled'])
      expect(ended.filter((order) => order.status === status).length).toBeGreaterThan(500)
  })

  test('M9 kept and refunded are the charge, half up', () => {
    const wrong = ended.filter((order) => {
      if (order.status === 'Canceled') return order.refunded !== order.charge
      if (order.status !== 'Partial') return order.refunded !== 0n
      const remains = order.remains < 0n ? 0n : order.remains > order.quantity ? order.quantity : order.remains
      const [twice, exact] = [2n * order.refunded * order.quantity, 2n * order.charge * remains]
      return !(twice - order.quantity <= exact && exact < twice + order.quantity)
    })
    expect(wrong).toEqual([])
    const kept = ended.reduce((sum, order) => sum + order.charge - order.refunded, 0n)
    const refunded = ended.reduce((sum, order) => sum + order.given_back, 0n)
    expect(kept + refunded).toBe(ended.reduce((sum, order) => sum + order.charge, 0n))
  })

  test('M10 the database refuses to change what was booked', async () => {
    for (const forbidden of [
      'update transfers set amount = amount + 1',
      'delete from transfers',
      'truncate transfers cascade',
      'update orders set charge = charge + 1',
      'update orders set quantity = quantity + 1',
      `update orders set rate = '0'`,
      'delete from orders',
      'truncate orders',
      'update orders set refunded = charge + 1',
      'update books set wallet = wallet + 1',
      'update books set wallet = -1, sales = sales + wallet + 1',
    ]) {
      await expect(docket.db.query(forbidden)).rejects.toThrow(
        /append-only|never changes|refunds_never_exceed_the_charge|book_sums_to_zero|balance_is_never_negative/,
      )
    }
  })
})
