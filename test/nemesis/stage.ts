import { execFileSync } from 'node:child_process'
import { mkdtemp, mkdir, rm, chmod } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { openProxy, type Proxy } from '../support/proxy.ts'
import { type Database, embeddedDatabase, initCluster, ownCluster, type OwnCluster } from './cluster.ts'
import { diceOf } from './dice.ts'
import { type Account, type History, openHistory } from './history.ts'
import { bindLyingSupplier, type LyingSupplier, openLyingSupplier } from './lying-supplier.ts'
import { type NodeProcess, openNode } from './node.ts'
import { otherVersion } from './other-version.ts'
import type { Plan } from './plan.ts'
import { COMMENTS_SERVICE, FIRST_RATE_CENTS, fitOutShop, LYING_SERVICE, PLAIN_SERVICES, WORKED_SERVICE } from './shop.ts'

/** Everything that a seed plays on. */
export interface Stage {
  readonly plan: Plan
  readonly history: History
  readonly nodes: readonly NodeProcess[]
  readonly database: Database
  /** The same, when it can be set back. */
  readonly own: OwnCluster | undefined
  /** Between nodes and an own database. */
  readonly proxy: Proxy | undefined
  /** Milliseconds since the stage was opened. */
  readonly now: () => number
  readonly say: (line: string) => void
  /** While above zero the database is away by the checker's own doing: nodes may end. */
  databaseAway: number
  close(): Promise<void>
}

const SMALL_DISK_MB = 600
const SECRET = 'nemesis-secret-of-32-characters-or-more'

export async function openStage(plan: Plan, say: (line: string) => void): Promise<Stage> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'nemesis-'))
  await chmod(root, 0o755)
  const ends: (() => Promise<unknown> | void)[] = [() => rm(root, { recursive: true, force: true, maxRetries: 20 })]
  const close = async () => {
    for (const end of ends.splice(0).toReversed())
      await Promise.resolve(end()).catch((error: unknown) => say(`cleaning up: ${String(error)}`))
  }
  try {
    const disk = path.join(root, plan.database === 'url' ? 'own' : 'data')
    await mkdir(disk)
    if (plan.faults.some(({ kind }) => kind === 'disk-full')) ends.push(mountSmallDisk(disk, say))
    const liar = plan.lyingSupplier ? await openLyingSupplier(diceOf(plan.seed, 13)) : undefined
    if (liar) ends.push(() => liar.close())
    const { database, own, accounts } = plan.database === 'url' ? await openOwn(disk, liar) : await openEmbedded(disk, liar)
    ends.push(() => database.end())
    const proxy = own && (await openProxy(own.url()))
    if (proxy) ends.push(() => proxy.close())
    const settings = { DOCKET_SECRET: SECRET, DOCKET_SIMULATED_SPEED: '200' }
    const place = proxy ? { DATABASE_URL: proxy.url } : { DOCKET_DATA: database.directory }
    const nodes: NodeProcess[] = []
    for (let index = 0; index < plan.nodes; index += 1) {
      const other = index === 1 && plan.otherVersion !== undefined ? otherVersion(plan.otherVersion, path.join(root, 'other')) : undefined
      if (other) ends.push(() => other.close())
      const node = await openNode({ ...settings, ...place }, other?.script)
      nodes.push(node)
      ends.push(async () => {
        node.leave()
        await node.kill()
      })
    }
    const began = performance.now()
    const history = openHistory(accounts.slice(0, plan.accounts))
    for (const service of [...PLAIN_SERVICES, WORKED_SERVICE, LYING_SERVICE, COMMENTS_SERVICE]) {
      history.prices.push({ service, unitsPer1000: BigInt(FIRST_RATE_CENTS) * 1000n, from: -1e9, until: 1e12 })
    }
    return { plan, history, nodes, database, own, proxy, now: () => performance.now() - began, say, databaseAway: 0, close }
  } catch (error) {
    await close()
    throw error
  }
}

type Opened<Own> = Promise<{ database: Database; own: Own; accounts: Account[] }>

async function openOwn(directory: string, liar: LyingSupplier | undefined): Opened<OwnCluster> {
  await initCluster(directory)
  const own = ownCluster(directory)
  await own.bringUp()
  return { database: own, own, accounts: await fitOut(own.url(), liar) }
}

async function openEmbedded(directory: string, liar: LyingSupplier | undefined): Opened<undefined> {
  const embedded = await openEmbeddedDatabase({ directory })
  const accounts = await fitOut(embedded.url, liar)
  await embedded.close()
  return { database: embeddedDatabase(directory), own: undefined, accounts }
}

async function fitOut(url: string, liar: LyingSupplier | undefined): Promise<Account[]> {
  const accounts = await fitOutShop(url)
  if (liar) await bindLyingSupplier(url, liar.url, SECRET)
  return accounts
}

/** A disk that can be filled without filling anybody else's. Where mounting is not allowed, the fault is left out and says so. */
function mountSmallDisk(directory: string, say: (line: string) => void): () => void {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL_DISK_MB}m,mode=755`, 'nemesis', directory], { stdio: 'pipe' })
    return () => void execFileSync('umount', ['-l', directory], { stdio: 'pipe' })
  } catch {
    say('disk-full is left out: this user may not mount')
    return () => {}
  }
}
