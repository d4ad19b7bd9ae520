import pino from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { audit } from '../../server/orders/audit-books.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { type Node, startNode } from '../../server/main.ts'
import { raiseOrderIds } from '../../server/orders/order-ids.ts'
import { add, anAccount, aService, crowd, eventually, type Known, nothingLostOrDoubled } from '../support/clients.ts'
import { booksBalance, freshDatabase, testConfig } from '../support/docket.ts'
import { openProxy, type Proxy } from '../support/proxy.ts'

const PAID_IN = 100_000_000
const LEFT_OUT = 1_000_000
const silent = pino({ level: 'silent' })

interface Asked extends Known {
  readonly link: string
}

describe('an order id that is in use', () => {
  let db: Database
  let databaseUrl: string
  let proxy: Proxy
  let service: number
  const nodes: Node[] = []

  beforeAll(async () => {
    databaseUrl = await freshDatabase()
    db = openPool(databaseUrl, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
    service = await aService(db, 9001)
    proxy = await openProxy(databaseUrl)
  })
  afterEach(async () => {
    proxy.judge = () => 'pass'
    await Promise.all(nodes.splice(0).map((node) => node.stop()))
    await booksBalance(db)
  })
  afterAll(async () => {
    await proxy.close()
    await db.end()
  })

  async function startOne(url = databaseUrl) {
    const node = await startNode(testConfig(url, { DOCKET_ROLE: 'http' }), silent)
    nodes.push(node)
    return node
  }

  async function order(node: Node, key: string, link: string, more: Record<string, string> = {}): Promise<Asked> {
    return { link, ...(await add(node.url!, { key, service, quantity: 1000, link, ...more })) }
  }

  /** Every answered id is the order that was asked for, and nothing was lost or paid twice. */
  async function everyAnswerIsTrue(account: number, asked: readonly Asked[]) {
    expect(asked.filter((each) => each.order === undefined)).toEqual([])
    const stored = new Map((await nothingLostOrDoubled(db, account, PAID_IN, asked)).map(({ id, link }) => [id, link]))
    expect(asked.filter((each) => stored.get(each.order!) !== each.link)).toEqual([])
    expect(stored.size).toBe(asked.length)
  }

  const setBackTo = (next: number) => db.query('update order_ids set next = $1', [next])

  test.for(['no answer is lost', 'the first call is lost before its commit', 'the first answer is lost after its commit'])(
    'an order gets another id when another customer has its own, and %s',
    async (trouble) => {
      const one = await startOne(proxy.url)
      const other = await startOne()
      const mine = await anAccount(db, '1000')
      const theirs = await anAccount(db, '1000')
      const first = await order(one, mine.key, 'https://example.com/first')
      // The other node is given the ids that are still in the first one's block.
      await setBackTo(first.order! + 1)
      const taken = await Promise.all(Array.from({ length: 4 }, (_, n) => order(other, theirs.key, `https://example.com/theirs/${n}`)))
      const isLost = trouble !== 'no answer is lost'
      const verdict = trouble.includes('after') ? 'cut after' : 'cut before'
      let cuts = 0
      proxy.judge = (piece) => (isLost && /place (plain )?orders?/.test(piece.toString('latin1')) && (cuts += 1) === 1 ? verdict : 'pass')

      const second = await order(one, mine.key, 'https://example.com/second')
      const third = await order(one, mine.key, 'https://example.com/third', { idempotency_key: 'third' })
      expect(cuts > 0).toBe(isLost)
      expect(taken.map((each) => each.order)).toContain(first.order! + 1)
      await everyAnswerIsTrue(mine.account, [first, second, third])
      await everyAnswerIsTrue(theirs.account, taken)
    },
  )

  test('two loaded nodes whose counter is set back again and again acknowledge only what is there', async () => {
    const two = [await startOne(), await startOne()]
    const customers = await Promise.all(Array.from({ length: 8 }, () => anAccount(db, '1000')))
    const asked: Asked[][] = customers.map(() => [])
    let answered = 0
    const load = crowd(32, async (client) => {
      for (let turn = 0; turn < 40; turn += 1) {
        const { key } = customers[client % 8]!
        const retry = client % 2 === 0 ? { idempotency_key: `${client} ${turn}` } : {}
        asked[client % 8]!.push(await order(two[client % 2]!, key, `https://example.com/${client}/${turn}`, retry))
        answered += 1
      }
    })
    for (const enough of [100, 300, 500, 700, 900]) {
      await eventually('orders go on', () => answered >= enough)
      await db.query('update order_ids set next = greatest(1, next - 5000)')
    }
    await load
    // As the next reservation or start does.
    await raiseOrderIds(db)

    for (const [n, { account }] of customers.entries()) await everyAnswerIsTrue(account, asked[n]!)
    const ids = asked.flat().map((each) => each.order)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('a node that starts on a counter that was set back raises it; until then the audit tells', async () => {
    const one = await startOne()
    const { account, key } = await anAccount(db, '1000')
    const first = await order(one, key, 'https://example.com/first')
    await setBackTo(first.order!)
    const { checks } = await audit(db)
    expect(checks.filter((check) => !check.ok)).toEqual([
      expect.objectContaining({
        name: 'order_ids_are_unused',
        offending: [{ next_order_id: BigInt(first.order!), newest_order: BigInt(first.order!) }],
      }),
    ])

    const other = await startOne()
    const second = await order(other, key, 'https://example.com/second')
    expect(second.order).toBeGreaterThan(first.order! + LEFT_OUT)
    await everyAnswerIsTrue(account, [first, second])
  })
})
