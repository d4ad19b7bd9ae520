import { countChangesSince } from '../../../catalog/changes-met.ts'
import type { OwnErrand } from '../own-errand.ts'

const DAYS = 7
const HOUR_MS = 3_600_000
const MOST_KEPT = 1000
const kept = new Map<string, Promise<number>>()

/** How many services are new, gone or differently priced for this account since a week ago. Counted once an hour, and again when
 * prices turn: the page is asked for at each letter that is typed. */
export function changedLately({ orders, caller }: Pick<OwnErrand, 'orders' | 'caller'>): Promise<number> {
  const hour = Math.floor(orders.now().getTime() / HOUR_MS)
  const name = `${caller.accountId} ${caller.pricesVersion} ${hour}`
  const known = kept.get(name)
  if (known) return known
  const counted = countChangesSince(orders.db, caller.accountId, new Date((hour - DAYS * 24) * HOUR_MS))
  counted.catch(() => kept.delete(name))
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value!)
  kept.set(name, counted)
  return counted
}
