import { createHistogram } from 'node:perf_hooks'
import type { Logger } from 'pino'

/** Reports when one piece of work kept all requests waiting, and which work it was. Nothing is answered meanwhile, so it is found out afterwards:
 * by a timer that comes late, and by the notes before and after the gap. */
export interface Watchdog {
  /** Called when the work of this route begins or ends, with that moment of performance.now(). It writes only into two arrays, because the most
   * frequent action calls it twice. */
  readonly note: (route: string, at: number) => void
  /** The delays of the timer since the last call: seconds by quantile, 1 for the longest. */
  readonly takeDelays: () => ReadonlyMap<number, number>
  /** Must be called every LOOK_EVERY_MS. */
  readonly look: () => void
}

export const LOOK_EVERY_MS = 20
const TOLD_FROM_MS = 200
const QUANTILES = [0.5, 0.9, 0.99, 1]
const NOTES_KEPT = 64
const MICROSECONDS = 1000

/** Runs the watchdog's own timer until it is stopped. */
export function startWatchdog(log: Logger): Watchdog & { readonly stop: () => Promise<void> } {
  const watchdog = openWatchdog(log, () => performance.now())
  const timer = setInterval(watchdog.look, LOOK_EVERY_MS).unref()
  return { ...watchdog, stop: async () => clearInterval(timer) }
}

export function openWatchdog(log: Logger, now: () => number): Watchdog {
  const routes: string[] = Array.from({ length: NOTES_KEPT }, () => '')
  const times = new Float64Array(NOTES_KEPT).fill(-1)
  const delays = createHistogram()
  let place = 0
  let looked = now()
  let processor = process.cpuUsage()

  /** The notes on both sides of the longest gap since this moment. */
  function aroundGap(since: number, until: number): string[] {
    const oldestFirst = Array.from({ length: NOTES_KEPT }, (_, index) => (place + index) % NOTES_KEPT)
    const during = oldestFirst.filter((at) => times[at]! >= since)
    const points = [{ at: since, route: '' }, ...during.map((at) => ({ at: times[at]!, route: routes[at]! })), { at: until, route: '' }]
    const gaps = points.slice(1).map((point, index) => ({ before: points[index]!, after: point }))
    const [longest] = gaps.toSorted((one, other) => other.after.at - other.before.at - (one.after.at - one.before.at))
    return [...new Set([longest!.before.route, longest!.after.route])].filter(Boolean)
  }

  return {
    note(route, at) {
      routes[place] = route
      times[place] = at
      place = (place + 1) % NOTES_KEPT
    },
    look() {
      const [since, until] = [looked, now()]
      const late = Math.max(0, until - since - LOOK_EVERY_MS)
      const spent = process.cpuUsage(processor)
      looked = until
      processor = process.cpuUsage()
      delays.record(Math.max(1, Math.round(late * MICROSECONDS)))
      if (late < TOLD_FROM_MS) return
      // Much less processor time than the delay means that the machine was busy with something else, or asleep.
      const processorMs = Math.round((spent.user + spent.system) / MICROSECONDS)
      log.warn({ ms: Math.round(late), processorMs, routes: aroundGap(since, until) }, 'the event loop stood still')
    },
    takeDelays() {
      const seconds = (quantile: number) => (quantile === 1 ? delays.max : delays.percentile(quantile * 100)) / MICROSECONDS / 1000
      const taken = new Map(QUANTILES.map((quantile) => [quantile, delays.count === 0 ? 0 : seconds(quantile)]))
      delays.reset()
      return taken
    },
  }
}
