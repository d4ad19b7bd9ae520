import type { Queryable } from '../db/pool.ts'
import { readSpan } from './statement.ts'
import { readSums, type Sums } from './sums.ts'

const DAY_MS = 86_400_000
const PACE_DAYS = 30
/** A book younger than this has no pace yet. */
const LEAST_DAYS = 3

/** How quickly the money of a book is spent, and how long it will last. */
export interface Pace {
  /** The number of days looked at: thirty, or as many as there are since the first line. */
  readonly days: number
  /** The spending in these days: charges less refunds and compensations. */
  readonly spent: bigint
  /** Whole days that the balance lasts at this pace. */
  readonly lasts: number
}

/** Charges less the refunds and compensations for them. */
export function spentOf(sums: Sums): bigint {
  return -(sums.charge + sums.refund + sums.compensation)
}

/** Null when there is no pace: the book is too young, or nothing was spent lately. */
export async function readPace(db: Queryable, book: { id: number; wallet: bigint; firstAt: Date | null }, now: Date): Promise<Pace | null> {
  if (book.firstAt === null) return null
  const days = Math.min(PACE_DAYS, Math.floor((now.getTime() - book.firstAt.getTime()) / DAY_MS))
  if (days < LEAST_DAYS) return null
  // Up to the newest line, even when another node's clock is a little ahead.
  const [from, until] = [new Date(now.getTime() - days * DAY_MS), new Date(now.getTime() + DAY_MS)]
  const { after, last } = await readSpan(db, book.id, from, until)
  const spent = spentOf(await readSums(db, book.id, after, last))
  if (spent <= 0n) return null
  return { days, spent, lasts: Number((book.wallet * BigInt(days)) / spent) }
}
