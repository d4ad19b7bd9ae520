import type { Catalogue } from '../catalog/catalogue.ts'
import { databaseAway, remainingMs } from '../deadline.ts'
import type { PricedOrder } from './priced-order.ts'

/** An order that waits or is being placed. */
export interface Item {
  readonly queue: Queue
  readonly price: (catalogue: Catalogue) => PricedOrder
  readonly resolve: (id: bigint) => void
  readonly reject: (error: unknown) => void
  /** performance.now() when it arrived. */
  readonly arrivedAt: number
  order: PricedOrder
  /** The id that was reserved for it. */
  id: bigint
}

/** The waiting orders of one book, in order of arrival. */
interface Queue {
  readonly waiting: Item[]
  /** Some of the book's orders are under way: the others wait for them. */
  inFlight: boolean
}

/** The waiting orders, with a queue per book. */
export interface OrderQueues {
  /** Adds an order at the end of its book's queue; `resolve` and `reject` answer its caller. */
  add(bookId: number, price: Item['price'], resolve: Item['resolve'], reject: Item['reject']): void
  /** The number of waiting orders. */
  count(): number
  /** Takes the next batch of at most `most` priced orders, in order of arrival per book. It leaves out books that are in flight, and orders that
   * conflict with another of the batch (the same retry key, the same exclusive link): those wait for the next batch. Answers the callers of
   * orders that cannot be priced. */
  take(most: number, catalogue: Catalogue): Item[]
  /** Puts orders back to the head of their queues, because an order that came earlier is served earlier. Overdue orders are not put back: their
   * callers get an answer instead. */
  readonly putBack: (items: readonly Item[]) => void
  /** Removes the orders that have waited too long, and answers their callers: they are certainly not placed. */
  refuseOverdue(): void
}

export function openOrderQueues(): OrderQueues {
  /** One queue per book that ever ordered here, kept with its array: the garbage collector finds objects that have lived for a while late, and
   * until then they keep alive what they pointed to last (docs/decisions/0021). */
  const queues = new Map<number, Queue>()
  /** The queues with a waiting order, in the order in which they are served. */
  let turns: Queue[] = []
  let count = 0

  function queueOf(bookId: number): Queue {
    let queue = queues.get(bookId)
    if (!queue) queues.set(bookId, (queue = { waiting: [], inFlight: false }))
    return queue
  }

  function take(most: number, catalogue: Catalogue): Item[] {
    const batch: Batch = { most, items: [], compared: new Set() }
    const passed: Queue[] = []
    const left: Queue[] = []
    for (const queue of turns) {
      if (queue.inFlight || batch.items.length >= most) {
        passed.push(queue)
        continue
      }
      count -= fill(batch, queue.waiting, catalogue)
      if (queue.waiting.length > 0) left.push(queue)
    }
    // A queue that was served goes to the back, so that one busy book cannot keep the others waiting.
    turns = [...passed, ...left]
    return batch.items
  }

  function putBack(items: readonly Item[]) {
    for (const item of items.toReversed()) {
      if (isOverdue(item)) {
        item.reject(databaseAway())
        continue
      }
      if (item.queue.waiting.unshift(item) === 1) turns.push(item.queue)
      count += 1
    }
  }

  function refuseOverdue() {
    for (const { waiting } of turns) {
      let overdue = 0
      while (overdue < waiting.length && isOverdue(waiting[overdue]!)) overdue += 1
      for (const item of waiting.splice(0, overdue)) item.reject(databaseAway())
      count -= overdue
    }
    turns = turns.filter((queue) => queue.waiting.length > 0)
  }

  return {
    add(bookId, price, resolve, reject) {
      const queue = queueOf(bookId)
      const arrivedAt = performance.now()
      // All properties are set from the start, so that V8 gives every order the same hidden class.
      const item: Item = { queue, price, resolve, reject, arrivedAt, order: NOT_PRICED, id: 0n }
      if (queue.waiting.push(item) === 1) turns.push(queue)
      count += 1
    },
    count: () => count,
    take,
    putBack,
    refuseOverdue,
  }
}

/** Stands for the order until a batch takes it for the first time. */
const NOT_PRICED = Object.freeze({}) as PricedOrder

interface Batch {
  readonly most: number
  readonly items: Item[]
  /** The names that two orders of the batch must not share. */
  readonly compared: Set<string>
}

/** Moves orders from a queue into the batch while they fit, and answers how many have left the queue. */
function fill(batch: Batch, waiting: Item[], catalogue: Catalogue): number {
  let taken = 0
  while (taken < waiting.length && batch.items.length < batch.most) {
    const item = waiting[taken]!
    const order = priceOrReject(item, catalogue)
    if (order) {
      const names = comparedNames(order)
      if (names.some((name) => batch.compared.has(name))) break
      names.forEach((name) => batch.compared.add(name))
      item.order = order
      batch.items.push(item)
    }
    taken += 1
  }
  waiting.splice(0, taken)
  return taken
}

function priceOrReject(item: Item, catalogue: Catalogue): PricedOrder | undefined {
  try {
    return item.price(catalogue)
  } catch (error) {
    item.reject(error)
    return undefined
  }
}

const NOTHING: readonly string[] = []

/** The names that two orders of one batch must not share. */
function comparedNames(order: PricedOrder): readonly string[] {
  if (!order.retry && order.activeLink === null) return NOTHING
  const names: string[] = []
  if (order.retry) names.push(`retry ${order.bookId} ${order.retry.key}`)
  if (order.activeLink !== null) names.push(`link ${order.bookId} ${order.serviceId} ${order.activeLink}`)
  return names
}

export function isOverdue({ arrivedAt }: Item): boolean {
  return remainingMs(arrivedAt) === 0
}
