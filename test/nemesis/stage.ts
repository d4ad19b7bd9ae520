import { mkdtemp, mkdir, rm, chmod } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { openEmbeddedDatabase } from '../../server/db/embedded.ts'
import { openProxy, type Proxy } from '../support/proxy.ts'
import { copyServer, type Database, embeddedDatabase, initCluster, ownCluster, type OwnCluster } from './cluster.ts'
import type { Account, History } from './history.ts'
import { openHistory } from './history.ts'
import { type NodeProcess, openNode } from './node.ts'
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
    const { database, own, accounts } = plan.database === 'url' ? await openOwn(root) : await openEmbedded(root)
    ends.push(() => database.end())
    const proxy = own && (await openProxy(own.url()))
    if (proxy) ends.push(() => proxy.close())
    const settings = { DOCKET_SECRET: SECRET, DOCKET_SIMULATED_SPEED: '200' }
    const place = proxy ? { DATABASE_URL: proxy.url } : { DOCKET_DATA: database.directory }
    const nodes: NodeProcess[] = []
    for (let index = 0; index < plan.nodes; index += 1) {
      const node = await openNode({ ...settings, ...place })
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

async function openOwn(root: string): Promise<{ database: Database; own: OwnCluster; accounts: Account[] }> {
  const directory = path.join(root, 'own')
  await mkdir(directory, { recursive: true })
  await initCluster(directory)
  const own = ownCluster(directory)
  await own.bringUp()
  return { database: own, own, accounts: await fitOutShop(own.url()) }
}

async function openEmbedded(root: string): Promise<{ database: Database; own: undefined; accounts: Account[] }> {
  const directory = path.join(root, 'data')
  const embedded = await openEmbeddedDatabase({ directory })
  const accounts = await fitOutShop(embedded.url)
  await embedded.close()
  return { database: embeddedDatabase(directory), own: undefined, accounts }
}
export { copyServer }
