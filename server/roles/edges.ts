import type { StaffApi } from '../admin-api/route.ts'
import type { ApiContext } from '../api/context.ts'
import { openStreams, type Streams } from '../api/events.ts'
import { openRateLimits } from '../api/rate-limit.ts'
import type { ApiDependencies } from '../api/dependencies.ts'
import { openServiceLists } from '../api/services.ts'
import { openCatalogue } from '../catalog/catalogue.ts'
import { type AccountContext, type CameBy, siteOf } from '../customers/account-context.ts'
import { addressSubject } from '../customers/address.ts'
import { type Callers, openCallers, openKeyCheck } from '../customers/callers.ts'
import { openCallCounts } from '../customers/calls.ts'
import { openPasswords } from '../customers/password.ts'
import { type Confirming, openConfirming } from '../db/confirming.ts'
import { refuseReadOnly } from '../db/database.ts'
import { listen as listenForNews, type News } from '../db/news.ts'
import { listeningAs } from '../db/nodes.ts'
import { type Database, openPool, type Queryable } from '../db/pool.ts'
import { type Pooler, poolerBefore } from '../db/pooler.ts'
import { POOLED_BY_TRANSACTION } from '../db/reach.ts'
import { inTime } from '../deadline.ts'
import { openRefusalCounts } from '../house-rules/refuse.ts'
import { openBalances } from '../ledger/balance.ts'
import { type Metrics, openMetrics } from '../metrics.ts'
import { openOldKeys } from '../move-in/claim-key.ts'
import type { OperatorApi } from '../operator-api/route.ts'
import { raiseOrderIds } from '../orders/order-ids.ts'
import { openPlacing } from '../orders/place.ts'
import { openRetryReads } from '../orders/read.ts'
import { openTallies } from '../orders/tallies.ts'
import { openOrderReads } from '../orders/read-many.ts'
import { attributeReferral } from '../referrals/attribute.ts'
import { openSecret } from '../secret.ts'
import { openProviderContext, type ProviderContext } from '../sign-in-providers/context.ts'
import { termsOf } from '../site-pages/public-pages.ts'
import { openApiFigures } from '../status/api-figures.ts'
import { openHouseOfActs, openPaymentsOf } from './house-of-acts.ts'
import type { PaymentContext } from '../payments/payments.ts'
import { ALONE, type StartContext, SWEEP_MS } from './start-context.ts'
import type { Watchdog } from '../watchdog.ts'
import type { ProgramContext } from '../web/web.ts'
import { openWebhookActions } from '../webhooks/page-actions.ts'

/** The dependencies of the edges: the customers' API, the operator's API and the pages. There is one of each per node. */
export interface Edges {
  readonly api: ApiDependencies
  readonly staffApi: StaffApi
  readonly operatorApi: OperatorApi
  readonly accounts: AccountContext
  readonly programs: ProgramContext
  readonly payments: PaymentContext
  readonly providers: ProviderContext
  readonly confirming: Confirming
  checkDatabase(): Promise<unknown>
  isListening(): boolean
  metricsText(): Promise<{ text: string; contentType: string }>
}

/** Time limits for getting a connection and for running a statement on it; together they stay within ANSWER_WITHIN_MS. No statement of the API
 * needs that long: a slower database hangs. */
const CONNECT_TIMEOUT_MS = 5000
const QUERY_TIMEOUT_MS = 10_000
/** A health check should get "not ready" before it gives up itself. */
const CHECK_WITHIN_MS = 2000

