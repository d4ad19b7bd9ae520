import { spawnSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pino from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openPool } from '../../server/db/pool.ts'
import { type Node, startNode } from '../../server/main.ts'
import { readConfig } from '../../server/config.ts'
import { add, anAccount, aService, eventually, type Known, nothingLostOrDoubled } from '../support/clients.ts'
import { booksBalance } from '../support/docket.ts'
import { cleanUp, killOne, makeDirectory, processesIn, serverOf } from '../../packages/embedded-postgres/test/support/users.ts'

const PAID_IN = 1_000_000_000

/** A node on an embedded database of its own, with a customer who can order. */
interface Stand {
  readonly node: Node
  readonly db: Database
  readonly service: number
  readonly account: number
  readonly key: string
  /** What an operator reads in its log. */
  readonly log: string[]
  readonly close: () => Promise<void>
}

async function openStand(directory: string): Promise<Stand> {
  const log: string[] = []
  const logger = pino({}, { write: (line: string) => void log.push((JSON.parse(line) as { msg: string }).msg) })
  const settings = { DOCKET_DATA: directory, DOCKET_PORT: '0', DOCKET_RATE_LIMIT: 'off', DOCKET_ROLE: 'http' }
  const node = await startNode(readConfig({}, settings), logger)
  const db = openPool(node.databaseUrl, { size: 2, name: 'test', connectTimeoutMs: 300_000 })
  const service = await aService(db, 9001)
  const { account, key } = await anAccount(db, '10000')
  const close = async () => {
    await booksBalance(db)
    await db.end()
    await node.stop()
  }
  return { node, db, service, account, key, log, close }
}

const readiness = async (node: Node) => {
  const response = await fetch(`${node.url}/readyz`)
  return { status: response.status, told: (await response.json()) as { status: string; database: string } }
}
const isReady = async (node: Node) => (await readiness(node)).status === 200

describe.skipIf(process.platform !== 'linux')('an embedded PostgreSQL that is killed', () => {
  let directory: string
  beforeEach(async () => {
    directory = await makeDirectory()
  })
  afterEach(cleanUp)

  test('is started again within seconds, requests are answered 503 meanwhile, and no order is lost or doubled', async () => {
    const { node, db, service, account, key, log, close } = await openStand(directory)
    const known: Known[] = []
    const enough = new AbortController()
    const customers = Array.from({ length: 8 }, async (_, client) => {
      for (let turn = 0; !enough.signal.aborted && turn < 100_000; turn += 1) {
        const retry = { idempotency_key: `${client} ${turn}` }
        known.push(await add(node.url!, { key, service, quantity: 10, link: `https://example.com/${client}/${turn}`, ...retry }))
      }
    })
    for (let kill = 1; kill <= 2; kill += 1) {
      const before = known.length
      await eventually('orders are placed', () => known.slice(before).filter((each) => each.order !== undefined).length > 50)
      const server = serverOf(directory)!
      killOne(server)
      await eventually('another server runs', () => (serverOf(directory) ?? server) !== server)
      await eventually('the node is ready again', () => isReady(node))
    }
    const before = known.length
    await eventually('orders go on', () => known.slice(before).filter((each) => each.order !== undefined).length > 50)
    enough.abort()
    await Promise.all(customers)

    expect(known.filter((each) => each.order === undefined && each.status !== 503)).toEqual([])
    const answered = known.filter((each) => each.order !== undefined)
    const unknown = known.filter((each) => /not known whether/.test(each.error ?? ''))
    const orders = await nothingLostOrDoubled(db, account, PAID_IN, known)
    expect(orders.length).toBeGreaterThanOrEqual(answered.length)
    expect(orders.length).toBeLessThanOrEqual(answered.length + unknown.length)
    expect(log.filter((line) => line.includes('nobody here stopped it: starting it again'))).toHaveLength(2)
    expect(log.filter((line) => /^PostgreSQL runs again after \d+ s$/.test(line))).toHaveLength(2)
    await close()
    expect(processesIn(directory)).toEqual([])
  })

  test('is tried again and again while it cannot start, each time with its reason', async () => {
    const { node, log, close } = await openStand(directory)
    const version = join(directory, 'cluster', 'PG_VERSION')
    const before = await readFile(version, 'utf8')
    await rm(version)
    killOne(serverOf(directory)!)

    await eventually('two attempts failed', () => log.filter((line) => line.startsWith('PostgreSQL is still away')).length >= 2)
    expect(log.find((line) => line.startsWith('PostgreSQL is still away'))).toMatch(
      /the next attempt is in \d+ s\. The database in .* is damaged, its PG_VERSION is missing: restore the directory from a backup/,
    )
    expect(await readiness(node)).toMatchObject({ status: 503, told: { status: 'not ready', database: 'does not answer' } })

    const file = await open(version, 'w')
    await file.writeFile(before)
    await file.close()
    await eventually('the node is ready again', () => isReady(node))
    await close()
  })
})

const mounts = process.platform === 'linux' && process.getuid?.() === 0 && canMount()
if (!mounts) process.stderr.write('The full disk is left out: it needs Linux, and root who may mount.\n')

describe.skipIf(!mounts)('a disk that is full', () => {
  let directory: string
  beforeEach(async () => {
    directory = join(await makeDirectory(), 'disk')
    await mkdir(directory)
    run('mount', '-t', 'tmpfs', '-o', 'size=160m,mode=0755', 'tmpfs', directory)
  })
  afterEach(async () => {
    for (const pid of processesIn(directory)) killOne(pid)
    await eventually('its processes are gone', () => processesIn(directory).length === 0)
    run('umount', '-l', directory)
    await cleanUp()
  })

  test('is answered 503 until there is room, then orders go on without a restart of Docket', async () => {
    const { node, db, service, account, key, log, close } = await openStand(directory)
    const known = [await add(node.url!, { key, service, quantity: 10 })]
    expect(known[0]!.order).toBeTypeOf('number')

    const ballast = join(directory, 'ballast')
    const file = await open(ballast, 'w')
    const { bavail, bsize } = statfsSync(directory)
    await file.writeFile(Buffer.alloc(bavail * bsize)).catch(() => {})
    await file.close()
    // The write-ahead log is what cannot wait: once it cannot grow, PostgreSQL ends itself.
    await eventually('PostgreSQL has given up', async () => {
      await db.query("select pg_switch_wal(), pg_logical_emit_message(true, 'test', repeat('x', 1000000))").catch(() => {})
      return serverOf(directory) === undefined || log.some((line) => line.includes('starting it again'))
    })
    const refused = await add(node.url!, { key, service, quantity: 10, link: 'https://example.com/full' })
    known.push(refused)
    expect(refused.status).toBe(503)
    await eventually('the reason is told', () => log.some((line) => /disk is full/.test(line)))

    await rm(ballast)
    await eventually('the node is ready again', () => isReady(node))
    known.push(await add(node.url!, { key, service, quantity: 10, link: 'https://example.com/free' }))
    expect(known.at(-1)!.order).toBeTypeOf('number')
    await nothingLostOrDoubled(db, account, PAID_IN, known)
    await close()
  })
})

function canMount(): boolean {
  const tried = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'])
  return tried.status === 0
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`)
}
