import type { Catalogue, CatalogueCache } from '../catalog/catalogue.ts'
import { openPipeline } from '../db/pipeline.ts'
import type { Database } from '../db/pool.ts'
import { databaseAway, LOOK_EVERY_MS, remainingMs } from '../deadline.ts'
import { refuse } from '../refusal.ts'
import { type Item, openCommitting, outcomeUnknown } from './commit-batch.ts'
import type { PricedOrder } from './priced-order.ts'

export interface Placing {
  /** Places one order and answers its id once it is durably committed with its charge, or throws a Refusal and has changed
   * nothing. `price` is asked again whenever the catalogue turns before the commit. Per book, orders are served in order
   * of arrival. Nobody waits longer than a request may (deadline.ts): then it is refused, or told that its outcome is not known. */
  place(bookId: number, price: (catalogue: Catalogue) => PricedOrder): Promise<bigint>
  /** Orders that wait or are under way. */
  depth(): number
  /** Settles when nothing waits any more. */
  drained(): Promise<void>
  /** Forgets what was reserved: the database may have been set back. */
  forget(): void
  /** Gives up the connection on which it places; for when nothing will be placed any more. */
  close(): Promise<void>
}

/** The orders of one book that wait, in order of arrival. */
interface Queue {
  readonly waiting: QueuedItem[]
  /** Some of the book's orders are under way: the others wait for them. */
  inFlight: boolean
}

interface QueuedItem extends Item {
  readonly queue: Queue
}

/** With more, the database and this node wait for each other instead of working side by side. */
const MOST_IN_A_BATCH = 96
/** One that the database works on, and one behind it on the same connection. */
const BATCHES_IN_FLIGHT = 2

/** Group commit: the orders that arrive while a batch is in flight make the next one, at most half of all there are; batches in flight
 * together never share a book (docs/decisions/0001). */
