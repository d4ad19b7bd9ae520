import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { LongReadState } from './db/long-reads.ts'
import { type Database, isUnavailable } from './db/pool.ts'
import { inTime } from './deadline.ts'
import { formatUnits } from './ledger/money.ts'
import { isRefusal } from './refusal.ts'
import type { Watchdog } from './watchdog.ts'

const BOOKS = `
  select currency, play, count(*)::int as books, sum(-paid_in)::bigint as "paidIn", sum(wallet)::bigint as wallet, sum(sales)::bigint as sales,
    sum(given)::bigint as given, sum(owed)::bigint as owed
  from books group by currency, play`

/** Prometheus itself gives up after ten seconds. */
const BOOKS_WITHIN_MS = 5000

interface Books {
  currency: string
  play: boolean
  books: number
  paidIn: bigint
  wallet: bigint
  sales: bigint
  given: bigint
  owed: bigint
}

interface NodeState {
  /** Changes made elsewhere are heard. */
  readonly isHeard: boolean
  /** The standby that commits wait for does not confirm them. */
  readonly isStalled: boolean
  /** Undefined where no standby is read from. */
  readonly longReads: LongReadState | undefined
}

/** The metrics for Prometheus: requests and their latency, batches, queues, the pool, the money. */
export function openMetrics(watchdog: Pick<Watchdog, 'takeDelays'>, { ofProcess }: { readonly ofProcess: boolean }) {
  const registry = new Registry()
  // They cost a timer, and say the same of every panel of a process.
  if (ofProcess) collectDefaultMetrics({ register: registry })
  const calls = openCallSeries([registry])
  const node = openNodeSeries([registry])
  const money = openMoneySeries([registry])
  const standby = openStandbySeries([registry])

  return {
    contentType: registry.contentType,
    ...calls,
    /** Returns the text of /metrics. The money is read from the database, so every node reports the same; while the database is away, the rest is
     * reported. */
    async text(db: Database, depths: Readonly<Record<string, number>>, state: NodeState): Promise<string> {
      node.set(db, depths, watchdog.takeDelays())
      node.heard.set(state.isHeard ? 1 : 0)
      node.confirms.set(state.isStalled ? 0 : 1)
      if (state.longReads) standby.set(state.longReads)
      const books = await readBooks(db)
      node.answers.set(books ? 1 : 0)
      money.set(books ?? [])
      return registry.metrics()
    },
  }
}

export type Metrics = ReturnType<typeof openMetrics>

/** These metrics are counted when a call is answered. */
function openCallSeries(registers: Registry[]) {
  const requests = new Counter({
    name: 'docket_requests_total',
    help: 'API requests by action and outcome',
    labelNames: ['action', 'outcome'],
    registers,
  })
  const latency = new Histogram({
    name: 'docket_request_seconds',
    help: 'Time to the answer',
    labelNames: ['action'],
    registers,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  })
  const batchSize = new Histogram({
    name: 'docket_batch_orders',
    help: 'Orders committed together',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    registers,
  })
  const batchTime = new Histogram({
    name: 'docket_batch_seconds',
    help: 'Time to a durable batch',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5, 15],
    registers,
  })
  // Finding a series by its labels costs more than counting in it.
  const requestsOf = remembering((action: string, outcome: string) => requests.labels({ action, outcome }))
  const latencyOf = remembering((action: string) => latency.labels({ action }))
  return {
    onAnswer: (action: string, outcome: string, seconds: number) => {
      requestsOf(action, outcome).inc()
      latencyOf(action).observe(seconds)
    },
    onBatch: (size: number, seconds: number) => {
      batchSize.observe(size)
      batchTime.observe(seconds)
    },
  }
}

