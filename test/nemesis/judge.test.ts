import { describe, expect, test } from 'vitest'
import { BOUND_MS, learn } from './customer.ts'
import { type Add, type History, openHistory } from './history.ts'
import { judge } from './judge.ts'
import type { Observed, StoredOrder } from './observe.ts'
import { planOf } from './plan.ts'

const PRICE = 100_000n

function history(...adds: Partial<Add>[]): History {
  const told = openHistory([
    { account: 1, book: 11, key: 'one', paidIn: 1_000_000n },
    { account: 2, book: 12, key: 'two', paidIn: 1_000_000n },
  ])
  told.prices.push({ service: 1001, unitsPer1000: PRICE, from: -1e9, until: 1e12 })
  told.adds.push(...adds.map((add) => ({ ...anAdd, ...add })))
  return told
}

const anAdd: Add = {
  account: 1,
  node: 0,
  service: 1001,
  quantity: 100,
  link: 'https://example.com/1',
  retryKey: undefined,
  maxCharge: undefined,
  sentAt: 1000,
  answeredAt: 1100,
  outcome: 'placed',
  order: '7',
}

const anOrder: StoredOrder = {
  id: '7',
  book: 11,
  service: 1001,
  quantity: 100,
  charge: 10_000n,
  refunded: 0n,
  link: 'https://example.com/1',
  chargedByLines: 10_000n,
  chargeLines: 1,
  refundedByLines: 0n,
}

/** Books and answers that follow from the orders, unless the case says otherwise. */
function observed(orders: readonly StoredOrder[], more: Partial<Observed> = {}): Observed {
  const books = [11, 12].map((book) => ({
    book,
    wallet: 1_000_000n - orders.reduce((sum, order) => (order.book === book ? sum + order.charge - order.refunded : sum), 0n),
    deposits: 1_000_000n,
    corrections: 0n,
  }))
  const statuses = new Map<string, Record<string, string>>(
    orders.map(({ id, book, link, quantity }) => [`${book - 10} ${id}`, { link, quantity: String(quantity), charge: '0.10000' }]),
  )
  return {
    orders,
    books,
    statuses,
    retryKeys: [],
    balances: new Map(),
    walletsBefore: new Map(),
    shownToOthers: [],
    auditFaults: [],
    ...more,
  }
}

const kinds = (told: History, so: Observed) => [...new Set(judge(told, so).map(({ kind }) => kind))].toSorted()

