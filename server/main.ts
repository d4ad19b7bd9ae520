import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { StaffApi } from './admin-api/route.ts'
import type { ApiDependencies } from './api/route.ts'
import type { ApiContext } from './api/context.ts'
import { openStreams, type Streams } from './api/events.ts'
import { openRateLimits } from './api/rate-limit.ts'
import { openServiceLists } from './api/services.ts'
import { openCatalogue } from './catalog/catalogue.ts'
import type { Config } from './config.ts'
import { type AccountContext, siteOf } from './customers/account-context.ts'
import { addressSubject } from './customers/address.ts'
import { openCallers, openKeyCheck } from './customers/callers.ts'
import { openCallCounts } from './customers/calls.ts'
import { openPasswords } from './customers/password.ts'
import { sweepSignIn } from './customers/sweep.ts'
import { openDatabase, type OpenDatabase, refuseReadOnly } from './db/database.ts'
import { listen as listenForNews } from './db/news.ts'
import { listeningAs } from './db/nodes.ts'
import { openPool } from './db/pool.ts'
import { inTime } from './deadline.ts'
import { type LoopDependencies, startLoops } from './fulfilment/loops.ts'
import { repeat } from './loops/repeat.ts'
import { type HttpNode, openHttp, type Phase } from './http.ts'
import { openBalances } from './ledger/balance.ts'
import { openMailServer } from './mails/mail-server.ts'
import { forgetOldMails, startPostman } from './mails/postman.ts'
import { openMetrics } from './metrics.ts'
import { openRefusalCounts } from './house-rules/refuse.ts'
import { forgetOldMassOrders, placeLeftMassOrder } from './ordering/mass-order.ts'
import { raiseOrderIds } from './orders/order-ids.ts'
import { openPlacing } from './orders/place.ts'
import { openRetryReads } from './orders/read.ts'
import { openOrderReads } from './orders/read-many.ts'
import { openRequestsUnderWay, type RequestsUnderWay } from './requests/under-way.ts'
import { openTallies } from './orders/tallies.ts'
import { openSecret } from './secret.ts'
import { openPriceSources, openSuppliers } from './suppliers/open.ts'
import type { ProgramContext } from './web/web.ts'
import { startWatchdog, type Watchdog } from './watchdog.ts'
import { startWebhookWorker } from './webhooks/worker.ts'
import { openWebhookActions } from './webhooks/page-actions.ts'
import { openWebhookOutgoing } from './webhooks/outgoing.ts'

export interface Node {
  /** Where it listens; undefined without the http role. */
  readonly url: string | undefined
  readonly databaseUrl: string
  /** Refuses new work, finishes what is under way, closes everything. */
  stop(): Promise<void>
}

const SWEEP_MS = 60_000
/** Kept of the time that a stop has, for closing the database. */
const LAST_SECONDS = 4
const LEAST_PATIENCE_MS = 250
const API_CONNECTIONS = 12
const DRAIN_GRACE_MS = 300
/** To get a connection and to run a statement on it: together they stay within ANSWER_WITHIN_MS. No statement of the API takes as long; what is
 * slower is a database that hangs. */
const CONNECT_TIMEOUT_MS = 5000
const QUERY_TIMEOUT_MS = 10_000
/** A prober should hear "not ready" before it gives up itself. */
const CHECK_WITHIN_MS = 2000
/** Nobody waits for an answer here; but a connection that swallows everything must not keep the loops for ever. */
const LOOP_QUERY_TIMEOUT_MS = 60_000

/** What a caller may bring: a database that it began to open, and what a test puts in the place of the real thing: its receivers of webhooks
 * stand on its own machine. */
export interface NodeParts {
  readonly database?: Promise<OpenDatabase>
  readonly openWebhookOutgoing?: typeof openWebhookOutgoing
}

/** Config → HTTP (refusing until ready) → database → roles. What was started is stopped again when a step fails, also a database that
 * the caller began to open. */
