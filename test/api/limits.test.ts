import fc from 'fast-check'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { openRateLimits } from '../../server/api/rate-limit.ts'
import { migrate } from '../../server/db/migrate.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { type Node, startNode } from '../../server/main.ts'
import { settle } from '../../server/orders/settle.ts'
import { eventually } from '../support/clients.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { booksBalance, freshDatabase, movableClock, openDocket, type Parameters, send, testConfig } from '../support/docket.ts'
import { growHouse, grownKey } from '../support/grown-house.ts'
import { catalogueIsHeard, onSale } from '../support/on-sale.ts'
import { placed } from '../support/order-life.ts'
import { secondNode, urlsOf } from '../support/second-node.ts'
import { type Effort, effortOf, type Statement, statementsOf } from '../support/statements.ts'
import { rowCounts } from '../support/tables.ts'
import { inShape } from '../support/wire.ts'

/** Limits count by the minutes of the real clock: here it stands still, twenty seconds past one. */
const MINUTE = new Date('2026-03-01T12:00:20Z')

function standingClock() {
  beforeAll(() => void vi.useFakeTimers({ toFake: ['Date'], now: MINUTE }))
  afterAll(() => void vi.useRealTimers())
}

async function tally(answers: readonly Response[]): Promise<{ served: number; limited: number; refused: number }> {
  const counts = { served: 0, limited: 0, refused: 0 }
  for (const answer of answers) {
    if (answer.status === 429) {
      expect(await inShape(answer, 429)).toEqual({ error: 'Too many requests', code: 'too_many_requests' })
      expect(answer.headers.get('retry-after')).toBe(String(60 - new Date().getUTCSeconds()))
      counts.limited += 1
    } else if ('error' in (await inShape(answer))) counts.refused += 1
    else counts.served += 1
  }
  return counts
}

describe('S7 limits', () => {
  standingClock()
  const settings = { DOCKET_RATE_LIMIT: 'on', DOCKET_RATE_LIMIT_KEY: '50', DOCKET_RATE_LIMIT_UNKNOWN_KEYS: '10' }
  const docket = openDocket(settings)
  let second: Node

  beforeAll(async () => {
    second = await secondNode(docket, settings)
  })
  afterAll(() => second.stop())

  function nextMinute() {
    vi.setSystemTime(Date.now() + 60_000)
  }

  test('S7 a key’s requests are counted over two nodes exactly', async () => {
    const { key } = await docket.account()
    const other = await docket.account()
    const urls = urlsOf(docket)
    const flood = () =>
      Promise.all(Array.from({ length: 120 }, (_, index) => send(urls[index % 2]!, { key, action: index % 3 ? 'balance' : 'services' })))
    expect(await tally(await flood())).toEqual({ served: 50, limited: 70, refused: 0 })
    expect(await tally(await flood())).toEqual({ served: 0, limited: 120, refused: 0 })
    expect(await tally([await docket.request({ key: other.key, action: 'balance' })])).toEqual({ served: 1, limited: 0, refused: 0 })
    nextMinute()
    expect(await tally(await flood())).toEqual({ served: 50, limited: 70, refused: 0 })
  })

  test('S7 one after the other on alternating nodes, too', async () => {
    const { key } = await docket.account()
    const answers: Response[] = []
    for (let turn = 0; turn < 70; turn += 1) answers.push(await send(turn % 2 ? docket.node.url! : second.url!, { key, action: 'balance' }))
    expect(await tally(answers)).toEqual({ served: 50, limited: 20, refused: 0 })
  })

  test('S7 a limited add buys nothing', async () => {
    const { key } = await docket.account()
    await Promise.all(Array.from({ length: 60 }, () => docket.request({ key, action: 'balance' })))
    const answer = await docket.request({ key, action: 'add', service: 1, link: 'p', quantity: 1 })
    expect(await tally([answer])).toEqual({ served: 0, limited: 1, refused: 0 })
    nextMinute()
    expect(await docket.balance(key)).toBe('100.00000')
  })

  test('S7 guessing keys is stopped, known keys go on', async () => {
    nextMinute()
    const { key } = await docket.account()
    const late = await docket.account()
    expect(await docket.balance(key)).toBe('100.00000')
    const urls = urlsOf(docket)
    const guess = (index: number) => send(urls[index % 2]!, { key: `guess-${index}-${Math.random()}`, action: 'balance' })
    const answers: Response[] = []
    for (let index = 0; index < 30; index += 1) answers.push(await guess(index))
    expect(await tally(answers)).toEqual({ served: 0, limited: 20, refused: 10 })
    // Not even looked up any more.
    expect(await statementsOf(async () => expect((await guess(1)).status).toBe(429))).toEqual([])
    expect(await docket.balance(key)).toBe('100.00000')
    expect((await docket.request({ key: late.key, action: 'balance' })).status).toBe(429)
    nextMinute()
    expect(await docket.balance(late.key)).toBe('100.00000')
  })

  test('S4 counting leaves one row per caller, which is deleted later', async () => {
    const { key } = await docket.account()
    const before = await rowCounts(docket.db)
    await Promise.all(Array.from({ length: 50 }, () => docket.request({ key, action: 'balance' })))
    const { rate_windows: windows, ...others } = await rowCounts(docket.db)
    expect({ ...others, rate_windows: before['rate_windows'] }).toEqual(before)
    expect(windows! - before['rate_windows']!).toBeLessThanOrEqual(2)
    nextMinute()
    nextMinute()
    nextMinute()
    await openRateLimits(docket.db).sweep()
    expect((await rowCounts(docket.db))['rate_windows']).toBe(0)
  })
})

