import type { Database } from '../db/pool.ts'
import { carriedOn, type Counted, countOrders, type Tally } from './tally.ts'

/** More books than are shown on overviews in an hour; a tally is only a few numbers. */
const MOST_BOOKS = 10_000
/** With more lines and changes than this, looking each up takes as long as counting a hundred thousand orders. */
const MOST_MOVES = 2000

/** Above this number the exact count does not matter to a reader. */
export const MOST_COUNTED = 100_000

export interface Tallies {
  /** The number of a book's orders per status, as the database has them now; `most` or more where counting stopped. */
  of(bookId: number): Promise<Tally>
  /** Discards all tallies: the database may have been set back. */
  forget(): void
}

/** Counts a book's orders once, and then only adds the orders that were placed and moved. Like lists of orders (docs/decisions/0016), a tally is
 * compared with the book and its feed on each call, so nodes need not inform each other. */
export function openTallies(db: Database, most = MOST_COUNTED + 1): Tallies {
  const kept = new Map<number, Counted>()
  let forgotten = 0

  function keep(bookId: number, counted: Counted) {
    const known = kept.get(bookId)
    if (known && (known.line > counted.line || known.change > counted.change)) return
    kept.delete(bookId)
    if (!counted.goesOn) return
    kept.set(bookId, counted)
    if (kept.size > MOST_BOOKS) kept.delete(kept.keys().next().value!)
  }

  return {
    async of(bookId) {
      const era = forgotten
      const known = kept.get(bookId)
      const counted = (known && (await carriedOn(db, bookId, known, MOST_MOVES))) ?? (await countOrders(db, bookId, most))
      if (era === forgotten) keep(bookId, counted)
      return counted.tally
    },
    forget() {
      forgotten += 1
      kept.clear()
    },
  }
}
