import type { Queryable } from '../db/pool.ts'
import { moveRefills } from '../orders/move-refills.ts'
import { after } from './hand-off.ts'

const BEGINS_AFTER_SECONDS = 10
const TAKES_SECONDS = 60

/** Works the refills of simulated orders on the same clock as their orders. */
export async function workSimulatedRefills(db: Queryable, supplierId: number, now: Date, speed: number): Promise<void> {
  const begun = after(now, -BEGINS_AFTER_SECONDS / speed)
  const done = after(now, -TAKES_SECONDS / speed)
  await moveRefills(db, supplierId, { from: 'In progress', askedBefore: done, to: 'Completed', now })
  await moveRefills(db, supplierId, { from: 'Pending', askedBefore: begun, to: 'In progress', now })
}
