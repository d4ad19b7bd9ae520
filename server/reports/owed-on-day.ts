import type { Queryable } from '../db/pool.ts'
import { type Owed, readOwedAt } from '../ledger/owed.ts'
import { readCountedAt, readOwedOn } from './read.ts'

const DAY_MS = 24 * 3_600_000

/** What was owed at the end of a day (UTC), like 2026-03-01: from the sums of the days where that day is added up, and from the lines themselves where
 * it is not, which takes longer. */
export async function readOwedOnDay(db: Queryable, day: string): Promise<Owed[]> {
  const end = new Date(new Date(`${day}T00:00:00Z`).getTime() + DAY_MS)
  const countedAt = await readCountedAt(db)
  if (countedAt === null || countedAt <= end) return readOwedAt(db, end)
  return (await readOwedOn(db, day)).map((row) => ({ ...row, books: null }))
}
