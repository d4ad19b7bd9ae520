import type { OrderRow } from './read.ts'

const MOST_ORDERS = 120_000
const MOST_OF_A_BOOK = 40_000

/** What is remembered of the orders that an ask names. */
export interface Kept {
  /** The change of the book's feed up to which the orders are true; null when the book has no shelf. */
  readonly since: bigint | null
  readonly orders: ReadonlyMap<string, OrderRow>
}

export interface OrderShelves {
  keptOf(bookId: number, ids: readonly string[]): Kept
  /** Takes what a statement read when the book's feed stood at `change`; with all that moved after `since`, unless that is null. */
  learn(bookId: number, since: bigint | null, change: bigint, rows: Iterable<OrderRow>): void
  forget(bookId: number): void
  forgetAll(): void
  /** How often everything was forgotten: what was read before the last time is not to be kept. */
  forgotten(): number
}

/** A shelf of remembered orders a book, each as it was at one change of the book's feed. */
interface Shelf {
  change: bigint
  readonly orders: Map<string, OrderRow>
}

export function openOrderShelves(): OrderShelves {
  const shelves = new Map<number, Shelf>()
  let count = 0
  let forgotten = 0

  function forget(bookId: number) {
    count -= shelves.get(bookId)?.orders.size ?? 0
    shelves.delete(bookId)
  }

  function put(bookId: number, shelf: Shelf, rows: Iterable<OrderRow>) {
    const before = shelf.orders.size
    for (const row of rows) shelf.orders.set(row.id, row)
    count += shelf.orders.size - before
    if (shelf.orders.size > MOST_OF_A_BOOK) forget(bookId)
    for (const oldest of shelves.keys()) {
      if (count <= MOST_ORDERS) return
      forget(oldest)
    }
  }

  return {
    forget,
    forgetAll() {
      forgotten += 1
      shelves.clear()
      count = 0
    },
    forgotten: () => forgotten,
    keptOf(bookId, ids) {
      const shelf = shelves.get(bookId)
      if (!shelf) return { since: null, orders: new Map() }
      // Asked for last, forgotten last.
      shelves.delete(bookId)
      shelves.set(bookId, shelf)
      const known = ids.map((id) => shelf.orders.get(id)).filter((row) => row !== undefined)
      return { since: shelf.change, orders: new Map(known.map((row) => [row.id, row])) }
    },
    learn(bookId, since, change, rows) {
      const shelf = shelves.get(bookId)
      if (!shelf) {
        const made = { change, orders: new Map<string, OrderRow>() }
        shelves.set(bookId, made)
        return put(bookId, made, rows)
      }
      // Statements overtake each other: what is older than the shelf, or does not tell all that the shelf has missed, is not kept.
      if (change < shelf.change) return
      if (change > shelf.change && (since === null || since > shelf.change)) return
      shelf.change = change
      put(bookId, shelf, rows)
    },
  }
}
