import type { OrderRow } from './read.ts'

const MOST_ORDERS = 120_000
const MOST_OF_A_BOOK = 40_000

/** The remembered orders among the requested ids. */
export interface Kept {
  /** The change of the book's feed up to which the orders are current; null when nothing of the book is remembered. */
  readonly since: bigint | null
  readonly orders: ReadonlyMap<string, OrderRow>
}

export interface RememberedOrders {
  keptOf(bookId: number, ids: readonly string[]): Kept
  /** Stores rows that a statement read when the book's feed was at `change`, with all orders that moved after `since`, unless that is null. */
  learn(bookId: number, since: bigint | null, change: bigint, rows: Iterable<OrderRow>): void
  forget(bookId: number): void
  forgetAll(): void
  /** How often everything was discarded: data read before the last time must not be stored. */
  forgotten(): number
}

/** The remembered orders of one book, as of one change of the book's feed. */
interface BookOrders {
  change: bigint
  readonly orders: Map<string, OrderRow>
}

export function openRememberedOrders(): RememberedOrders {
  const remembered = new Map<number, BookOrders>()
  let count = 0
  let forgotten = 0

  function forget(bookId: number) {
    count -= remembered.get(bookId)?.orders.size ?? 0
    remembered.delete(bookId)
  }

  function put(bookId: number, kept: BookOrders, rows: Iterable<OrderRow>) {
    const before = kept.orders.size
    for (const row of rows) kept.orders.set(row.id, row)
    count += kept.orders.size - before
    if (kept.orders.size > MOST_OF_A_BOOK) forget(bookId)
    for (const oldest of remembered.keys()) {
      if (count <= MOST_ORDERS) return
      forget(oldest)
    }
  }

  return {
    forget,
    forgetAll() {
      forgotten += 1
      remembered.clear()
      count = 0
    },
    forgotten: () => forgotten,
    keptOf(bookId, ids) {
      const kept = remembered.get(bookId)
      if (!kept) return { since: null, orders: new Map() }
      // The book that was used last is discarded last.
      remembered.delete(bookId)
      remembered.set(bookId, kept)
      const known = ids.map((id) => kept.orders.get(id)).filter((row) => row !== undefined)
      return { since: kept.change, orders: new Map(known.map((row) => [row.id, row])) }
    },
    learn(bookId, since, change, rows) {
      const kept = remembered.get(bookId)
      if (!kept) {
        const made = { change, orders: new Map<string, OrderRow>() }
        remembered.set(bookId, made)
        return put(bookId, made, rows)
      }
      // Statements overtake each other: rows that are older than the stored ones, or leave a gap after them, are not stored.
      if (change < kept.change) return
      if (change > kept.change && (since === null || since > kept.change)) return
      kept.change = change
      put(bookId, kept, rows)
    },
  }
}
