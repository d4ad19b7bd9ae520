import type { RequestListener } from 'node:http'
import type { Logger } from 'pino'
import { configOf, childDatabaseUrl } from '../children/access.ts'
import type { Child } from '../children/children.ts'
import { lookAtChild, noteFault } from '../children/health.ts'
import { type Maker, withChild } from '../children/make.ts'
import type { Config } from '../config.ts'
import { countConnections, type Gate } from '../db/client.ts'
import { migrate } from '../db/migrate.ts'
import { openHttp } from '../http.ts'
import { type Node, startNode } from '../main.ts'
import type { Connections } from '../roles/start-context.ts'
import { refuse } from '../refusal.ts'
import { drainOf } from '../roles/stopping.ts'
import type { listenHttp } from '../roles/listen.ts'
import { moveLockedSupplier } from '../suppliers/registry.ts'
import type { Watchdog } from '../watchdog.ts'
import { answering } from './answering.ts'
import { openAtOnce } from './at-once.ts'

/** What a child has of the process that hosts it. */
export interface Hosting {
  readonly config: Config
  readonly log: Logger
  readonly maker: Maker
  readonly mailFrom: () => string | undefined
  readonly watchdog: Watchdog
  readonly gate: Gate
  /** Few children are started, or looked at, at a time: each is some seconds of work. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
}

/** A child that this process hosts. It is started until it is up, and hurts nobody else when it cannot be. */
export interface ChildPanel {
  /** Its host and state as they are now. */
  child: Child
  /** Answers requests for it; undefined while it is not up. */
  readonly handler: () => RequestListener | undefined
  look(): Promise<void>
  stop(): Promise<void>
}

/** With those of placing, listening and confirming, a child has eleven connections at most, and three when it is idle. */
const CONNECTIONS: Connections = { api: 3, fulfilment: 3, moving: 1 }
const FIRST_REST_MS = 1000
const LONGEST_REST_MS = 60_000

export function openChildPanel(hosting: Hosting, first: Child): ChildPanel {
  const log = hosting.log.child({ panel: first.host })
  let handler: RequestListener | undefined
  let node: Node | undefined
  let stopped = false
  let rest = FIRST_REST_MS
  let timer: NodeJS.Timeout | undefined
  let starting = Promise.resolve()

  async function attempt(): Promise<void> {
    try {
      node = await hosting.inTurn(async () => (stopped ? undefined : start(hosting, panel, log, (listener) => (handler = listener))))
      if (!node) return
      rest = FIRST_REST_MS
      log.info('a child panel is ready')
    } catch (error) {
      handler = undefined
      log.error({ err: error }, 'a child panel could not be started, and will be tried again')
      await noteFault(hosting.maker.db, panel.child.id, error, hosting.maker.now()).catch(() => {})
      if (stopped) return
      timer = setTimeout(() => (starting = attempt()), rest)
      rest = Math.min(rest * 2, LONGEST_REST_MS)
    }
  }

  const panel: ChildPanel = {
    child: first,
    handler: () => handler,
    async look() {
      const { id } = panel.child
      const { databaseUrl } = node ?? {}
      if (databaseUrl === undefined) return
      await hosting.inTurn(() => withChild(databaseUrl, (db) => lookAtChild(hosting.maker.db, { id, db }, hosting.maker.now())))
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await starting
      await node?.stop()
    },
  }
  starting = attempt()
  return panel
}

async function start(
  { config, maker, mailFrom, watchdog, gate }: Hosting,
  panel: ChildPanel,
  log: Logger,
  mount: (listener: RequestListener | undefined) => void,
): Promise<Node> {
  const { child } = panel
  const url = await childDatabaseUrl(maker, child)
  countConnections(url, gate)
  await migrate(url)
  await withChild(url, (db) => moveLockedSupplier(db, `${maker.site().url}/api/v2`))
  const own = configOf(config, { ...maker, mailFrom: mailFrom() }, child, url)
  const shut = () => (panel.child.state === 'suspended' || panel.child.state === 'closed' ? panel.child.state : undefined)
  return startNode(own, log, maker.now, {
    database: Promise.resolve({ url, embedded: false, close: async () => {} }),
    asChild: { listen: mounting(child.url, mount), watchdog, connections: CONNECTIONS, shut },
  })
}

const FULL = answering(refuse('overloaded', 'Too many requests are waiting'))

/** Takes the requests that the server of the process hands over, instead of listening. */
function mounting(url: string, mount: (listener: RequestListener | undefined) => void): typeof listenHttp {
  const atOnce = openAtOnce()
  return async (config, log, node, stops) => {
    const http = openHttp(config, log, node)
    stops.push(async () => node.requests.stop())
    stops.push(() => http.close())
    stops.push(async () => mount(undefined))
    await http.ready()
    mount((request, response) => (atOnce.enter(request, response) ? http.routing(request, response) : FULL(request, response)))
    return { url, drain: drainOf(http, node.requests) }
  }
}
