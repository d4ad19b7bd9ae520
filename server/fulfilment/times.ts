import { holdMeasuring, keepTimes } from '../catalog/times.ts'
import { type Database, transaction } from '../db/pool.ts'
import { measureServices, readServicesToMeasure } from '../orders/times.ts'

const MOST_AT_ONCE = 250

/** Measures how long services really take, for services whose orders have changed since the last time. Answers how many it measured. */
export function measureTimes(db: Database, now: () => Date): Promise<number> {
  return transaction(db, async (tx) => {
    if (!(await holdMeasuring(tx))) return 0
    const at = now()
    const times = await measureServices(tx, await readServicesToMeasure(tx, at, MOST_AT_ONCE), at)
    await keepTimes(tx, times, at)
    return times.length
  })
}
