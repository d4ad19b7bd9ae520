import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, expect, inject, test } from 'vitest'
import { run, tool } from '../deploy/tools.ts'
import { openLine } from '../nemesis/ask.ts'
import { attempt, customerOf, type Market } from '../nemesis/customer.ts'
import { type Account, openHistory } from '../nemesis/history.ts'
import { openNode, type NodeProcess, quietPort } from '../nemesis/node.ts'
import { auditFaults, readDatabase } from '../nemesis/observe.ts'
import { otherVersion } from '../nemesis/other-version.ts'
import { fitOutShop, PLAIN_SERVICES } from '../nemesis/shop.ts'
import { ready, until } from '../nemesis/wait.ts'
import { onServer, withDatabase } from '../support/database-server.ts'
import { type Haproxy, openHaproxy } from './haproxy.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const CLIENTS = 24
const PAUSE_MS = 30
/** Traffic before, between and after the replacements. */
const BETWEEN_MS = 1500
const WITHIN_MS = 60_000
const SECRET = 'rolling-secret-of-32-characters-or-more'

const haproxy = tool('haproxy', '-v')
const ends: (() => Promise<unknown> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

test.skipIf(haproxy.isMissing)(
  `two nodes of the version before are replaced one by one behind HAProxy, and no add fails, although no client tries again${haproxy.note}`,
  async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'docket-rolling-'))
    ends.push(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }))
    const url = await emptyDatabase()
    const before = versionBefore(path.join(folder, 'before'))
    const accounts = before === undefined ? await fitOutShop(url) : await fitOutBy(before.folder, url)
    const settings = { DATABASE_URL: url, DOCKET_SECRET: SECRET, DOCKET_TRUST_PROXY: '1', DOCKET_RATE_LIMIT: 'off' }
    const old = [await start(settings, before?.script), await start(settings, before?.script)]
    const migrated = await migrations(url)
    const panel = await quietPort()
    const addresses = Object.fromEntries(old.map((node, index) => [`node${index + 1}`, new URL(node.url).host]))
    const proxy = await openHaproxy(folder, { database: await quietPort(), panel, addresses })
    ends.push(() => proxy.close())
    for (const name of Object.keys(addresses)) await isState(proxy, name, 'UP')

    const history = openHistory(accounts)
    let isOver = false
    const market: Market = { history, now: () => performance.now(), isOver: () => isOver, pauseMs: PAUSE_MS, lyingSupplier: false, seed: 1 }
    const clients = Array.from({ length: CLIENTS }, (_, index) =>
      orderUntilItIsOver(market, index, accounts[index * 2]!, `http://127.0.0.1:${panel}`),
    )
    try {
      for (const [index, node] of old.entries()) {
        await pause(BETWEEN_MS)
        await replace(proxy, `node${index + 1}`, node, settings)
      }
      await pause(BETWEEN_MS)
    } finally {
      isOver = true
      await Promise.all(clients)
    }
    expect(history.adds.filter(({ outcome }) => outcome !== 'placed').slice(0, 5)).toEqual([])
    const stored = new Map((await readDatabase(url)).orders.map((order) => [order.id, order.link]))
    expect(history.adds.filter((add) => stored.get(add.order!) !== add.link)).toEqual([])
    expect(stored.size).toBe(history.adds.length)
    expect(await auditFaults(url)).toEqual([])
    // The new version has changed the tables while the old one worked on them.
    if (before !== undefined) expect(await migrations(url)).toBeGreaterThan(migrated)
  },
)

async function start(settings: Record<string, string>, script?: string): Promise<NodeProcess> {
  const node = await openNode(settings, script)
  ends.push(async () => {
    node.leave()
    await node.kill()
  })
  node.start()
  if (!(await ready(node, WITHIN_MS * 2))) throw new Error(`a node was not ready:\n${node.written()}`)
  return node
}

/** As docs/high-availability.md says: no new requests, then SIGTERM, then the new version in the same place. */
async function replace(proxy: Haproxy, name: string, old: NodeProcess, settings: Record<string, string>) {
  await proxy.tell(`set server docket/${name} state drain`)
  expect(await old.terminate(WITHIN_MS)).toBe(0)
  const node = await start(settings)
  const { hostname, port } = new URL(node.url)
  await proxy.tell(`set server docket/${name} addr ${hostname} port ${port}`)
  await proxy.tell(`set server docket/${name} state ready`)
  await isState(proxy, name, 'UP')
}

async function isState(proxy: Haproxy, name: string, state: string) {
  const isIt = async () => new RegExp(`^docket,${name},.*,${state},`, 'm').test(await proxy.tell('show stat'))
  if (!(await until(isIt, WITHIN_MS))) throw new Error(`${name} is not ${state}:\n${await proxy.tell('show stat')}`)
}

async function orderUntilItIsOver(market: Market, index: number, account: Account, url: string) {
  const line = openLine(url, '127.0.0.1')
  const mine = customerOf(market, index, account, [line])
  for (let number = 1; !market.isOver(); number += 1) {
    const link = `https://example.com/rolling-${index}-${number}`
    await attempt(market, mine, { service: mine.dice.pick(PLAIN_SERVICES), quantity: 10, link, retryKey: undefined, maxCharge: undefined })
    await pause(mine.dice.roll() * 2 * PAUSE_MS)
  }
  await line.close()
}

/** Dropped with the others of this run. */
async function emptyDatabase(): Promise<string> {
  const name = `${inject('template')}_${randomBytes(4).toString('hex')}`
  await onServer(inject('serverUrl'), `create database "${name}"`)
  return withDatabase(inject('serverUrl'), name)
}

async function migrations(url: string): Promise<number> {
  return Number((await onServer(url, 'select count(*) as made from migrations')).rows[0]!['made'])
}

/** The newest version whose migrations are the first of today's, so that the new one migrates under the traffic of the old one. Without git's history: none. */
function versionBefore(place: string): { script: string; folder: string } | undefined {
  const git = (...words: string[]) =>
    execFileSync('git', ['-C', project, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
      .split('\n')
      .filter((line) => line !== '')
  const migrationsOf = (commit: string) => git('ls-tree', '--name-only', commit, 'server/db/migrations/').toSorted()
  const isBefore = (older: readonly string[], newer: readonly string[]) =>
    older.length > 0 && older.length < newer.length && older.every((name, index) => name === newer[index])
  let commit: string | undefined
  try {
    const today = migrationsOf('HEAD')
    const changes = git('log', '--first-parent', '--format=%H', '--', 'server/db/migrations')
    commit = changes.map((change) => `${change}^`).find((each) => isBefore(migrationsOf(each), today))
  } catch {
    return undefined
  }
  if (commit === undefined) return undefined
  const other = otherVersion(commit, place)
  ends.push(() => other.close())
  return { script: other.script, folder: place }
}

/** The shop as the version before makes it, by its own code. */
async function fitOutBy(folder: string, url: string): Promise<Account[]> {
  const shop = pathToFileURL(path.join(folder, 'test/nemesis/shop.ts')).href
  const program = `
    const { fitOutShop } = await import(${JSON.stringify(shop)})
    const accounts = await fitOutShop(${JSON.stringify(url)})
    process.stdout.write(JSON.stringify(accounts.map(({ account, key, book }) => ({ account, key, book }))))`
  const words = ['--import', 'tsx', '--input-type=module', '--eval', program]
  const { stdout } = await run(process.execPath, words, { cwd: project, maxBuffer: 10_000_000 })
  return (JSON.parse(stdout) as Omit<Account, 'paidIn'>[]).map((each) => ({ ...each, paidIn: 0n }))
}
