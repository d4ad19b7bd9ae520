import type { Catalogue, CatalogueCache } from '../catalog/catalogue.ts'
import { openPipeline } from '../db/pipeline.ts'
import type { Database } from '../db/pool.ts'
import { LOOK_EVERY_MS } from '../deadline.ts'
import { refuse } from '../refusal.ts'
import { openBatches } from './batches.ts'
import { openCommitting } from './commit-batch.ts'
import { openOrderQueues } from './order-queues.ts'
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
  /** Forgets what was reserved: another connection was lost, so the database may have been set back. */
  forget(): void
  /** Gives up the connection on which it places; for when nothing will be placed any more. */
  close(): Promise<void>
}

/** Group commit: the orders that arrive while a batch is in flight make the next one, at most half of all there are; batches in flight
 * together never share a book (docs/decisions/0001). */
export function openPlacing(deps: {
  db: Database
  catalogue: CatalogueCache
  now: () => Date
  queueLimit: number
  onBatch?: (size: number, seconds: number) => void
}): Placing {
  const { catalogue, now, queueLimit, onBatch } = deps
  const pipeline = openPipeline(deps.db)
  const queues = openOrderQueues()
  const { commit } = openCommitting({ pipeline, catalogue, now, putBack: queues.putBack })
  const batches = openBatches({ queues, catalogue, commit, onBatch })
  let overdueTimer: NodeJS.Timeout | undefined

  function place(bookId: number, price: (catalogue: Catalogue) => PricedOrder): Promise<bigint> {
    if (queues.count() >= queueLimit) return Promise.reject(refuse('overloaded', 'Too many orders are waiting'))
    return new Promise((resolve, reject) => {
      queues.add(bookId, price, resolve, reject)
      batches.schedule()
      overdueTimer ??= setTimeout(refuseOverdue, LOOK_EVERY_MS).unref()
    })
  }

  /** Answers the orders that have waited too long, wherever they wait. */
  function refuseOverdue() {
    queues.refuseOverdue()
    batches.refuseOverdue()
    overdueTimer = batches.depth() > 0 ? setTimeout(refuseOverdue, LOOK_EVERY_MS).unref() : undefined
  }

  return {
    place,
    depth: batches.depth,
    drained: batches.drained,
    forget: () => pipeline.noteLoss(),
    close: () => pipeline.end(),
  }
}
