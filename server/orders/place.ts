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
  /** Places one order and returns its id after it is durably committed with its charge; otherwise throws a Refusal and has changed nothing.
   * `price` is called again whenever the catalogue changes before the commit. Orders of a book are served in order of arrival. After the time
   * limit of a request (deadline.ts) it throws a refusal, which says whether the outcome is unknown. */
  place(bookId: number, price: (catalogue: Catalogue) => PricedOrder): Promise<bigint>
  /** The number of orders that wait or are under way. */
  depth(): number
  /** Settles when no order waits or is under way any more. */
  drained(): Promise<void>
  /** Discards the reserved ids: another connection was lost, so the database may have been set back. */
  forget(): void
  /** Closes the connection that it uses; call it when no more orders will be placed. */
  close(): Promise<void>
}

/** Group commit: the orders that arrive while a batch is in flight make the next batch, at most half of all orders; batches that are in flight
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

  /** Answers the orders that have waited too long, queued or under way. */
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
