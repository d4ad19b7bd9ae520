import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { explainingReach, openDatabase, type OpenDatabase } from './db/database.ts'
import { type LongReads, openLongReads, readsOnPrimary } from './db/long-reads.ts'
import { type Edges, openEdges } from './roles/edges.ts'
import { startFulfilment, startMassOrders } from './roles/fulfilment.ts'
import type { Elsewhere, HttpNode, Phase } from './http.ts'
import { listenHttp } from './roles/listen.ts'
import { startMovings } from './roles/movings.ts'
import { openRequestsUnderWay } from './requests/under-way.ts'
import { stopAll, type Stops } from './roles/stopping.ts'
import { openSettings } from './settings/settings.ts'
import { ALONE, type Connections } from './roles/start-context.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'
import { openWebhookOutgoing } from './webhooks/outgoing.ts'

export interface Node {
  /** The address where it listens; undefined without the http role. */
  readonly url: string | undefined
  readonly databaseUrl: string
  /** Refuses new work, finishes the work under way, closes everything. */
  stop(): Promise<void>
}

/** The part of the stop's time limit that is reserved for closing the database. */
const LAST_SECONDS = 4

/** Parts that a caller may provide: a database that it has begun to open, and a replacement for outgoing webhooks in tests, whose receivers are
 * on their own machine. */
export interface NodeParts {
  readonly database?: Promise<OpenDatabase>
  readonly openWebhookOutgoing?: typeof openWebhookOutgoing
  /** Who answers requests for other panels of this process. */
  readonly elsewhere?: Elsewhere
  /** What a child panel has of its parent, in whose process it runs. */
  readonly asChild?: AsChild
}

export interface AsChild {
  /** Takes the requests for it, instead of a server of its own. */
  readonly listen: typeof listenHttp
  readonly watchdog: Watchdog
  readonly connections: Connections
  /** Set while its parent does not serve it: its orders go on. */
  readonly shut: () => 'suspended' | 'closed' | undefined
}

/** Config → HTTP (refusing until ready) → database → roles. When a step fails, everything that was started is stopped again, also a database that
 * the caller began to open. */
export async function startNode(config: Config, log: Logger, now: () => Date = () => new Date(), given: NodeParts = {}): Promise<Node> {
  const opening = given.database ?? openDatabase(config, (message, level = 'info') => log[level](message))
  // It may fail before the code below awaits it.
  opening.catch(() => {})
  const stops: Stops = []
  const { asChild } = given
  const watchdog = asChild?.watchdog ?? watchdogOf(log, stops)
  let phase: Phase = 'starting'
  let edges: Edges | undefined
  const stopEverything = async (until: number) => {
    await stopAll(stops, until, log)
    const database = await opening.catch(() => undefined)
    await database?.close().catch((error: unknown) => log.error({ err: error }, 'the database could not be closed'))
  }
  try {
    const settings = openSettings(config)
    const phaseNow = () => (phase === 'ready' ? (asChild?.shut() ?? phase) : phase)
    const node = { ...nodeOf(() => edges!), settings, phase: phaseNow, noteWork: watchdog.note, elsewhere: given.elsewhere }
    const http = config.roles.http ? await (asChild?.listen ?? listenHttp)(config, log, node, stops) : undefined
    const database = await opening
    const longReads = await openLongReadsOf(config, database, log)
    stops.push(() => longReads.stop())
    const start = {
      config,
      settings,
      database,
      longReads,
      log,
      now,
      stops,
      connections: asChild?.connections ?? ALONE,
      openWebhookOutgoing: given.openWebhookOutgoing ?? openWebhookOutgoing,
    }
    edges = await explainingReach(database, () => openEdges(start, watchdog, http?.url))
    await startMovings(start)
    if (config.roles.fulfilment) {
      await startFulfilment(start)
      startMassOrders(edges.api.context, start)
    }
    phase = 'ready'
    return {
      url: http?.url,
      databaseUrl: database.url,
      async stop() {
        phase = 'draining'
        edges?.api.streams.end()
        const until = performance.now() + (config.drainTimeoutSeconds - LAST_SECONDS) * 1000
        await http?.drain()
        await edges?.api.context.placing.drained()
        await stopEverything(until)
      },
    }
  } catch (error) {
    await stopEverything(performance.now())
    throw error
  }
}

function watchdogOf(log: Logger, stops: Stops): Watchdog {
  const watchdog = startWatchdog(log)
  stops.push(watchdog.stop)
  return watchdog
}

function openLongReadsOf({ databaseReadUrl: readUrl }: Config, { url: databaseUrl }: OpenDatabase, log: Logger): Promise<LongReads> {
  if (readUrl === undefined) return Promise.resolve(readsOnPrimary)
  return openLongReads({ databaseUrl, readUrl, onEvent: (message, level) => log[level](message) })
}

/** The parts of this node that the HTTP server uses; the edges exist once the node is ready. */
function nodeOf(edges: () => Edges): Omit<HttpNode, 'phase' | 'noteWork' | 'settings' | 'elsewhere'> {
  return {
    requests: openRequestsUnderWay(),
    isListening: () => edges().isListening(),
    api: () => edges().api,
    staffApi: () => edges().staffApi,
    operatorApi: () => edges().operatorApi,
    accounts: () => edges().accounts,
    programs: () => edges().programs,
    payments: () => edges().payments,
    providers: () => edges().providers,
    confirming: () => edges().confirming,
    checkDatabase: () => edges().checkDatabase(),
    metricsText: () => edges().metricsText(),
  }
}
