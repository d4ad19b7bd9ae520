import { UNWRITTEN_MINUTES } from './api-figures.ts'
import { latencyAt } from './latency.ts'
import type { ApiHour } from './read-figures.ts'

/** How the API did within an hour or a day. */
export interface Span {
  readonly from: Date
  /** The share of its time in which calls were answered; null: there are no figures at all. */
  readonly available: number | null
  /** Minutes for which there should be figures. */
  readonly minutes: number
  /** Minutes in which no node was running. */
  readonly silentMinutes: number
  /** The share of the calls that failed; null: nobody called. */
  readonly failed: number | null
  /** In milliseconds; null: nobody called. */
  readonly median: number | null
  readonly p95: number | null
}

export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
const MINUTE_MS = 60_000

export function startOf(span: number, at: Date): Date {
  return new Date(Math.floor(at.getTime() / span) * span)
}

/**
 * Stretches of equal length, the oldest first. What lies before the first minute with figures, or is not over yet, counts neither way; a minute without
 * figures after it counts as not available, and so do the calls that failed in the others.
 */
export function spansOf(hours: readonly ApiHour[], { from, span, count }: { from: Date; span: number; count: number }, now: Date): Span[] {
  const byHour = new Map(hours.map((hour) => [hour.hour.getTime(), hour]))
  const since = firstMinute(hours)
  return Array.from({ length: count }, (_, at) => {
    const start = from.getTime() + at * span
    const within = Array.from({ length: span / HOUR_MS }, (_, n) => start + n * HOUR_MS)
    return spanOf(
      new Date(start),
      within.map((hour) => ({ counted: byHour.get(hour), expected: expectedMinutes(hour, since, now) })),
    )
  })
}

interface Hour {
  readonly counted: ApiHour | undefined
  /** Which of its minutes should have figures: a bit per minute. */
  readonly expected: bigint
}

function spanOf(from: Date, hours: readonly Hour[]): Span {
  const due = hours.filter(({ expected }) => expected !== 0n)
  const counted = due.flatMap(({ counted }) => counted ?? [])
  const [calls, failed] = [sumOf(counted, ({ calls }) => calls), sumOf(counted, ({ failed }) => failed)]
  const times = counted.reduce<number[]>((sums, { times }) => times.map((time, bucket) => (sums[bucket] ?? 0) + time), [])
  const minutes = sumOf(due, ({ expected }) => bitsOf(expected))
  const running = sumOf(due, runningMinutes)
  const available = sumOf(due, (hour) => runningMinutes(hour) * (1 - shareOf(hour.counted)))
  return {
    from,
    available: running === 0 ? null : available / minutes,
    minutes,
    silentMinutes: minutes - running,
    failed: calls === 0 ? null : failed / calls,
    median: latencyAt(times, 0.5),
    p95: latencyAt(times, 0.95),
  }
}

/** The share of its time in which the API was available over all these stretches; null: there are no figures. */
export function availableOver(spans: readonly Span[]): number | null {
  const minutes = sumOf(spans, (span) => span.minutes)
  return minutes === 0 ? null : sumOf(spans, (span) => (span.available ?? 0) * span.minutes) / minutes
}

function shareOf(hour: ApiHour | undefined): number {
  return hour === undefined || hour.calls === 0 ? 0 : hour.failed / hour.calls
}

function runningMinutes({ counted, expected }: Hour): number {
  return counted === undefined ? 0 : bitsOf(counted.minutes & expected)
}

function bitsOf(minutes: bigint): number {
  return minutes.toString(2).split('1').length - 1
}

function expectedMinutes(hour: number, since: number, now: Date): bigint {
  const until = startOf(MINUTE_MS, now).getTime() - UNWRITTEN_MINUTES * MINUTE_MS
  const minuteOf = (at: number) => Math.min(60, Math.max(0, (at - hour) / MINUTE_MS))
  const [from, to] = [minuteOf(since), minuteOf(until)]
  return to <= from ? 0n : (1n << BigInt(to)) - (1n << BigInt(from))
}

function firstMinute(hours: readonly ApiHour[]): number {
  const [first] = hours
  if (!first) return Number.POSITIVE_INFINITY
  let minute = 0
  while (minute < 59 && ((first.minutes >> BigInt(minute)) & 1n) === 0n) minute += 1
  return first.hour.getTime() + minute * MINUTE_MS
}

function sumOf<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((sum, item) => sum + pick(item), 0)
}