describe('S7 limits by address', () => {
  standingClock()
  const docket = openDocket({ DOCKET_RATE_LIMIT: 'on', DOCKET_RATE_LIMIT_ADDRESS: '40' })

  test('S7 an address is limited over all its keys', async () => {
    const keys = [await docket.account(), await docket.account(), await docket.account()].map(({ key }) => key)
    const answers = await Promise.all(Array.from({ length: 90 }, (_, index) => docket.request({ key: keys[index % 3], action: 'balance' })))
    expect(await tally(answers)).toEqual({ served: 40, limited: 50, refused: 0 })
  })
})

describe('S7 limits and the clock', () => {
  const MINUTE_MS = 60_000
  let db: Database
  let second: Database

  beforeAll(async () => {
    const url = await freshDatabase()
    db = openPool(url, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
    second = openPool(url, { size: 3, name: 'test, second node', connectTimeoutMs: 300_000 })
  })
  afterAll(() => Promise.all([db.end(), second.end()]))

  /** Whether a request was let through, once it is known. */
  async function outcomeOf(used: () => Promise<void> | undefined): Promise<'served' | 'limited'> {
    try {
      await used()
      return 'served'
    } catch (error) {
      expect(error).toMatchObject({ status: 429 })
      const { retryAfter } = error as { retryAfter: number }
      expect(retryAfter).toBeGreaterThanOrEqual(1)
      expect(retryAfter).toBeLessThanOrEqual(60)
      return 'limited'
    }
  }

  /** A database that holds its answers back until they are let go. */
  function heldBack(real: Database) {
    const waiting: (() => void)[] = []
    const query = async (...asked: unknown[]) => {
      const answer = await (real.query as (...all: unknown[]) => Promise<unknown>)(...asked)
      await new Promise<void>((resolve) => waiting.push(resolve))
      return answer
    }
    return { db: { query } as unknown as Database, waiting, letGo: () => waiting.splice(0).forEach((go) => go()) }
  }

  test('S7 at the turn of a minute every request of 150 keys on two nodes is answered, and afterwards nothing is asked any more', async () => {
    let time = MINUTE.getTime() + 39_990
    const held = heldBack(db)
    const nodes = [openRateLimits(held.db, () => time), openRateLimits(second, () => time)]
    const calls = Array.from({ length: 600 }, (_, index) =>
      outcomeOf(() =>
        nodes[index % 2]!.use([
          { subject: `turn ${index % 150}`, limit: 40 },
          { subject: 'turn address', limit: 1000 },
        ]),
      ),
    )
    // The answers to the first asks are under way when the minute turns.
    await eventually('the first asks are answered', () => held.waiting.length > 0)
    time += 20
    const late = Array.from({ length: 150 }, (_, index) => outcomeOf(() => nodes[0]!.use([{ subject: `turn ${index}`, limit: 40 }])))
    let done = false
    const all = Promise.all([...calls, ...late]).finally(() => (done = true))
    await eventually('every request is answered', () => (held.letGo(), done))
    expect(new Set(await all)).toEqual(new Set(['served']))
    expect(await statementsOf(() => new Promise((resolve) => setImmediate(resolve)))).toEqual([])
  })

  test('S7 a clock that is set back and forward again stops nobody, and each minute keeps its limit', async () => {
    let time = MINUTE.getTime()
    const nodes = [openRateLimits(db, () => time), openRateLimits(second, () => time)]
    // More to each node than the whole limit: a node that is asked for less may keep a rest of its share.
    const flood = async () => {
      const calls = Array.from({ length: 120 }, (_, index) => outcomeOf(() => nodes[index % 2]!.use([{ subject: 'set', limit: 50 }])))
      return (await Promise.all(calls)).filter((outcome) => outcome === 'served').length
    }
    expect(await flood()).toBe(50)
    time -= 5 * MINUTE_MS
    expect(await flood()).toBe(50)
    expect(await flood()).toBe(0)
    time += 5 * MINUTE_MS
    expect(await flood()).toBe(0)
    time += MINUTE_MS
    expect(await flood()).toBe(50)
  })

  test('S7 a grant that comes when the minute is over serves the request that waited for it', async () => {
    let time = MINUTE.getTime()
    const held = heldBack(db)
    const limits = openRateLimits(held.db, () => time)
    const waits = outcomeOf(() => limits.use([{ subject: 'late', limit: 1 }]))
    await eventually('the ask is answered', () => held.waiting.length > 0)
    time -= 10 * MINUTE_MS
    held.letGo()
    expect(await waits).toBe('served')
    expect(held.waiting).toHaveLength(0)
  })

  test('S7 a database that does not answer limits nobody, however many wait for the same count', async () => {
    let asks = 0
    const away = { query: () => ((asks += 1), Promise.reject(new Error('away'))) } as unknown as Database
    const limits = openRateLimits(away, () => MINUTE.getTime())
    const calls = Array.from({ length: 100 }, () => outcomeOf(() => limits.use([{ subject: 'away', limit: 1 }])))
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['served']))
    expect(asks).toBe(1)
  })

  test('S7 whatever the clock does between requests and answers, each ends and no minute serves more than its limit', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('ask' as const), node: fc.nat(1), subject: fc.nat(2), many: fc.integer({ min: 1, max: 8 }) }),
      fc.record({ do: fc.constant('set' as const), by: fc.integer({ min: -150_000, max: 150_000 }) }),
      fc.record({ do: fc.constant('answer' as const), node: fc.nat(1) }),
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), fc.integer({ min: 1, max: 25 }), async (steps, limit) => {
        run += 1
        let time = MINUTE.getTime()
        const held = [heldBack(db), heldBack(second)]
        const nodes = held.map((each) => openRateLimits(each.db, () => time))
        const served = new Map<string, number>()
        const calls: Promise<void>[] = []
        for (const each of steps) {
          if (each.do === 'set') time += each.by
          else if (each.do === 'answer') held[each.node]!.letGo()
          else
            for (let index = 0; index < each.many; index += 1) {
              const minute = `${each.subject} ${Math.floor(time / MINUTE_MS)}`
              const subject = `run ${run} ${each.subject}`
              const outcome = outcomeOf(() => nodes[each.node]!.use([{ subject, limit }]))
              calls.push(outcome.then((is) => void (is === 'served' && served.set(minute, (served.get(minute) ?? 0) + 1))))
            }
          await new Promise((resolve) => setImmediate(resolve))
        }
        let done = false
        const all = Promise.all(calls).finally(() => (done = true))
        await eventually('every request is answered', () => (held.forEach((each) => each.letGo()), done))
        await all
        expect([...served.values()].filter((count) => count > limit)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

describe('what requests leave and cost', () => {
  const docket = openDocket()

  test('S4 a thousand reads leave no row behind', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { refill: true })
    const order = await placed(docket, key, { service, quantity: 10 })
    const reads: Parameters[] = [
      { key, action: 'balance' },
      { key, action: 'services', lang: 'sl' },
      { key, action: 'status', order, extended: 1 },
      { key, action: 'status', orders: `${order},1,2,x` },
      { key, action: 'status', idempotency_key: 'none' },
      { key, action: 'refill_status', orders: order },
      { key, action: 'changes' },
      { key, action: 'ledger' },
      { key, action: 'quote', service, link: 'p', quantity: 5 },
      { key: 'nobody', action: 'balance' },
    ]
    const refused: Parameters[] = [
      { key, action: 'add', service, link: 'p', quantity: 1_000_001, idempotency_key: 'r' },
      { key, action: 'add', service, link: 'p', quantity: 1_000_000, idempotency_key: 'r' },
      { key, action: 'refill', order },
      { key, action: 'cancel', order },
    ]
    // How often each key called per day is written once a minute: one row per key, action and outcome, however many calls.
    const before = await rowCounts(docket.db)
    await Promise.all(Array.from({ length: 1000 }, (_, index) => docket.request(reads[index % reads.length]!)))
    await Promise.all(Array.from({ length: 100 }, (_, index) => docket.request(refused[index % refused.length]!)))
    expect(await rowCounts(docket.db)).toEqual(before)
  })

  test('S8 balance and status take two statements at most', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { dripfeed: true })
    const order = await placed(docket, key, { service, quantity: 10 })
    const drip = await placed(docket, key, { service, quantity: 10, runs: 2, interval: 5 })
    const orders = Array.from({ length: 100 }, (_, index) => index + 1).join(',')
    const budgets: [Parameters, number][] = [
      [{ key, action: 'balance' }, 1],
      [{ key, action: 'status', order }, 1],
      [{ key, action: 'status', orders }, 2],
      [{ key, action: 'status', order: drip }, 2],
      [{ key, action: 'status', order, extended: 1 }, 2],
      [{ key, action: 'status', order: 'nonsense' }, 1],
      [{ key, action: 'status', idempotency_key: 'none' }, 2],
    ]
    await docket.balance(key)
    for (const [call, most] of budgets) {
      const sent = await statementsOf(() => docket.request(call))
      expect({ call, sent: sent.length <= most ? 'within' : sent }).toEqual({ call, sent: 'within' })
    }
    // A key that this node has never seen costs one look-up more.
    const fresh = await docket.account()
    expect(await statementsOf(() => docket.balance(fresh.key))).toHaveLength(2)
  })

  test('S8 many askers at once share their statements', async () => {
    const accounts = await Promise.all(Array.from({ length: 50 }, () => docket.account()))
    await Promise.all(accounts.map(({ key }) => docket.balance(key)))
    const sent = await statementsOf(() => Promise.all(accounts.map(({ key }) => docket.balance(key))))
    expect(sent.length).toBeLessThanOrEqual(50)
    expect(sent.length).toBeGreaterThan(0)
  })

  test('S8 an add takes eight statements at most', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket, { dripfeed: true, one_active_link: true })
    const adds: Parameters[] = [
      { service, link: 'a', quantity: 1 },
      { service, link: 'b', quantity: 1, runs: 3, interval: 5 },
      { service, link: 'c', quantity: 1, idempotency_key: 'k', max_charge: 5 },
      { service, link: 'c', quantity: 1, idempotency_key: 'k', max_charge: 5 },
      { service, link: 'c', quantity: 1 },
      { service, link: 'd', quantity: 2_000_000, idempotency_key: 'l' },
    ]
    await docket.balance(key)
    for (const add of adds) {
      const sent = await statementsOf(() => docket.request({ key, action: 'add', ...add }))
      // One batch, and now and then a block of ids.
      expect(sent.length).toBeLessThanOrEqual(3)
    }
  })

  test('S8 services asks nothing, whatever the catalogue', async () => {
    const { key } = await docket.account()
    await catalogueIsHeard(docket)
    const listed = (await docket.call({ key, action: 'services' })).length
    const costs: number[] = []
    for (const size of [10, 2000]) {
      await docket.db.query(
        `insert into services (id, position, name, category, type, rate, min, max)
         select n, n, 'Service ' || n, 'Category', 'Default', '1', 1, 100 from generate_series(10001, 10000 + $1::int) n on conflict do nothing`,
        [size],
      )
      await catalogueIsHeard(docket)
      await docket.balance(key)
      const sent = await statementsOf(async () => {
        const response = await docket.request({ key, action: 'services' })
        expect(await inShape(response)).toHaveLength(listed + size)
      })
      costs.push(sent.length)
    }
    expect(costs).toEqual([0, 0])
  })

  test('S6 a fault shows no host, user or stack', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const calls: Parameters[] = [
      { key, action: 'balance' },
      { key, action: 'status', order: 1 },
      { key, action: 'add', service, link: 'p', quantity: 1 },
      { key, action: 'add', service, link: 'p', quantity: 1, idempotency_key: 'k' },
      { key, action: 'refill', order: 1 },
      { key, action: 'cancel', order: 1 },
      { key, action: 'refill_status', refill: 1 },
      { key, action: 'changes' },
      { key, action: 'ledger' },
      { key: 'unseen', action: 'balance' },
    ]
    const tables = ['books', 'orders', 'refills', 'order_events', 'transfers', 'api_keys']
    for (const table of tables) await docket.db.query(`alter table ${table} rename to ${table}_away`)
    try {
      for (const call of calls) {
        const answer = await inShape(await docket.request(call), 500)
        expect(answer).toEqual({ error: 'Something failed on our side, please try again', code: 'fault' })
      }
    } finally {
      for (const table of tables) await docket.db.query(`alter table ${table}_away rename to ${table}`)
    }
    expect(await docket.balance(key)).toBe('100.00000')
  })
})

