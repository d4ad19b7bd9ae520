import { expect, test } from 'vitest'
import { type Add, openHistory } from '../nemesis/history.ts'
import type { Observed, StoredOrder } from '../nemesis/observe.ts'
import { judgeRound, type RoundTimes } from './judge.ts'

const account = { account: 1, book: 10, key: 'k', paidIn: 500_000n }
const RATE = 100_000n
const times: RoundTimes = { from: 0, faultAt: 1000, behindFrom: undefined }

/** A second of orders, ten seconds without, and one more; `changes` make it a lie. */
function add(name: string, order: string, sentAt: number, changes: Partial<Add> = {}): Add {
  const link = `https://example.com/${name}`
  return {
    account: 1,
    node: 0,
    service: 1,
    quantity: 1000,
    link,
    retryKey: undefined,
    maxCharge: undefined,
    sentAt,
    answeredAt: sentAt + 5,
    outcome: 'placed',
    order,
    ...changes,
  }
}

function stored({ link, order }: Add): StoredOrder {
  return {
    id: order!,
    book: 10,
    service: 1,
    quantity: 1000,
    charge: RATE,
    refunded: 0n,
    link,
    chargedByLines: RATE,
    chargeLines: 1,
    refundedByLines: 0n,
  }
}

function judged(adds: Add[], orders: StoredOrder[], changes: Partial<RoundTimes> = {}) {
  const history = openHistory([account])
  history.adds.push(...adds)
  history.prices.push({ service: 1, unitsPer1000: RATE, from: -1e9, until: 1e12 })
  const wallet = account.paidIn - RATE * BigInt(orders.length)
  const books = [{ book: 10, wallet, deposits: account.paidIn, corrections: 0n }]
  const observed: Observed = {
    orders,
    books,
    retryKeys: [],
    statuses: new Map(),
    shownToOthers: [],
    balances: new Map(),
    walletsBefore: new Map(),
    auditFaults: [],
  }
  const { violations, ...round } = judgeRound(history, observed, { ...times, ...changes }, new Set())
  return { ...round, kinds: violations.map(({ kind }) => kind) }
}

const [before, last, after] = [add('a', '1', 500), add('b', '2', 990), add('c', '3', 11_000)]

test('a round in which everything is true tells how long nothing was acknowledged', () => {
  expect(judged([before, last, after], [before, last, after].map(stored))).toMatchObject({
    kinds: [],
    withoutServiceMs: 10_010,
    acknowledged: 3,
    lost: 0,
    longestWaitMs: 5,
  })
})

test('a service that does not come back is away until the last attempt', () => {
  const unheard = add('c', '3', 40_000, { outcome: 'lost' })
  expect(judged([before, last, unheard], [before, last].map(stored)).withoutServiceMs).toBe(40_005 - 995)
})

test('with synchronous commits, an acknowledged order that is gone is a fault', () => {
  const round = judged([before, last, after], [before, after].map(stored))
  expect(round).toMatchObject({ lost: 1, kinds: ['acknowledged order does not exist'] })
})

test('with asynchronous ones, it is counted, and none that was acknowledged before the standbys fell behind', () => {
  expect(judged([before, last, after], [before, after].map(stored), { behindFrom: 700 })).toMatchObject({ lost: 1, kinds: [] })
  expect(judged([before, last, after], [last, after].map(stored), { behindFrom: 700 }).kinds).toEqual(['acknowledged order does not exist'])
})

test('what the new leader acknowledged must be there, also for a request that began before', () => {
  const waited = add('c', '3', 995, { answeredAt: 11_000 })
  expect(judged([before, last, waited], [before, last].map(stored), { behindFrom: 700 }).kinds).toEqual([
    'acknowledged order does not exist',
  ])
  const others = { ...stored(after), id: '3', link: 'https://example.com/d' }
  const d = add('d', '3', 11_000)
  expect(judged([before, last, waited, d], [stored(before), stored(last), others], { behindFrom: 700 }).kinds).toContain(
    "acknowledged order is another's",
  )
})

test('an id of a lost order that is told again is a fault', () => {
  const again = add('c', '2', 11_000)
  expect(judged([before, last, again], [before, again].map(stored), { behindFrom: 700 })).toMatchObject({
    lost: 1,
    falselyAcknowledged: 1,
    kinds: ['id told twice'],
  })
})

test('two orders of one request are doubled', () => {
  const twice = { ...stored(last), id: '9' }
  expect(judged([before, last, after], [stored(before), stored(last), twice, stored(after)])).toMatchObject({ doubled: 1 })
})