export async function startNode(config: Config, log: Logger, now: () => Date = () => new Date(), given: NodeParts = {}): Promise<Node> {
  const opening = given.database ?? openDatabase(config, (message, level = 'info') => log[level](message))
  const parts = { openWebhookOutgoing, ...given }
  let phase: Phase = 'starting'
  let api: Api | undefined
  const requests = openRequestsUnderWay()
  const watchdog = startWatchdog(log)
  const node: HttpNode = {
    phase: () => phase,
    requests,
    isListening: () => api!.isListening(),
    api: () => api!.dependencies,
    staffApi: () => api!.staffApi,
    accounts: () => api!.accounts,
    programs: () => api!.programs,
    checkDatabase: () => api!.checkDatabase(),
    metricsText: () => api!.metricsText(),
    noteWork: watchdog.note,
  }
  const stops: Stops = [watchdog.stop]
  const stopAll = async (until = performance.now()) => {
    for (const stop of stops.splice(0).toReversed()) await stopInTime(stop, until, log)
    const database = await opening.catch(() => undefined)
    await database?.close().catch((error: unknown) => log.error({ err: error }, 'the database could not be closed'))
  }
  // It may fail before it is waited for.
  opening.catch(() => {})
  try {
    const http = config.roles.http ? await listenHttp(config, log, node, stops) : undefined
    const database = await opening
    const url = http && addressOf(http.app)
    api = await openApi(config, database, log, now, stops, { ...parts, watchdog, url })
    if (url) api = { ...api, accounts: { ...api.accounts, site: { ...api.accounts.site, url: config.publicUrl ?? url } } }
    if (config.roles.fulfilment) {
      await startFulfilment(config, database, log, now, stops, parts)
      startMassOrders(api.dependencies.context, log, stops)
    }
    phase = 'ready'
    return {
      url,
      databaseUrl: database.url,
      async stop() {
        phase = 'draining'
        api?.dependencies.streams.end()
        const until = performance.now() + (config.drainTimeoutSeconds - LAST_SECONDS) * 1000
        await http?.drain()
        await api?.dependencies.context.placing.drained()
        await stopAll(until)
      },
    }
  } catch (error) {
    await stopAll()
    throw error
  }
}

type Stops = (() => Promise<unknown>)[]

/** A part that waits for a database or a supplier that does not answer is left behind: whatever it was doing is taken up by the next start, as
 * after a kill. */
async function stopInTime(stop: () => Promise<unknown>, until: number, log: Logger): Promise<void> {
  const patience = new AbortController()
  const late = pause(Math.max(LEAST_PATIENCE_MS, until - performance.now()), 'late', { signal: patience.signal }).catch(() => {})
  try {
    if ((await Promise.race([stop(), late])) === 'late') log.warn('a part of the server did not stop in time: ending without it')
  } catch (error) {
    log.error({ err: error }, 'a part of the server failed to stop')
  } finally {
    patience.abort()
  }
}

