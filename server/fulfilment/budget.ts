import { type BackOff, pauseAfter } from '../loops/back-off.ts'
import type { AddAnswer } from '../suppliers/supplier.ts'

/** How much of a supplier one node may use, and whether it is worth calling at all. */
export interface Budget {
  readonly atOnce: number
  /** How many calls may be made now, at most `wanted`. */
  available(wanted: number): number
  /** So many calls are being made. */
  spend(calls: number): void
  /** What a call came to: failures in a row open the circuit, any clear answer closes it. */
  told(kind: AddAnswer['kind']): void
  readonly isOpen: () => boolean
}

const FAILURES_TO_OPEN = 5
const REST_MS: BackOff = { first: 2_000, factor: 2, longest: 120_000 }

/** A token bucket and a circuit breaker. While the circuit is open nothing is sent; then one call tries. `now` is a clock in milliseconds that
 * never goes back: by the clock on the wall a supplier would be left alone for as long as that is set back. */
export function openBudget(limits: { atOnce: number; aMinute: number }, now: () => number = () => performance.now()): Budget {
  let tokens = limits.aMinute
  let filledAt = now()
  let failures = 0
  let restsUntil = 0
  let rests = 0

  return {
    atOnce: limits.atOnce,
    isOpen: () => failures >= FAILURES_TO_OPEN,
    available(wanted) {
      if (now() < restsUntil) return 0
      tokens = Math.min(limits.aMinute, tokens + ((now() - filledAt) / 60_000) * limits.aMinute)
      filledAt = now()
      const most = failures >= FAILURES_TO_OPEN ? 1 : wanted
      return Math.max(0, Math.min(most, Math.floor(tokens)))
    },
    spend(calls) {
      tokens -= calls
    },
    told(kind) {
      if (kind === 'accepted' || kind === 'refused') {
        failures = 0
        rests = 0
        return
      }
      failures += 1
      // Calls that were under way when it opened say nothing new.
      if (failures < FAILURES_TO_OPEN || now() < restsUntil) return
      restsUntil = now() + pauseAfter(rests, REST_MS)
      rests += 1
    },
  }
}
