import { countChangesSince } from '../../../catalog/changes-met.ts'
import type { Database } from '../../../db/pool.ts'
import type { OwnContext } from '../own-context.ts'

const DAYS = 7
const HOUR_MS = 3_600_000
const MOST_KEPT = 1000
const kept = new WeakMap<Database, Map<string, Promise<number>>>()

/** The number of services that were added, removed or repriced for this account in the last week. It is counted once an hour and after a change of
 * prices, because the page is requested at each typed letter. */
export function changedLately({ orders, caller }: Pick<OwnContext, 'orders' | 'caller'>): Promise<number> {
  const hour = Math.floor(orders.now().getTime() / HOUR_MS)
  const counts = kept.get(orders.db) ?? new Map<string, Promise<number>>()
  kept.set(orders.db, counts)
  const name = `${caller.accountId} ${caller.pricesVersion} ${hour}`
  const known = counts.get(name)
  if (known) return known
  const counted = countChangesSince(orders.db, caller.accountId, new Date((hour - DAYS * 24) * HOUR_MS))
  counted.catch(() => counts.delete(name))
  if (counts.size >= MOST_KEPT) counts.delete(counts.keys().next().value!)
  counts.set(name, counted)
  return counted
}
