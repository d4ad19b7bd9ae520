import type { Database } from '../db/pool.ts'
import { carriedOn, type Counted, countOrders, type Tally } from './tally.ts'

/** A tally is a few numbers: those of more books than look at their overview in an hour. */
const MOST_BOOKS = 10_000
/** Beyond so many lines and changes, looking each up takes as long as counting a hundred thousand orders. */
const MOST_MOVES = 2000

/** Beyond this, how many more does not matter at a glance. */
export const MOST_COUNTED = 100_000

export interface Tallies {
  /** How many orders of a book have each status, as the database has them now; `most` or more where counting stopped. */
  of(bookId: number): Promise<Tally>
  /** The database may have been set back. */
  forget(): void
}

/** Counts a book's orders once, and from then on what was placed and what moved. Like lists of orders (docs/decisions/0016), a tally is compared with
 * the book and its feed at each ask, so nodes need not hear of each other. */
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