describe('the judge of the outside checker', () => {
  test('an honest history is clean', () => {
    expect(kinds(history({}), observed([anOrder]))).toEqual([])
  })

  test('an honest history of lost answers is clean whether or not the order is there', () => {
    const lost = { outcome: 'lost', order: undefined as never } as const
    expect(kinds(history(lost), observed([]))).toEqual([])
    expect(kinds(history(lost), observed([anOrder]))).toEqual([])
  })

  test.for<[string, Partial<Add>[], Observed, string[]]>([
    ['an acknowledged order that does not exist', [{}], observed([]), ['acknowledged order does not exist']],
    [
      "an acknowledged id that is another account's order",
      [{}, { account: 2, link: 'https://example.com/2' }],
      observed([{ ...anOrder, book: 12, link: 'https://example.com/2' }]),
      ["acknowledged order is another's", 'status'],
    ],
    [
      'another quantity',
      [{}],
      observed([{ ...anOrder, quantity: 200, charge: 20_000n, chargedByLines: 20_000n }]),
      ["acknowledged order is another's", 'charge by no price of that time', 'order is not what was asked for', 'status'],
    ],
    [
      'a charge by no price',
      [{}],
      observed([{ ...anOrder, charge: 9_000n, chargedByLines: 9_000n }]),
      ['charge by no price of that time', 'status'],
    ],
    ['a charge above max_charge', [{ maxCharge: 9_999n }], observed([anOrder]), ['charged above max_charge']],
    ['a request that became two orders', [{}], observed([anOrder, { ...anOrder, id: '8' }]), ['one request, several orders stored']],
    [
      'a retry key that was told two orders',
      [{ retryKey: 'k' }, { retryKey: 'k', order: '8' }],
      observed([anOrder], { retryKeys: [{ book: 11, key: 'k', order: '7' }] }),
      ['acknowledged order does not exist', 'one request, several orders told', 'retry key names another order', 'status'],
    ],
    ['an order that nobody asked for', [], observed([anOrder]), ['order that nobody asked for']],
    [
      'an order though nothing was said to be done',
      [{ outcome: 'not now' }],
      observed([anOrder]),
      ['told that nothing was done, but it was'],
    ],
    ['an order charged twice', [{}], observed([{ ...anOrder, chargeLines: 2, chargedByLines: 20_000n }]), ['order not charged once']],
    ['a request without an answer', [{ outcome: 'hung', answeredAt: 1000 + BOUND_MS }], observed([]), ['hung']],
    [
      'a balance that does not follow',
      [{}],
      observed([anOrder], {
        books: [
          { book: 11, wallet: 1n, deposits: 1_000_000n, corrections: 0n },
          { book: 12, wallet: 1_000_000n, deposits: 1_000_000n, corrections: 0n },
        ],
      }),
      ['balance'],
    ],
    ['a balance told wrong', [{}], observed([anOrder], { balances: new Map([[1, '10.00000']]) }), ['balance']],
    [
      'a status that the owner is refused',
      [{}],
      observed([anOrder], { statuses: new Map([['1 7', { error: 'Incorrect order ID' }]]) }),
      ['status'],
    ],
    ['an order shown to another key', [{}], observed([anOrder], { shownToOthers: ['7'] }), ['foreign order shown']],
    ['an audit that is not clean', [{}], observed([anOrder], { auditFaults: ['books: off by one'] }), ['audit']],
  ])('sees %s', ([, adds, so, seen]) => {
    expect(kinds(history(...adds), so)).toEqual(seen)
  })

  test('a hang while the checker had stopped the process is nobody’s fault', () => {
    const told = history({ outcome: 'hung', answeredAt: 1000 + BOUND_MS })
    told.stopped.push({ from: 2000, until: 4000 })
    expect(kinds(told, observed([]))).toEqual([])
  })

  test('what a restored backup forgot is forgiven, and nothing before or after it', () => {
    const told = history({}, { link: 'https://example.com/2', order: '8', sentAt: 3000, answeredAt: 3100 })
    told.setBack.push({ backupFrom: 1050, from: 2000, until: 2500 })
    expect(kinds(told, observed([{ ...anOrder, id: '9' }], { statuses: new Map() }))).toEqual(['acknowledged order does not exist'])
    const before = history({ answeredAt: 1040 })
    before.setBack.push({ backupFrom: 1050, from: 2000, until: 2500 })
    expect(kinds(before, observed([], { statuses: new Map() }))).toEqual(['acknowledged order does not exist'])
  })

  test.for<[number, object, Add['outcome']]>([
    [200, { order: 7 }, 'placed'],
    [200, { error: 'Not enough funds on balance' }, 'refused'],
    [429, { error: 'Too many requests', code: 'too_many_requests' }, 'not now'],
    [503, { error: 'busy', code: 'starting' }, 'not now'],
    [503, { error: 'not known', code: 'outcome_unknown' }, 'unknown'],
    [500, { error: 'fault', code: 'fault' }, 'unknown'],
  ])('learns from %s %j that the order is %s', ([status, body, outcome]) => {
    const add: Add = { ...anAdd, outcome: 'lost' }
    learn(add, { status, body })
    expect(add.outcome).toBe(outcome)
  })

  test('the same seed plays the same plan, another seed another', () => {
    expect(planOf({ seed: 5, seconds: 60 })).toEqual(planOf({ seed: 5, seconds: 60 }))
    expect(planOf({ seed: 5, seconds: 60 })).not.toEqual(planOf({ seed: 6, seconds: 60 }))
  })
})