/** Opens everything that an edge needs, and listens for changes made elsewhere. `url` is the address where this node listens, if it does. */
export async function openEdges(start: StartContext, watchdog: Watchdog, url: string | undefined): Promise<Edges> {
  const { config, settings, now, stops } = start
  const { db, pooler } = await openApiPool(start)
  await settings.refresh(db)
  const catalogue = await openCatalogue(db)
  const metrics = openMetrics(watchdog, { ofProcess: start.connections === ALONE })
  let news: News | undefined
  const isListening = () => news?.isHeard() ?? false
  const secret = await openSecret(config)
  const callers = openCallers(db, isListening, config.queueLimit, secret.hash)
  const confirming = await openConfirming({
    db,
    lost: () => news?.reconnect(),
    onEvent: (message, level) => start.log[level](message),
  })
  stops.push(() => confirming.stop())
  const context = openApiContext(start, { db, catalogue, confirming }, (size, seconds) => {
    metrics.onBatch(size, seconds)
    // Orders placed here are pushed at once to streams on this node, and on other nodes at their next beat, so placing an order costs no
    // notification.
    streams.wake()
  })
  const streams = openStreams(context)
  const calls = openCallCounts(db, now)
  stops.push(() => calls.stop())
  news = await hearChanges(start, { db, pooler, url, context, callers, streams })
  const limits = openLimits(start, db)
  const outgoing = start.openWebhookOutgoing()
  stops.push(() => outgoing.close())
  const payments = openPaymentsOf(start, { db, secret, url })
  const onAnswer = config.roles.http ? countingFigures(start, db, metrics) : metrics.onAnswer
  return {
    api: { context, callers, streams, payments, limits, allowGet: config.allowGet, isListening, onAnswer, calls, noteWork: watchdog.note },
    confirming,
    staffApi: { context: { db, now, seller: payments.seller }, limits },
    operatorApi: {
      house: openHouseOfActs(start, { db, secret, outgoing, payments, url }),
      limits,
    },
    accounts: {
      db,
      now,
      secret,
      passwords: openPasswords(),
      get site() {
        return siteOf({ ...config, publicUrl: config.publicUrl ?? url }, settings.current())
      },
      get terms() {
        return termsOf(settings.current().pages)
      },
      get registration() {
        const { registration, currency, referrals } = settings.current()
        if (!registration) return null
        return { currency, noteCameBy: (tx: Queryable, opened: CameBy, at: Date) => attributeReferral(tx, opened, referrals, at) }
      },
    },
    programs: {
      calls,
      webhooks: openWebhookActions({ db, now, secret, outgoing }),
      oldKeys: openOldKeys({ db, now, hashKey: secret.hash }),
    },
    payments,
    providers: openProviderContext({ db, now, secret, siteUrl: payments.siteUrl, outgoing: payments.outgoing }),
    checkDatabase: () => inTime(CHECK_WITHIN_MS, db.query({ text: 'select 1', query_timeout: CHECK_WITHIN_MS } as { text: string })),
    isListening,
    metricsText: () =>
      metricsText(metrics, context, {
        isHeard: isListening(),
        isStalled: confirming.isStalled(),
        longReads: start.longReads.state(),
      }),
  }
}

/** Counts each call for the metrics, and for the status page. */
function countingFigures({ now, stops }: StartContext, db: Database, metrics: Metrics): Metrics['onAnswer'] {
  const figures = openApiFigures(db, now)
  stops.push(() => figures.stop())
  return (action, outcome, seconds) => {
    metrics.onAnswer(action, outcome, seconds)
    figures.count(outcome, seconds)
  }
}

async function openApiPool({ database, log, stops, connections }: StartContext): Promise<{ db: Database; pooler: Pooler }> {
  const timeouts = { queryTimeoutMs: QUERY_TIMEOUT_MS, connectTimeoutMs: CONNECT_TIMEOUT_MS }
  const db = openPool(database.url, { size: connections.api, name: 'docket api', ...timeouts })
  stops.push(() => db.end())
  await refuseReadOnly(db, database.url)
  const pooler = await poolerBefore(db)
  if (pooler === 'by session') log.info('a pooler stands before PostgreSQL, in session mode, as it should be')
  if (pooler === 'by transaction') log.warn(POOLED_BY_TRANSACTION)
  const leftOut = await raiseOrderIds(db)
  if (leftOut > 0n) log.warn({ leftOut: String(leftOut) }, 'the counter of order ids was set back: ids that may be in use are skipped')
  return { db, pooler }
}

