import { chmod, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { type Account, type History, openHistory } from '../nemesis/history.ts'
import { type NodeProcess, openNode, quietPort } from '../nemesis/node.ts'
import { COMMENTS_SERVICE, FIRST_RATE_CENTS, fitOutShop, PLAIN_SERVICES } from '../nemesis/shop.ts'
import { ready, until } from '../nemesis/wait.ts'
import { type Cluster, docketPassword, type Mode, openCluster } from './cluster.ts'
import { openHaproxy } from './haproxy.ts'

/** The cluster, HAProxy beside two Dockets, and a shop with accounts. */
export interface Stage {
  readonly mode: Mode
  readonly cluster: Cluster
  readonly nodes: readonly NodeProcess[]
  readonly accounts: readonly Account[]
  readonly history: History
  readonly now: () => number
  readonly say: (line: string) => void
  close(): Promise<void>
}

const NODES = 2
const SECRET = 'cluster-secret-of-32-characters-or-more'
/** Every eighth account of the shop has hardly any money. */
const hasMoney = (_: Account, index: number) => index % 8 !== 7

export const reaches = ['haproxy', 'hosts'] as const
/** By HAProxy beside the nodes, or by a DATABASE_URL that names all three servers. */
export type Reach = (typeof reaches)[number]

export async function openStage(mode: Mode, say: (line: string) => void, reach: Reach = 'haproxy'): Promise<Stage> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'docket-cluster-'))
  await chmod(root, 0o755)
  const ends: (() => Promise<unknown>)[] = [() => rm(root, { recursive: true, force: true, maxRetries: 20 })]
  const close = async () => {
    for (const end of ends.splice(0).toReversed()) await end().catch((error: unknown) => say(`cleaning up: ${String(error)}`))
  }
  stages.add(close)
  ends.unshift(async () => void stages.delete(close))
  try {
    const cluster = await openCluster(root, mode)
    ends.push(() => cluster.close())
    const port = await quietPort()
    const addresses = Object.fromEntries(cluster.machines.map(({ name, address }) => [name, address]))
    const haproxy = await openHaproxy(root, { database: port, panel: await quietPort(), addresses })
    ends.push(() => haproxy.close())
    const hosts = cluster.machines.map(({ address }) => address).join(',')
    const at = reach === 'haproxy' ? `127.0.0.1:${port}/docket` : `${hosts}/docket?target_session_attrs=read-write`
    const url = `postgres://docket:${await docketPassword()}@${at}`
    // It believes in every server until it has asked it.
    const isLed = async () => (await haproxy.tell('show stat')).match(/^database,db\d,.*,UP,/gm)?.length === 1
    if (!(await until(isLed, 60_000))) throw new Error(`HAProxy leads to no server:\n${await haproxy.tell('show servers conn')}`)
    const accounts = await fitOutShop(url)
    const nodes: NodeProcess[] = []
    for (let index = 0; index < NODES; index += 1) {
      const node = await openNode({ DATABASE_URL: url, DOCKET_SECRET: SECRET })
      nodes.push(node)
      ends.push(async () => {
        node.leave()
        await node.kill()
      })
      node.start()
    }
    for (const [index, node] of nodes.entries()) {
      if (!(await ready(node, 120_000))) throw new Error(`node ${index} was not ready:\n${node.written()}`)
    }
    const began = performance.now()
    const history = openHistory(accounts)
    for (const service of [...PLAIN_SERVICES, COMMENTS_SERVICE])
      history.prices.push({ service, unitsPer1000: BigInt(FIRST_RATE_CENTS) * 1000n, from: -1e9, until: 1e12 })
    return { mode, cluster, nodes, accounts: accounts.filter(hasMoney), history, now: () => performance.now() - began, say, close }
  } catch (error) {
    await close()
    throw error
  }
}

const stages = new Set<() => Promise<void>>()

/** Takes down whatever stands, also what has not come to stand yet. */
export async function closeStages(): Promise<void> {
  for (const close of stages) await close()
}
