import { type Database, transaction } from '../db/pool.ts'
import { readStaleDripFeeds, startDueRuns, type StaleDripFeed } from '../orders/drip-feeds.ts'
import { settle } from '../orders/settle.ts'

/** Starts the runs that are due, and updates the drip-feeds whose runs have changed. Answers how many it changed. */
export async function workDripFeeds(db: Database, now: () => Date): Promise<number> {
  const { started, anyStale } = await startDueRuns(db, now())
  if (started === 0 && !anyStale) return 0
  const summed = await transaction(db, async (tx) => {
    const stale = await readStaleDripFeeds(tx)
    await settle(tx, stale.map(sumUp), 'docket', now())
    return stale.length
  })
  return started + summed
}

/** The state of a drip-feed: what its runs did not deliver, and the runs that never started. */
function sumUp(drip: StaleDripFeed) {
  const remains = drip.quantity - drip.delivered
  return {
    orderId: drip.orderId,
    status: statusOf(drip, remains),
    startCount: drip.startCount,
    remains,
    words: `${drip.runsStarted} of ${drip.runs} runs started`,
  }
}

function statusOf(drip: StaleDripFeed, remains: bigint) {
  const stopped = drip.runsStarted === drip.runs || drip.cancelAsked
  if (drip.openRuns > 0 || !stopped) return drip.runsStarted === 0 ? ('Pending' as const) : ('In progress' as const)
  if (remains <= 0n) return 'Completed' as const
  return remains >= drip.quantity ? ('Canceled' as const) : ('Partial' as const)
}
