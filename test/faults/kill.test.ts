import { afterEach, describe, expect, test } from 'vitest'
import { SIMULATED_SUPPLIER } from '../../server/catalog/catalogue.ts'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { handOff } from '../../server/fulfilment/hand-off.ts'
import { simulatedSupplier } from '../../server/suppliers/simulated.ts'
import { add, anAccount, aService, crowd, eventually, type Known, nothingLostOrDoubled } from '../support/clients.ts'
import { booksBalance, freshDatabase } from '../support/docket.ts'
import { cleanUp, killOne, makeDirectory, processesIn } from '../../packages/embedded-postgres/test/support/users.ts'
import { endServers, serve } from '../support/server-process.ts'

const CLIENTS = 64
const BALANCE = '10000'
const PAID_IN = 1_000_000_000

interface Asked {
  readonly link: string
  readonly idempotency_key: string | undefined
  readonly known: Known
}

interface Shop {
  readonly db: Database
  readonly account: number
  readonly key: string
  readonly service: number
}

describe('kill -9 under load', () => {
  afterEach(async () => {
    await endServers()
    await cleanUp()
  })

  test('M6 H1 the server killed five times loses nothing', async () => {
    const databaseUrl = await freshDatabase()
    const db = openPool(databaseUrl, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
    const shop = await openShop(db)
    const asked: Asked[] = []
    for (let round = 0; round < 5; round += 1) {
      const server = await serve({ DATABASE_URL: databaseUrl })
      asked.push(...(await retryUnanswered(server.url, shop, asked)))
      asked.push(...(await loadUntil(server.url, shop, round, () => server.kill())))
    }
    const server = await serve({ DATABASE_URL: databaseUrl })
    asked.push(...(await retryUnanswered(server.url, shop, asked)))

    expect(await server.stop()).toBe(0)
    await everyOrderStandsOnce(shop, asked)
    await booksBalance(db)
    await db.end()
  })

  test.skipIf(process.platform !== 'linux')('M6 H1 server and PostgreSQL killed together lose nothing', async () => {
    const directory = await makeDirectory()
    const embedded = await openEmbeddedDatabase({ directory })
    let server = await serve({ DOCKET_DATA: directory })
    let db = openPool(embedded.url, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
    const shop = { ...(await openShop(db)) }
    const asked: Asked[] = []
    for (let round = 0; round < 3; round += 1) {
      const killBoth = async () => {
        for (const pid of processesIn(directory)) killOne(pid)
        await server.kill()
        // The server may have started PostgreSQL again before it was killed itself.
        await eventually('everything is dead', () => {
          for (const pid of processesIn(directory)) killOne(pid)
          return processesIn(directory).length === 0
        })
      }
      asked.push(...(await loadUntil(server.url, shop, round, killBoth)))
      await db.end()
      server = await serve({ DOCKET_DATA: directory })
      db = openPool(embedded.url, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
      shop.db = db
      asked.push(...(await retryUnanswered(server.url, shop, asked)))
    }

    expect(await server.stop()).toBe(0)
    await everyOrderStandsOnce(shop, asked)
    await booksBalance(db)
    await db.end()
    await embedded.close()
    expect(processesIn(directory)).toEqual([])
  })
})

async function openShop(db: Database): Promise<Shop> {
  const service = await aService(db, 9001, {}, { supplier: 'simulated' })
  return { db, service, ...(await anAccount(db, BALANCE)) }
}

/** Half of the clients send retry keys. Ends the server in the middle, after a hundred orders or more; each client asks until an
 * answer does not come. */
async function loadUntil(url: string, { key, service }: Shop, round: number, end: () => Promise<void>): Promise<Asked[]> {
  const asked: Asked[] = []
  const enough = 100 + Math.floor(Math.random() * 200)
  const load = crowd(CLIENTS, async (client) => {
    for (let turn = 0; ; turn += 1) {
      const name = `${round}-${client}-${turn}`
      const idempotency_key = client % 2 === 0 ? name : undefined
      const link = `https://example.com/${name}`
      const known = await add(url, { key, service, quantity: 7, link, idempotency_key })
      asked.push({ link, idempotency_key, known })
      if (known.lost) return
    }
  })
  await eventually('a hundred orders are answered', () => asked.length >= enough)
  await end()
  await load
  expect(asked.filter(({ known }) => !known.lost && known.order === undefined)).toEqual([])
  expect(asked.filter(({ known }) => known.lost).length).toBe(CLIENTS)
  return asked
}

/** What a careful client does after a lost answer: the same again, by its key. What was stored before is what it gets. */
async function retryUnanswered(url: string, shop: Shop, asked: readonly Asked[]): Promise<Asked[]> {
  const { rows } = await shop.db.query<{ link: string; id: number }>('select link, id::int from orders')
  const stored = new Map(rows.map((order) => [order.link, order.id]))
  const answered = new Set(asked.flatMap(({ link, known }) => (known.order === undefined ? [] : [link])))
  const unanswered = asked.filter(({ link, idempotency_key }) => idempotency_key !== undefined && !answered.has(link))
  return Promise.all(
    unanswered.map(async ({ link, idempotency_key }) => {
      const again = { key: shop.key, service: shop.service, quantity: 7, link, idempotency_key }
      const [one, other] = await Promise.all([add(url, again), add(url, again)])
      expect(one.order).toBeTypeOf('number')
      expect(other.order).toBe(one.order)
      if (stored.has(link)) expect(one.order).toBe(stored.get(link))
      return { link, idempotency_key, known: one }
    }),
  )
}

async function everyOrderStandsOnce({ db, account }: Shop, asked: readonly Asked[]) {
  const known = asked.map((each) => each.known)
  const orders = await nothingLostOrDoubled(db, account, PAID_IN, known)
  // A link was asked for once, by one client: two orders for it would be one paid twice.
  const byLink = new Map(orders.map((order) => [order.link, order.id]))
  expect(byLink.size).toBe(orders.length)
  for (const { link, idempotency_key, known } of asked) {
    if (known.order !== undefined) expect(byLink.get(link)).toBe(known.order)
    if (idempotency_key !== undefined) expect(byLink.has(link)).toBe(true)
  }

  // Whatever a dispatcher had claimed when it was killed is taken up when its lease is over, and is one piece of work.
  const later = () => new Date(Date.now() + 120_000)
  const supplier = simulatedSupplier({ db, now: later, speed: 1 })
  while ((await handOff({ db, now: later, supplierId: SIMULATED_SUPPLIER, supplier })) > 0);
  const { rows } = await db.query(
    `select o.id from orders o left join simulated_orders w on w.reference = 'sim-' || o.id where w.reference is null or w.quantity <> 7
     union all select null from simulated_orders having count(*) <> $1`,
    [orders.length],
  )
  expect(rows).toEqual([])
}
