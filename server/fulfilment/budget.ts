import { type BackOff, pauseAfter } from '../loops/back-off.ts'
import type { AddAnswer } from '../suppliers/supplier.ts'

/** How many calls one node may make to a supplier, and whether calling it makes sense at present. */
export interface Budget {
  readonly atOnce: number
  /** How many calls may be made now, at most `wanted`. */
  available(wanted: number): number
  /** Notes that so many calls are being made. */
  spend(calls: number): void
  /** Notes the result of a call: failures in a row open the circuit, any clear answer closes it. */
  told(kind: AddAnswer['kind']): void
  readonly isOpen: () => boolean
}

const FAILURES_TO_OPEN = 5
const REST_MS: BackOff = { first: 2_000, factor: 2, longest: 120_000 }

/**
 * A token bucket and a circuit breaker. While the circuit is open nothing is sent; then one call tries. `now` is a clock in milliseconds that never
 * goes back: when the wall clock is set back, a supplier would not be called for as long.
 */
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
      // Calls that were under way when the circuit opened tell nothing new.
      if (failures < FAILURES_TO_OPEN || now() < restsUntil) return
      restsUntil = now() + pauseAfter(rests, REST_MS)
      rests += 1
    },
  }
}