export function openPlacing(deps: {
  db: Database
  catalogue: CatalogueCache
  now: () => Date
  queueLimit: number
  onBatch?: (size: number, seconds: number) => void
}): Placing {
  const pipeline = openPipeline(deps.db)
  const committing = openCommitting({ pipeline, catalogue: deps.catalogue, now: deps.now, putBack })
  /** One per book that ever ordered here, kept with its array: what is thrown away after having lived for a while is found late by the
   * garbage collector, and until then keeps alive what it pointed to last (docs/decisions/0021). */
  const queues = new Map<number, Queue>()
  /** Those in which an order waits, in turn. */
  let turns: Queue[] = []
  const batches = new Set<readonly QueuedItem[]>()
  let waitingCount = 0
  /** Orders that are under way. */
  let orders = 0
  /** Orders that waited or were under way when a batch ended last. */
  let crowd = 0
  let scheduled = false
  let whenDrained: (() => void)[] = []
  let overdueTimer: NodeJS.Timeout | undefined

  function place(bookId: number, price: (catalogue: Catalogue) => PricedOrder): Promise<bigint> {
    if (waitingCount >= deps.queueLimit) return Promise.reject(refuse('overloaded', 'Too many orders are waiting'))
    return new Promise((resolve, reject) => {
      const queue = queueOf(bookId)
      const arrivedAt = performance.now()
      // All properties from the start: the engine then knows every order by one shape.
      const item: QueuedItem = { queue, price, resolve, reject, arrivedAt, order: NOT_PRICED, id: 0n }
      if (queue.waiting.push(item) === 1) turns.push(queue)
      waitingCount += 1
      schedule()
      overdueTimer ??= setTimeout(refuseOverdue, LOOK_EVERY_MS).unref()
    })
  }

  function queueOf(bookId: number): Queue {
    let queue = queues.get(bookId)
    if (!queue) queues.set(bookId, (queue = { waiting: [], inFlight: false }))
    return queue
  }

  /** Half of the orders that there are: while the database commits the one half, this node answers and reads the other. */
  function mostTogether(): number {
    return Math.min(MOST_IN_A_BATCH, Math.ceil(Math.max(crowd, waitingCount + orders) / 2))
  }

  /** A waiting order may leave when nothing is in flight; behind a batch that is, only as many as go together. */
  function mayLeave(): boolean {
    return batches.size === 0 ? waitingCount > 0 : batches.size < BATCHES_IN_FLIGHT && waitingCount >= mostTogether()
  }

  function schedule() {
    if (scheduled || !mayLeave()) return
    scheduled = true
    // An order that finds the database idle does not wait for others; else what arrives in this turn of the event loop goes together.
    if (batches.size === 0) queueMicrotask(flush)
    else setImmediate(flush)
  }

  function flush() {
    scheduled = false
    if (!mayLeave()) return
    const catalogue = deps.catalogue.current()
    const batch = takeBatch(catalogue)
    // Every waiting book is in flight: the end of that batch flushes again.
    if (batch.length === 0) return noteDrained()
    void run(batch, catalogue.version)
    schedule()
  }

  function noteDrained() {
    if (waitingCount + orders > 0) return
    whenDrained.forEach((drained) => drained())
    whenDrained = []
  }

  async function run(batch: readonly QueuedItem[], version: bigint) {
    for (const { queue } of batch) queue.inFlight = true
    batches.add(batch)
    orders += batch.length
    const started = performance.now()
    const tell = await committing.commit(batch, version).catch((error: unknown) => () => batch.forEach((item) => item.reject(error)))
    for (const { queue } of batch) queue.inFlight = false
    batches.delete(batch)
    crowd = waitingCount + orders
    orders -= batch.length
    deps.onBatch?.(batch.length, (performance.now() - started) / 1000)
    // The next batch leaves first: the database works on it while this node writes the answers.
    flush()
    if (batches.size > 0) setImmediate(tell)
    else tell()
    noteDrained()
  }

  /** The next batch: in order of arrival per book, no book that is in flight, and nothing that the batch itself would have
   * to compare (the same retry key, the same exclusive link): those wait one turn. */
  function takeBatch(catalogue: Catalogue): QueuedItem[] {
    const most = mostTogether()
    const batch: QueuedItem[] = []
    const compared = new Set<string>()
    const passed: Queue[] = []
    const left: Queue[] = []
    for (const queue of turns) {
      if (queue.inFlight || batch.length >= most) {
        passed.push(queue)
        continue
      }
      let taken = 0
      while (taken < queue.waiting.length && batch.length < most) {
        const item = queue.waiting[taken]!
        const order = priceOrReject(item, catalogue)
        if (order) {
          const names = comparedNames(order)
          if (names.some((name) => compared.has(name))) break
          names.forEach((name) => compared.add(name))
          item.order = order
          batch.push(item)
        }
        taken += 1
      }
      waitingCount -= taken
      queue.waiting.splice(0, taken)
      if (queue.waiting.length > 0) left.push(queue)
    }
    // A queue that had its turn goes to the back, so that one busy book never keeps the others waiting.
    turns = [...passed, ...left]
    return batch
  }

  /** Back to the head of their queues: an order that came earlier is served earlier. Not when its caller was told meanwhile that nobody
   * knows of it. */
  function putBack(items: readonly Item[]) {
    for (const item of (items as readonly QueuedItem[]).toReversed()) {
      if (isOverdue(item)) {
        item.reject(databaseAway())
        continue
      }
      if (item.queue.waiting.unshift(item) === 1) turns.push(item.queue)
      waitingCount += 1
    }
  }

  /** Answers the orders that have waited too long. One that waits is taken out of its queue, and is known not to be placed; of one that is
   * under way nobody knows, while its batch goes on asking. */
  function refuseOverdue() {
    for (const queue of turns) {
      const { waiting } = queue
      let overdue = 0
      while (overdue < waiting.length && isOverdue(waiting[overdue]!)) overdue += 1
      for (const item of waiting.splice(0, overdue)) item.reject(databaseAway())
      waitingCount -= overdue
    }
    turns = turns.filter((queue) => queue.waiting.length > 0)
    for (const batch of batches) for (const item of batch) if (isOverdue(item)) item.reject(outcomeUnknown())
    noteDrained()
    overdueTimer = waitingCount + orders > 0 ? setTimeout(refuseOverdue, LOOK_EVERY_MS).unref() : undefined
  }

  return {
    place,
    depth: () => waitingCount + orders,
    drained: () => (waitingCount + orders === 0 ? Promise.resolve() : new Promise((resolve) => whenDrained.push(resolve))),
    forget: () => committing.dropIds(),
    close: () => pipeline.end(),
  }
}

function isOverdue({ arrivedAt }: Item): boolean {
  return remainingMs(arrivedAt) === 0
}

/** In the place of the order until the first batch takes it. */
const NOT_PRICED = Object.freeze({}) as PricedOrder

function priceOrReject(item: Item, catalogue: Catalogue): PricedOrder | undefined {
  try {
    return item.price(catalogue)
  } catch (error) {
    item.reject(error)
    return undefined
  }
}

const NOTHING: readonly string[] = []

/** What two orders of one batch must not share. */
function comparedNames(order: PricedOrder): readonly string[] {
  if (!order.retry && order.activeLink === null) return NOTHING
  const names: string[] = []
  if (order.retry) names.push(`retry ${order.bookId} ${order.retry.key}`)
  if (order.activeLink !== null) names.push(`link ${order.bookId} ${order.serviceId} ${order.activeLink}`)
  return names
}
