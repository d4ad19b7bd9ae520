import type { CatalogueCache } from '../catalog/catalogue.ts'
import { outcomeUnknown } from './ask-until-known.ts'
import type { Committing } from './commit-batch.ts'
import { isOverdue, type Item, type OrderQueues } from './order-queues.ts'

/** The batches under way, and the decision when the next one is sent. */
export interface Batches {
  /** Call this when an order waits: it is sent as soon as possible. */
  schedule(): void
  /** The number of orders that wait or are under way. */
  readonly depth: () => number
  /** Settles when nothing waits or is under way any more. */
  readonly drained: () => Promise<void>
  /** Answers the callers of orders that are under way for too long that the outcome is unknown, while their batch continues to ask. */
  refuseOverdue(): void
}

/** In larger batches, the database and this node wait for each other instead of working in parallel. */
const MOST_IN_A_BATCH = 96
/** One batch that the database works on, and one waiting behind it on the same connection. */
const BATCHES_IN_FLIGHT = 2

export function openBatches(deps: {
  readonly queues: OrderQueues
  readonly catalogue: CatalogueCache
  readonly commit: Committing['commit']
  readonly onBatch: ((size: number, seconds: number) => void) | undefined
}): Batches {
  const { queues } = deps
  const batches = new Set<readonly Item[]>()
  let underWay = 0
  /** The number of orders that waited or were under way when the last batch ended. */
  let crowd = 0
  let scheduled = false

  const depth = () => queues.count() + underWay
  const drain = openDrain(depth)
  const mostTogether = () => halfOf(Math.max(crowd, depth()))

  /** A batch may be sent when none is under way, or behind one that is, when enough orders wait. */
  function mayLeave(): boolean {
    return batches.size === 0 ? queues.count() > 0 : batches.size < BATCHES_IN_FLIGHT && queues.count() >= mostTogether()
  }

  function schedule() {
    if (scheduled || !mayLeave()) return
    scheduled = true
    // An order that finds the database idle does not wait for others; otherwise the orders that arrive in this turn of the event loop are sent
    // together.
    if (batches.size === 0) queueMicrotask(flush)
    else setImmediate(flush)
  }

  function flush() {
    scheduled = false
    if (!mayLeave()) return
    const catalogue = deps.catalogue.current()
    const batch = queues.take(mostTogether(), catalogue)
    // Every book with a waiting order is in flight: the end of that batch calls flush() again.
    if (batch.length === 0) return drain.look()
    void run(batch, catalogue.version)
    schedule()
  }

  async function run(batch: readonly Item[], version: bigint) {
    for (const { queue } of batch) queue.inFlight = true
    batches.add(batch)
    underWay += batch.length
    const started = performance.now()
    const tell = await deps.commit(batch, version).catch((error: unknown) => () => batch.forEach((item) => item.reject(error)))
    for (const { queue } of batch) queue.inFlight = false
    batches.delete(batch)
    crowd = depth()
    underWay -= batch.length
    deps.onBatch?.(batch.length, (performance.now() - started) / 1000)
    // The next batch is sent first, so the database works on it while this node writes the answers.
    flush()
    if (batches.size > 0) setImmediate(tell)
    else tell()
    drain.look()
  }

  return {
    schedule,
    depth,
    drained: drain.ended,
    refuseOverdue() {
      for (const batch of batches) for (const item of batch) if (isOverdue(item)) item.reject(outcomeUnknown())
      drain.look()
    },
  }
}

/** Half of all orders: while the database commits one half, this node answers and reads the other. */
function halfOf(orders: number): number {
  return Math.min(MOST_IN_A_BATCH, Math.ceil(orders / 2))
}

/** Resolves the promises that wait for the last order. */
function openDrain(depth: () => number) {
  let waiting: (() => void)[] = []
  return {
    ended: (): Promise<void> => (depth() === 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    look() {
      if (depth() > 0) return
      waiting.forEach((resolve) => resolve())
      waiting = []
    },
  }
}