/** The state of this node at the moment of the request. */
function openNodeSeries(registers: Registry[]) {
  const depth = new Gauge({ name: 'docket_queue_depth', help: 'Requests that wait for the database', labelNames: ['queue'], registers })
  const pool = new Gauge({ name: 'docket_pool_connections', help: 'Database connections', labelNames: ['state'], registers })
  const heard = new Gauge({
    name: 'docket_listener_heard',
    help: '1 while changes made elsewhere are heard, 0 while this node is deaf',
    registers,
  })
  const confirms = new Gauge({
    name: 'docket_standby_confirms',
    help: '0 while the standby that commits must wait for does not confirm them, so that nothing is answered; 1 otherwise',
    registers,
  })
  const answers = new Gauge({ name: 'docket_database_answers', help: '1 if the database answered when this was asked', registers })
  const eventLoop = new Gauge({
    name: 'docket_event_loop_delay_seconds',
    help: 'How late the event loop was since this was asked last; quantile 1 is the longest',
    labelNames: ['quantile'],
    registers,
  })
  return {
    heard,
    confirms,
    answers,
    set(db: Database, depths: Readonly<Record<string, number>>, delays: ReadonlyMap<number, number>) {
      for (const [queue, waiting] of Object.entries(depths)) depth.set({ queue }, waiting)
      pool.set({ state: 'total' }, db.totalCount)
      pool.set({ state: 'idle' }, db.idleCount)
      pool.set({ state: 'waiting' }, db.waitingCount)
      for (const [quantile, seconds] of delays) eventLoop.set({ quantile }, seconds)
    },
  }
}

/** The standby of DATABASE_READ_URL; no values without one. */
function openStandbySeries(registers: Registry[]) {
  const behind = new Gauge({
    name: 'docket_read_standby_behind_seconds',
    help: 'How old what the standby of DATABASE_READ_URL shows may be',
    labelNames: ['database'],
    registers,
  })
  const reads = new Counter({
    name: 'docket_long_reads_total',
    help: 'Exports, statements and reports by where they were read; on the primary, when the standby is away or too far behind',
    labelNames: ['database'],
    registers,
  })
  return {
    set({ behindSeconds, onStandby, onPrimary }: LongReadState) {
      behind.set({ database: 'standby' }, behindSeconds)
      reads.reset()
      reads.inc({ database: 'standby' }, onStandby)
      reads.inc({ database: 'primary' }, onPrimary)
    },
  }
}

/** The sums of the books; no values while the database cannot be read. */
function openMoneySeries(registers: Registry[]) {
  const money = new Gauge({
    name: 'docket_money',
    help: 'Sums over all books: paid_in is wallet + sales + given + owed',
    labelNames: ['currency', 'play', 'account'],
    registers,
  })
  const books = new Gauge({ name: 'docket_books', help: 'Open books', labelNames: ['currency', 'play'], registers })
  return {
    set(rows: readonly Books[]) {
      money.reset()
      books.reset()
      for (const row of rows) {
        const labels = { currency: row.currency, play: String(row.play) }
        books.set(labels, row.books)
        for (const account of ['paidIn', 'wallet', 'sales', 'given', 'owed'] as const) {
          // A gauge is always a float in Prometheus; nothing is computed from it.
          money.set({ ...labels, account: account === 'paidIn' ? 'paid_in' : account }, Number(formatUnits(row[account])))
        }
      }
    },
  }
}

/** Undefined while the database does not answer. */
async function readBooks(db: Database): Promise<readonly Books[] | undefined> {
  try {
    return (await inTime(BOOKS_WITHIN_MS, db.query<Books>(BOOKS))).rows
  } catch (error) {
    if (isRefusal(error) || isUnavailable(error)) return undefined
    throw error
  }
}

/** Labels come from our own fixed lists, so the number of remembered series is limited. */
function remembering<Labels extends string[], Series>(find: (...labels: Labels) => Series): (...labels: Labels) => Series {
  const known = new Map<string, Series>()
  return (...labels) => {
    const name = labels.join(' ')
    let series = known.get(name)
    if (series === undefined) known.set(name, (series = find(...labels)))
    return series
  }
}
