import pino from 'pino'
import { afterEach, describe, expect, test } from 'vitest'
import { changeCatalogue } from '../../server/catalog/catalogue.ts'
import { setService } from '../../server/catalog/import.ts'
import { type Database, openPool } from '../../server/db/pool.ts'
import { type Node, startNode } from '../../server/main.ts'
import { add, anAccount, aService, eventually, nothingLostOrDoubled } from '../support/clients.ts'
import { booksBalance, freshDatabase, send, testConfig } from '../support/docket.ts'
import { openProxy, type Proxy } from '../support/proxy.ts'

interface Stand {
  readonly db: Database
  readonly proxy: Proxy
  readonly node: Node
  readonly service: number
  readonly warnings: string[]
}

let close = async () => {}
afterEach(() => close())

async function openStand(prepare: (proxy: Proxy) => void = () => {}): Promise<Stand> {
  const databaseUrl = await freshDatabase()
  const db = openPool(databaseUrl, { size: 3, name: 'test', connectTimeoutMs: 300_000 })
  const service = await aService(db, 9001)
  const proxy = await openProxy(databaseUrl)
  prepare(proxy)
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push((JSON.parse(line) as { msg: string }).msg) })
  const node = await startNode(testConfig(proxy.url), log)
  close = async () => {
    await booksBalance(db)
    await node.stop()
    await proxy.close()
    await db.end()
  }
  return { db, proxy, node, service, warnings }
}

const setRate = (db: Database, service: number, rate: string) => changeCatalogue(db, (tx) => setService(tx, service, { rate }))
const changes = async (node: Node) => ((await (await fetch(`${node.url}/readyz`)).json()) as { changes: string }).changes
const shownRate = async (node: Node, key: string) =>
  ((await (await send(node.url!, { key, action: 'services' })).json()) as { rate: string }[])[0]!.rate
const heardMetric = async (node: Node) => /^docket_listener_heard (\d)$/m.exec(await (await fetch(`${node.url}/metrics`)).text())?.[1]

describe('a node that hears of changes no more', () => {
  test('notices that its connection died silently, says so once, and listens on a new one', async () => {
    const { db, proxy, node, service, warnings } = await openStand()
    const { key } = await anAccount(db, '1000')
    expect([await shownRate(node, key), await changes(node), await heardMetric(node)]).toEqual(['1', 'heard', '1'])

    proxy.freezeThoseOf('docket listen')
    await setRate(db, service, '2')
    await eventually('the change is known all the same', async () => (await shownRate(node, key)) === '2')
    await eventually('it listens again', async () => (await changes(node)) === 'heard')
    await setRate(db, service, '3')
    await eventually('it hears of changes', async () => (await shownRate(node, key)) === '3')
    expect(warnings.filter((line) => line.includes('has not heard its own heartbeat'))).toHaveLength(1)
  })
})

describe('a pooler between node and database that hands each statement to another connection', () => {
  test('costs no stale price, is told by /readyz and metrics, and warned of once with the way out', async () => {
    const { db, proxy, node, service, warnings } = await openStand((line) => (line.withholdNotifications = true))
    const { account, key } = await anAccount(db, '1000')

    for (const rate of ['2', '3', '4']) {
      await setRate(db, service, rate)
      expect(await shownRate(node, key)).toBe(rate)
      const quote = await (await send(node.url!, { key, action: 'quote', service, quantity: 1000, link: 'https://example.com/' })).json()
      expect(quote).toMatchObject({ charge: `${rate}.00000` })
    }
    const known = [await add(node.url!, { key, service, quantity: 1000 })]
    expect((await nothingLostOrDoubled(db, account, 100_000_000, known))[0]!.charge).toBe(400_000)
    expect([await changes(node), await heardMetric(node)]).toEqual(['not heard', '0'])

    await eventually('it is warned of', () => warnings.some((line) => /PgBouncer .* must be in session mode/.test(line)))
    proxy.withholdNotifications = false
    await eventually('it hears again', async () => (await changes(node)) === 'heard')
    expect(warnings.filter((line) => line.includes('has not heard its own heartbeat'))).toHaveLength(1)
  })
})