async function listenHttp(
  config: Config,
  log: Logger,
  node: HttpNode,
  stops: Stops,
): Promise<{ app: FastifyInstance; drain(): Promise<void> }> {
  const http = openHttp(config, log, node)
  const drain = drainOf(http, node.requests)
  stops.push(async () => node.requests.stop())
  stops.push(() => http.close())
  try {
    await http.listen({ host: config.host, port: config.port, backlog: 2048 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE')
      throw new Error(`Port ${config.port} is taken: stop what listens there or choose another with --port.`, { cause: error })
    throw error
  }
  return { app: http, drain }
}

/** Answers what is under way, then cuts the rest: a connection that never asked counts as busy for a minute. */
function drainOf(http: FastifyInstance, requests: RequestsUnderWay): () => Promise<void> {
  let draining = false
  const cutWhenAnswered = () => void (draining && requests.count() === 0 && http.server.closeAllConnections())
  requests.onNone(cutWhenAnswered)
  return async () => {
    // Kept connections have a moment to hear "draining" before they are closed under a request on its way.
    await new Promise((resolve) => setTimeout(resolve, DRAIN_GRACE_MS))
    draining = true
    const closed = http.close()
    cutWhenAnswered()
    await closed
  }
}

function addressOf(http: FastifyInstance): string {
  const address = http.server.address()
  if (address === null || typeof address === 'string') return String(address)
  const host = address.address === '::' || address.address === '0.0.0.0' ? 'localhost' : address.address
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`
}

interface Api {
  readonly dependencies: ApiDependencies
  readonly staffApi: StaffApi
  readonly accounts: AccountContext
  readonly programs: ProgramContext
  checkDatabase(): Promise<unknown>
  isListening(): boolean
  metricsText(): Promise<{ text: string; contentType: string }>
}

async function openApi(
  config: Config,
  database: OpenDatabase,
  log: Logger,
  now: () => Date,
  stops: Stops,
  parts: Required<Pick<NodeParts, 'openWebhookOutgoing'>> & { readonly watchdog: Watchdog; readonly url: string | undefined },
): Promise<Api> {
  const timeouts = { queryTimeoutMs: QUERY_TIMEOUT_MS, connectTimeoutMs: CONNECT_TIMEOUT_MS }
  const db = openPool(database.url, { size: API_CONNECTIONS, name: 'docket api', ...timeouts })
  stops.push(() => db.end())
  await refuseReadOnly(db)
  const leftOut = await raiseOrderIds(db)
  if (leftOut > 0n) log.warn({ leftOut: String(leftOut) }, 'the counter of order ids was set back: ids that may be in use are skipped')
  const catalogue = await openCatalogue(db)
  let isFresh = () => false
  let streams: Streams | undefined
  const callers = openCallers(db, () => isFresh(), config.queueLimit)
  let forget = () => {}
  const changed = (channel: string) => {
    if (channel === 'docket_changes') return streams?.wake()
    if (channel === 'docket_keys') streams?.checkKeys()
    // Custom rates and discounts are part of what is remembered of a caller.
    if (channel !== 'docket_times') callers.forget()
    if (channel !== 'docket_keys')
      catalogue.refresh().catch((error: unknown) => log.warn({ err: error }, 'the catalogue could not be read again'))
  }
  const news = await listenForNews({
    connectionString: database.url,
    name: listeningAs(parts.url),
    db,
    channels: ['docket_keys', 'docket_catalogue', 'docket_times', 'docket_changes'],
    changed,
    lost: () => forget(),
    onEvent: (message, level) => log[level](message),
  })
  stops.push(() => news.stop())
  isFresh = news.isHeard

  const metrics = openMetrics(parts.watchdog)
  const onBatch = (size: number, seconds: number) => {
    metrics.onBatch(size, seconds)
    // What is placed is told here at once, and on other nodes at the next beat: orders pay for no notification.
    streams?.wake()
  }
  const calls = openCallCounts(db, now)
  stops.push(() => calls.stop())
  const houseRefusals = openRefusalCounts(db, now)
  stops.push(() => houseRefusals.stop())
  const placing = openPlacing({ db, catalogue, now, queueLimit: config.queueLimit, onBatch })
  stops.push(() => placing.close())
  const context: ApiContext = {
    db,
    now,
    catalogue,
    serviceLists: openServiceLists(),
    placing,
    balances: openBalances(db, config.queueLimit),
    orders: openOrderReads(db, config.queueLimit),
    retries: openRetryReads(db, now, config.queueLimit),
    tallies: openTallies(db),
    houseRefusals,
    checkKey: openKeyCheck(db, config.queueLimit),
  }
  // Feeds that were set back count the same numbers again, for other changes.
  forget = () => {
    context.orders.forget()
    context.tallies.forget()
    context.placing.forget()
  }
  streams = openStreams(context)
  const limits = config.rateLimit && { ...config.rateLimit, rates: openRateLimits(db) }
  if (limits) {
    const sweep = () => limits.rates.sweep().catch((error: unknown) => log.warn({ err: error }, 'old rate windows could not be deleted'))
    const timer = setInterval(() => void sweep(), SWEEP_MS).unref()
    stops.push(async () => clearInterval(timer))
  }
  const secret = await openSecret(config)
  const outgoing = parts.openWebhookOutgoing()
  stops.push(() => outgoing.close())
  return {
    dependencies: {
      context,
      callers,
      streams,
      limits,
      allowGet: config.allowGet,
      isListening: news.isHeard,
      onAnswer: metrics.onAnswer,
      calls,
      noteWork: parts.watchdog.note,
    },
    staffApi: { context: { db, now }, limits: limits && { ...limits, subjectOf: addressSubject } },
    accounts: {
      db,
      now,
      secret,
      passwords: openPasswords(),
      site: siteOf(config),
      registration: config.registration ? { currency: config.currency } : null,
    },
    programs: { calls, webhooks: openWebhookActions({ db, now, secret, outgoing }) },
    checkDatabase: () => inTime(CHECK_WITHIN_MS, db.query({ text: 'select 1', query_timeout: CHECK_WITHIN_MS } as { text: string })),
    isListening: news.isHeard,
    async metricsText() {
      const depths = { place: context.placing.depth(), status: context.orders.depth(), balance: context.balances.depth() }
      return { text: await metrics.text(db, depths, news.isHeard()), contentType: metrics.contentType }
    },
  }
}

const LEFT_MASS_ORDERS_MS = 3000

/** Goes on with mass orders that nobody watches any more, and forgets old ones. */
function startMassOrders(context: ApiContext, log: Logger, stops: Stops): void {
  const placing = repeat(log, 'mass orders', LEFT_MASS_ORDERS_MS, () => placeLeftMassOrder(context))
  stops.push(() => placing.stop())
  const forgetting = repeat(log, 'old mass orders', SWEEP_MS * 60, () => forgetOldMassOrders(context).then(() => 0))
  stops.push(() => forgetting.stop())
}

async function startFulfilment(
  config: Config,
  database: OpenDatabase,
  log: Logger,
  now: () => Date,
  stops: Stops,
  parts: Required<Pick<NodeParts, 'openWebhookOutgoing'>>,
): Promise<void> {
  const db = openPool(database.url, { size: 8, name: 'docket fulfilment', queryTimeoutMs: LOOP_QUERY_TIMEOUT_MS })
  stops.push(() => db.end())
  const catalogue = await openCatalogue(db)
  const placing = openPlacing({ db, catalogue, now, queueLimit: config.queueLimit })
  stops.push(() => placing.close())
  const secret = await openSecret(config)
  const suppliers = await openSuppliers({ db, now, secret, simulatedSpeed: config.simulatedSpeed })
  stops.push(() => suppliers.close())
  const prices = openPriceSources(secret)
  stops.push(() => prices.close())
  const openSupplier: LoopDependencies['openSupplier'] = (row) => suppliers.open(row)
  const loops = startLoops({ db, now, log, catalogue, placing, openSupplier, openPrices: prices.open })
  stops.push(() => loops.stop())
  const outgoing = parts.openWebhookOutgoing()
  stops.push(() => outgoing.close())
  const worker = startWebhookWorker({ db, now, log, secret, outgoing, site: siteOf(config) })
  stops.push(() => worker.stop())
  const sweep = async () => {
    await sweepSignIn(db, now())
    await forgetOldMails(db, now())
    return 0
  }
  const sweeping = repeat(log, 'sign-in', SWEEP_MS * 10, sweep)
  stops.push(() => sweeping.stop())
  if (config.mail) {
    const postman = startPostman({ db, now, log, secret, server: openMailServer(config.mail.smtpUrl, config.mail.from) })
    stops.push(() => postman.stop())
  }
}
