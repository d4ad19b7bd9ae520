import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openPool } from '../../server/db/pool.ts'
import { add, anAccount, aService, crowd, nothingLostOrDoubled, ordersOf } from '../support/clients.ts'
import { booksBalance, freshDatabase, openDocket } from '../support/docket.ts'
import { endServers, serve, type ServerProcess } from '../support/server-process.ts'

const NO_FUNDS = { error: 'Not enough funds on balance', status: 200 }

describe('one balance, many clients', () => {
  const docket = openDocket()

  test('M1 a balance for ten buys exactly ten', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account({ balance: '10' })

    const known = await crowd(100, () => add(docket.node.url!, { key, service, quantity: 1000 }))

    expect(known.filter((each) => each.order !== undefined)).toHaveLength(10)
    expect(known.filter((each) => each.error !== undefined)).toHaveLength(90)
    for (const each of known) if (each.error !== undefined) expect(each).toMatchObject(NO_FUNDS)
    expect(await docket.balance(key)).toBe('0.00000')
    expect(await nothingLostOrDoubled(docket.db, account, 1_000_000, known)).toHaveLength(10)
  })

  test('M1 what is left still buys something cheaper', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account({ balance: '10' })
    const quantities = Array.from({ length: 60 }, (_, index) => [3000, 900, 50][index % 3]!)

    const known = await crowd(quantities.length, (client) => add(docket.node.url!, { key, service, quantity: quantities[client]! }))

    const orders = await nothingLostOrDoubled(docket.db, account, 1_000_000, known)
    const left = 1_000_000 - orders.reduce((sum, order) => sum + order.charge, 0)
    const refused = quantities.filter((_, index) => known[index]!.error !== undefined)
    expect(Math.min(...refused) * 100).toBeGreaterThan(left)
  })

  test('M1 200 clients on one balance buy what it affords', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account({ balance: '77.5' })

    // Each client asks five times, one after the other, and names its turn in the link.
    const known = await crowd(200, async (client) => {
      const mine = []
      for (let turn = 0; turn < 5; turn += 1) {
        mine.push(await add(docket.node.url!, { key, service, quantity: 250, link: `https://example.com/${client}/${turn}` }))
      }
      return mine
    })

    const orders = await nothingLostOrDoubled(docket.db, account, 7_750_000, known.flat())
    expect(orders).toHaveLength(310)
    expect(known.flat().filter((each) => each.error === NO_FUNDS.error)).toHaveLength(690)
    for (const [client, mine] of known.entries()) {
      // Once refused for lack of funds, always refused; and charged in the order in which the client asked.
      const placed = mine.map((each) => each.order !== undefined)
      expect(placed).toEqual(placed.toSorted((one, other) => Number(other) - Number(one)))
      const links = orders.filter((order) => order.link.startsWith(`https://example.com/${client}/`)).map((order) => order.link)
      expect(links).toEqual(links.toSorted())
    }
    expect(await docket.balance(key)).toBe('0.00000')
  })

  test('one connection is served in order of arrival', async () => {
    const service = await docket.service()
    const { account, key } = await docket.account({ balance: '5' })

    const answers = await pipelined(
      docket.node.url!,
      Array.from(
        { length: 20 },
        (_, index) => `/api/v2?key=${key}&action=add&service=${service}&quantity=1000&link=https://example.com/${index}`,
      ),
    )

    expect(answers.map((answer) => 'order' in answer)).toEqual(Array.from({ length: 20 }, (_, index) => index < 5))
    expect((await ordersOf(docket.db, account)).map((order) => order.link)).toEqual(
      [0, 1, 2, 3, 4].map((index) => `https://example.com/${index}`),
    )
  })
})

describe('one balance, two server processes', () => {
  let db: Database
  let servers: ServerProcess[]

  beforeAll(async () => {
    const databaseUrl = await freshDatabase()
    db = openPool(databaseUrl, { size: 2, name: 'test', connectTimeoutMs: 300_000 })
    servers = await Promise.all([0, 1].map(() => serve({ DATABASE_URL: databaseUrl, DOCKET_LOG_LEVEL: 'info' })))
  })
  afterEach(() => booksBalance(db))
  afterAll(async () => {
    await endServers()
    await db.end()
  })

  test('M1 two processes sell one balance once', async () => {
    const service = await aService(db, 9001)
    const { account, key } = await anAccount(db, '10')

    const known = await crowd(100, (client) => add(servers[client % 2]!.url, { key, service, quantity: 1000 }))

    expect(known.filter((each) => each.order !== undefined)).toHaveLength(10)
    expect(known.filter((each) => each.error === NO_FUNDS.error && each.status === 200)).toHaveLength(90)
    expect(await nothingLostOrDoubled(db, account, 1_000_000, known)).toHaveLength(10)
    for (const { url } of servers) {
      expect(await (await fetch(`${url}/api/v2?key=${key}&action=balance`)).json()).toEqual({ balance: '0.00000', currency: 'USD' })
    }
  })
})

/** All requests written at once on one connection; answers in the order in which they were sent. */
async function pipelined(url: string, paths: readonly string[]): Promise<object[]> {
  const { connect } = await import('node:net')
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const last = paths.length - 1
  socket.write(
    paths.map((path, index) => `GET ${path} HTTP/1.1\r\nhost: docket\r\n${index === last ? 'connection: close\r\n' : ''}\r\n`).join(''),
  )
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return [...text.matchAll(/\r\n\r\n(\{.*?\})/g)].map((match) => JSON.parse(match[1]!) as object)
}
