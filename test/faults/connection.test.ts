import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openPool } from '../../server/db/pool.ts'
import { type Node, startNode } from '../../server/main.ts'
import { add, anAccount, aService, crowd, eventually, type Known, nothingLostOrDoubled, ordersOf, walletOf } from '../support/clients.ts'
import { booksBalance, freshDatabase, send, testConfig } from '../support/docket.ts'
import { openProxy, type Proxy } from '../support/proxy.ts'

const PAID_IN = 100_000_000
/** The names of the statements that place orders. */
const PLACES_ORDERS = /place (plain )?orders?/

/** A node whose line to its database is in the test's hands. The test itself has a line of its own. */
interface Stand {
  readonly db: Database
  readonly proxy: Proxy
  readonly node: Node
  readonly service: number
  close(): Promise<void>
}

async function openStand(role = 'http,fulfilment'): Promise<Stand> {
  const databaseUrl = await freshDatabase()
  const db = openPool(databaseUrl, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
  const service = await aService(db, 9001)
  const proxy = await openProxy(databaseUrl)
  const node = await startNode(testConfig(proxy.url, { DOCKET_ROLE: role }), pino({ level: 'silent' }))
  const close = async () => {
    await booksBalance(db)
    await node.stop()
    await proxy.close()
    await db.end()
  }
  return { db, proxy, node, service, close }
}

const isReady = async (node: Node) => (await fetch(`${node.url}/readyz`)).status === 200

describe('the connection to the database', () => {
  let stand: Stand
  let db: Database
  let proxy: Proxy
  let node: Node
  let service: number

  beforeAll(async () => {
    stand = await openStand()
    ;({ db, proxy, node, service } = stand)
  })
  afterEach(async () => {
    proxy.judge = () => 'pass'
    proxy.thaw()
    await eventually('the node is ready again', () => isReady(node))
    await booksBalance(db)
  })
  afterAll(() => stand.close())

  /** Cuts every so many statements that place orders. */
  function cutEvery(turns: number, verdict: 'cut before' | 'cut after') {
    let seen = 0
    proxy.judge = (piece) => (PLACES_ORDERS.test(piece.toString('latin1')) && (seen += 1) % turns === 0 ? verdict : 'pass')
  }

  const link = (client: number, turn: number) => `https://example.com/${client}/${turn}`

  async function load(key: string, turns: number) {
    const known = await crowd(32, async (client) => {
      const mine = []
      for (let turn = 0; turn < turns; turn += 1) mine.push(await add(node.url!, { key, service, quantity: 10, link: link(client, turn) }))
      return mine
    })
    return known.flat()
  }

  test('cut before the commit, the order is placed once', async () => {
    const { account, key } = await anAccount(db, '1000')
    cutEvery(1, 'cut before')
    const asking = add(node.url!, { key, service, quantity: 1000 })
    await eventually('two calls were cut', () => proxy.cuts() >= 2)
    proxy.judge = () => 'pass'

    const known = await asking
    expect(known.order).toBeTypeOf('number')
    expect(await nothingLostOrDoubled(db, account, PAID_IN, [known])).toHaveLength(1)
  })

  test('cut between commit and answer, it is charged once', async () => {
    const { account, key } = await anAccount(db, '1000')
    const before = proxy.cuts()
    cutEvery(1, 'cut after')
    const asking = add(node.url!, { key, service, quantity: 1000 })
    await eventually('two answers were lost', () => proxy.cuts() >= before + 2)
    proxy.judge = () => 'pass'

    const known = await asking
    expect(known.order).toBeTypeOf('number')
    expect(await nothingLostOrDoubled(db, account, PAID_IN, [known])).toHaveLength(1)
    expect(await walletOf(db, account)).toBe(PAID_IN - 100_000)
  })

  test.for(['cut before', 'cut after'] as const)('M6 every fifth batch %s: nothing lost or doubled', async (verdict) => {
    const { account, key } = await anAccount(db, '1000')
    const before = proxy.cuts()
    cutEvery(5, verdict)

    const known = await load(key, 8)

    expect(proxy.cuts()).toBeGreaterThan(before)
    expect(known.filter((each) => each.order === undefined)).toEqual([])
    const orders = await nothingLostOrDoubled(db, account, PAID_IN, known)
    expect(orders).toHaveLength(32 * 8)
    expect(new Set(orders.map((order) => order.link)).size).toBe(32 * 8)
  })

  test('H1 a lost answer, a retry key, one order', async () => {
    const { account, key } = await anAccount(db, '1000')
    cutEvery(2, 'cut after')

    const known = await crowd(40, (client) =>
      add(node.url!, { key, service, quantity: 1000, link: link(client % 8, 0), idempotency_key: `key ${client % 8}` }),
    )

    expect(known.filter((each) => each.order === undefined)).toEqual([])
    expect(new Set(known.map((each) => each.order)).size).toBe(8)
    expect(await nothingLostOrDoubled(db, account, PAID_IN, known)).toHaveLength(8)
  })

  test('backends ended by the operator lose no order', async () => {
    const { account, key } = await anAccount(db, '1000')
    const answers: Known[] = []
    const known = crowd(32, async (client) => {
      for (let turn = 0; turn < 15; turn += 1) answers.push(await add(node.url!, { key, service, quantity: 10, link: link(client, turn) }))
    })
    let ended = 0
    for (const enough of [40, 120, 200, 280, 360]) {
      await eventually('orders go on', () => answers.length >= enough)
      const { rowCount } = await db.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'docket%'`,
      )
      ended += rowCount ?? 0
    }
    await known

    // A request that met a broken line before its order was asked for is refused, and nothing was charged for it.
    expect(ended).toBeGreaterThan(5)
    expect(answers.filter((each) => each.order === undefined && each.status !== 503)).toEqual([])
    const orders = await nothingLostOrDoubled(db, account, PAID_IN, answers)
    expect(orders).toHaveLength(answers.filter((each) => each.order !== undefined).length)
  })

  test('a freeze delays orders and loses none', async () => {
    const { account, key } = await anAccount(db, '1000')
    const known = load(key, 4)
    await eventually('some orders are placed', async () => (await ordersOf(db, account)).length > 10)
    proxy.freeze()
    // Until a statement is given up, and its order is asked for again on a line that is frozen as well.
    const { status } = await fetch(`${node.url}/readyz`)
    expect(status).toBe(503)
    proxy.thaw()

    const answers = await known
    expect(answers.filter((each) => each.order === undefined)).toEqual([])
    expect(await nothingLostOrDoubled(db, account, PAID_IN, answers)).toHaveLength(32 * 4)
  })
})

// These wait for the server's own deadlines, so they wait together, each on a stand of its own.
describe.concurrent('a database that is away', () => {
  test('a line that swallows everything is given up', async () => {
    // Fulfilment gives its statements more time than this test has.
    const stand = await openStand('http')
    const { db, proxy, node, service } = stand
    const { account, key } = await anAccount(db, '1000')
    const first = await add(node.url!, { key, service, quantity: 1000 })
    proxy.freeze({ newOnes: false })

    const known = await add(node.url!, { key, service, quantity: 1000 })
    expect(known.order).toBeTypeOf('number')
    const balance = await eventually('the balance can be read again', async () => {
      const response = await send(node.url!, { key, action: 'balance' })
      return response.status === 200 ? ((await response.json()) as { balance: string }) : undefined
    })
    expect(balance.balance).toBe('998.00000')
    expect(await nothingLostOrDoubled(db, account, PAID_IN, [first, known])).toHaveLength(2)
    await stand.close()
  })

  test('W8 a database away longer is an honest 503', async () => {
    const stand = await openStand()
    const { db, proxy, node, service } = stand
    const { account, key } = await anAccount(db, '1000')
    expect((await add(node.url!, { key, service, quantity: 1000 })).order).toBeTypeOf('number')

    // The first order is under way when the line is cut: committed, but the node cannot know.
    proxy.judge = (piece) => (PLACES_ORDERS.test(piece.toString('latin1')) ? 'cut after' : 'pass')
    const before = proxy.cuts()
    const underWay = add(node.url!, { key, service, quantity: 1000, idempotency_key: 'under way' })
    await eventually('the answer was lost', () => proxy.cuts() > before)
    proxy.goAway()
    proxy.judge = () => 'pass'

    const [ready, healthy] = [await fetch(`${node.url}/readyz`), await fetch(`${node.url}/healthz`)]
    expect([ready.status, await ready.json()]).toMatchObject([503, { status: 'not ready', database: 'does not answer' }])
    expect([healthy.status, await healthy.json()]).toEqual([200, { status: 'ready' }])

    const refused = await add(node.url!, { key, service, quantity: 1000 })
    expect(refused).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^[1-9]\d*$/) })
    expect(refused.error).not.toMatch(/127\.0\.0\.1|ECONN|docket_test|postgres:/)

    const unknown = await underWay
    expect(unknown).toMatchObject({ status: 503, error: expect.stringMatching(/not known whether this order was placed/) })
    expect(await ordersOf(db, account)).toHaveLength(2)

    // Back again, without a restart: the same key tells what became of it, and charges nothing more.
    proxy.comeBack()
    await eventually('the node is ready again', () => isReady(node))
    const retried = await add(node.url!, { key, service, quantity: 1000, idempotency_key: 'under way' })
    const found = await (await send(node.url!, { key, action: 'status', idempotency_key: 'under way' })).json()
    expect(found).toMatchObject({ status: 'Pending', charge: '1.00000' })
    expect(await nothingLostOrDoubled(db, account, PAID_IN, [retried])).toHaveLength(2)
    expect((await add(node.url!, { key, service, quantity: 1000 })).order).toBeTypeOf('number')
    await stand.close()
  })
})