function openApiContext(
  { config: { queueLimit }, now, stops }: StartContext,
  parts: Pick<ApiContext, 'db' | 'catalogue' | 'confirming'>,
  onBatch: (size: number, seconds: number) => void,
): ApiContext {
  const { db, catalogue } = parts
  const houseRefusals = openRefusalCounts(db, now)
  stops.push(() => houseRefusals.stop())
  const placing = openPlacing({ db, catalogue, now, queueLimit, onBatch })
  stops.push(() => placing.close())
  return {
    ...parts,
    now,
    serviceLists: openServiceLists(),
    placing,
    balances: openBalances(db, queueLimit),
    orders: openOrderReads(db, queueLimit),
    retries: openRetryReads(db, now, queueLimit),
    tallies: openTallies(db),
    houseRefusals,
    checkKey: openKeyCheck(db, queueLimit),
  }
}

interface Hearing {
  readonly db: Database
  readonly pooler: Pooler
  readonly url: string | undefined
  readonly context: ApiContext
  readonly callers: Callers
  readonly streams: Streams
}

/** Forgets cached data that changed elsewhere, as soon as a notification arrives. */
async function hearChanges({ settings, database, log, stops }: StartContext, hearing: Hearing): Promise<News> {
  const { db, pooler, url, context, callers, streams } = hearing
  const forgetOrders = () => {
    context.orders.forget()
    context.tallies.forget()
  }
  const changed = (channel: string) => {
    if (channel === 'docket_changes') return streams.wake()
    if (channel === 'docket_moved_in') return forgetOrders()
    if (channel === 'docket_settings') {
      settings.refresh(db).catch((error: unknown) => log.warn({ err: error }, 'the settings could not be read again'))
      return
    }
    if (channel === 'docket_keys') streams.checkKeys()
    // The remembered data of a caller include its custom rates and discounts.
    if (channel !== 'docket_times') callers.forget()
    if (channel !== 'docket_keys')
      context.catalogue.refresh().catch((error: unknown) => log.warn({ err: error }, 'the catalogue could not be read again'))
  }
  // Feeds that were set back use the same numbers again for other changes.
  const lost = () => {
    forgetOrders()
    context.placing.forget()
  }
  const news = await listenForNews({
    connectionString: database.url,
    name: listeningAs(url),
    db,
    channels: ['docket_keys', 'docket_catalogue', 'docket_times', 'docket_changes', 'docket_settings', 'docket_moved_in'],
    changed,
    lost,
    isKnownDeaf: pooler === 'by transaction',
    onBeat: (waitsForStandby) => context.confirming.note(waitsForStandby),
    onEvent: (message, level) => log[level](message),
  })
  stops.push(() => news.stop())
  return news
}

function openLimits({ config, settings, log, stops }: StartContext, db: Database) {
  const { rateLimit } = config
  if (!rateLimit) return null
  const rates = openRateLimits(db)
  const sweep = () => rates.sweep().catch((error: unknown) => log.warn({ err: error }, 'old rate windows could not be deleted'))
  const timer = setInterval(() => void sweep(), SWEEP_MS).unref()
  stops.push(async () => clearInterval(timer))
  return {
    get perKey() {
      return settings.current().rateLimit?.perKey ?? rateLimit.perKey
    },
    get perAddress() {
      return settings.current().rateLimit?.perAddress ?? rateLimit.perAddress
    },
    unknownKeysPerAddress: rateLimit.unknownKeysPerAddress,
    subjectOf: addressSubject,
    rates,
  }
}

async function metricsText(metrics: Metrics, { db, placing, orders, balances }: ApiContext, state: Parameters<Metrics['text']>[2]) {
  const depths = { place: placing.depth(), status: orders.depth(), balance: balances.depth() }
  return { text: await metrics.text(db, depths, state), contentType: metrics.contentType }
}