describe('S6 migrations', () => {
  async function emptyDatabase(name: string): Promise<string> {
    const full = `${inject('template')}_${name}`
    await onServer(inject('serverUrl'), `create database "${full}"`)
    return withDatabase(inject('serverUrl'), full)
  }

  test('S6 migrations apply on an empty database, and twice', async () => {
    const url = await emptyDatabase('twice')
    const { migrations } = await migrate(url)
    expect(migrations.length).toBeGreaterThanOrEqual(8)
    expect(migrations).toEqual(migrations.toSorted())
    expect(await migrate(url)).toEqual({ migrations: [], routines: [] })
    expect(await migrate(url)).toEqual({ migrations: [], routines: [] })
  })

  test('S6 two nodes that migrate at once are fine', async () => {
    const url = await emptyDatabase('at_once')
    const applied = await Promise.all([migrate(url), migrate(url), migrate(url)])
    expect(applied.filter(({ migrations, routines }) => migrations.length + routines.length > 0)).toHaveLength(1)
    const node = await startNode(testConfig(url), pino({ level: 'silent' }))
    expect(await inShape(await send(node.url!, { key: 'nobody', action: 'balance' }))).toEqual({ error: 'Invalid API key' })
    await node.stop()
  })
})

describe('S9 a grown house', () => {
  const clock = movableClock()
  let db: Database
  let node: Node

  beforeAll(async () => {
    const url = await freshDatabase()
    db = openPool(url, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
    await growHouse(db, { accounts: 10_000, services: 2000 }, clock.now())
    node = await startNode(testConfig(url), pino({ level: 'silent' }), clock.now)
  })
  afterAll(async () => {
    await node.stop()
    await db.end()
  })

  /** The statements behind a call of the seventh account, and what they cost. */
  async function effort(call: (orders: string[]) => Parameters): Promise<(Effort & Statement)[]> {
    const { rows } = await db.query<{ id: bigint }>('select id from orders where book_id = 7 order by id')
    const parameters = { key: grownKey(7), ...call(rows.map(({ id }) => String(id))) }
    let answer: any
    const sent = await statementsOf(async () => (answer = await (await send(node.url!, parameters)).json()))
    expect(answer).not.toHaveProperty('error')
    const efforts: (Effort & Statement)[] = []
    for (const statement of sent) {
      if (/^(begin|commit|rollback)$/.test(statement.text)) continue
      efforts.push({
        ...statement,
        ...(await effortOf(db, /place_(plain_)?order/.test(statement.text) ? asAnother(statement) : statement)),
      })
    }
    return efforts
  }

  /** The same batch with ids and retry keys that are not taken yet. */
  function asAnother({ text, values }: Statement): Statement {
    const [at, id] = text.includes('place_plain_order(') ? [2, 999_999_999n] : [3, '{999999999}']
    const others = values.map((value) => (String(value).startsWith('{"new') ? '{"another"}' : value))
    return { text, values: others.with(at, id) }
  }

  // An empty house needs two to twenty pages for the same; an index of this one is three pages deep.
  const calls: Record<string, { call: (orders: string[]) => Parameters; pages: number }> = {
    balance: { call: () => ({ action: 'balance' }), pages: 8 },
    'status of one': { call: ([order]) => ({ action: 'status', order }), pages: 8 },
    'status of ten': { call: (orders) => ({ action: 'status', orders: orders.join(',') }), pages: 45 },
    'status by retry key': { call: () => ({ action: 'status', idempotency_key: 'retry-2' }), pages: 12 },
    'status extended': { call: ([order]) => ({ action: 'status', order, extended: 1 }), pages: 15 },
    quote: { call: () => ({ action: 'quote', service: 1, link: 'p', quantity: 1 }), pages: 8 },
    'refill status': { call: (orders) => ({ action: 'refill_status', orders: orders.join(',') }), pages: 45 },
    changes: { call: () => ({ action: 'changes' }), pages: 80 },
    ledger: { call: () => ({ action: 'ledger' }), pages: 30 },
    'a refused refill': { call: (orders) => ({ action: 'refill', orders: orders.slice(9).join(',') + ',' }), pages: 25 },
    'a refused cancel': { call: (orders) => ({ action: 'cancel', orders: orders[0] }), pages: 15 },
    add: { call: () => ({ action: 'add', service: 1, link: 'p', quantity: 1 }), pages: 45 },
    'add with a key': {
      call: () => ({ action: 'add', service: 1, link: 'p', quantity: 1, idempotency_key: `new ${Math.random()}` }),
      pages: 60,
    },
  }
  // One row each, whatever the house.
  const ofOneRow = new Set(['catalogue', 'order_ids'])

  for (const [name, { call, pages }] of Object.entries(calls)) {
    test(`S9 ${name} costs a handful of pages`, async () => {
      // Warm: the caller is known, order ids are reserved.
      await effort(call)
      const efforts = await effort(call)
      expect(
        efforts.flatMap((one) => one.readWhole.filter((table) => !ofOneRow.has(table)).map((table) => ({ table, by: one.text }))),
      ).toEqual([])
      expect(efforts.reduce((sum, one) => sum + one.pages, 0)).toBeLessThanOrEqual(pages)
    })
  }

  test('S9 settling an order costs a handful of pages', async () => {
    const { rows } = await db.query<{ id: bigint }>('select id from orders where book_id = 8 order by id desc limit 1')
    let sent: Statement | undefined
    const listening = { query: async (statement: Statement) => (sent = statement) && { rows: [] } } as unknown as Database
    const news = { orderId: rows[0]!.id, status: 'Partial' as const, startCount: 5n, remains: 100n, words: null }
    await settle(listening, [news], 'test', clock.now())
    const { pages, readWhole } = await effortOf(db, sent!)
    expect(readWhole).toEqual([])
    // A run tells its parent, streams and webhooks hear of it, and it enters the lists of what has ended.
    expect(pages).toBeLessThanOrEqual(122)
  })

  test('S9 a step of an open order writes it into no index again', async () => {
    const { rows } = await db.query<{ id: bigint }>('select id from orders where book_id = 9 order by id desc limit 1')
    const id = rows[0]!.id
    // What the tests before it undid takes room in its page.
    await db.query('vacuum orders')
    const client = await db.connect()
    try {
      await client.query('begin')
      await client.query("update orders set status = 'Pending' where id = $1", [id])
      await settle(client, [{ orderId: id, status: 'In progress', startCount: 5n, remains: 900n, words: null }], 'test', clock.now())
      const seen = await client.query(
        "select n_tup_upd::int as changed, n_tup_hot_upd::int as hot from pg_stat_xact_user_tables where relname = 'orders'",
      )
      expect(seen.rows).toEqual([{ changed: 2, hot: 2 }])
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('S9 the books of the grown house balance', async () => {
    await booksBalance(db)
    const { rows } = await db.query('select count(*)::int as orders from orders')
    expect(rows[0].orders).toBeGreaterThan(100_000)
  })
})

describe('S9 a house that grows while its connections stay', () => {
  const docket = openDocket()

  test('S9 a retry key is found by its index, also by a plan that was made when there was one', async () => {
    const { key } = await docket.account()
    const service = await onSale(docket)
    const sent = await statementsOf(() => placed(docket, key, { service, link: 'p', quantity: 1, idempotency_key: 'new 1' }))
    const { text, values } = sent.find((statement) => statement.text.includes('place_orders('))!
    const client = await docket.db.connect()
    try {
      const place = () =>
        client.query(
          text,
          values.with(3, '{999999999}').map((value) => (value === '{"new 1"}' ? '{"new 2"}' : value)),
        )
      await client.query('vacuum analyze retry_keys')
      await client.query('begin')
      await place()
      await client.query('rollback')
      await client.query(
        "insert into retry_keys (book_id, key, order_id, fingerprint) select 1 + n % 50, 'key ' || n, n, 'f' from generate_series(1, 20000) as n",
      )
      await client.query('begin')
      await place()
      const read = await client.query("select seq_scan::int as times from pg_stat_xact_user_tables where relname = 'retry_keys'")
      expect(read.rows).toEqual([{ times: 0 }])
    } finally {
      await client.query('rollback')
      await client.query("delete from retry_keys where fingerprint = 'f'")
      client.release(true)
    }
  })
})
