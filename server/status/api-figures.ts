import { refusals } from '../../contract/refusals.ts'
import type { Queryable } from '../db/pool.ts'
import { bucketOf, BUCKETS } from './latency.ts'

/** How the API answers on this node, as the status page tells it. */
export interface ApiFigures {
  /** Counts one call; the outcome is `ok` or the code of the refusal. */
  count(outcome: string, seconds: number): void
  /** Writes what was counted, and that this node is running. */
  flush(): Promise<void>
  stop(): Promise<void>
}

interface Minute {
  readonly number: number
  calls: number
  failed: number
  readonly times: number[]
}

const MINUTE_MS = 60_000
/** A node writes a minute when it is over, and up to a minute later. */
export const UNWRITTEN_MINUTES = 2
/** While the database is away, a day of minutes is kept, to be told when it is back. */
const MOST_KEPT = 1440
/** A timer that is late by less leaves no minute out. */
const LATEST_BEAT = 3

/** Refusals that are our failure. Those for a reason of the caller are answers. */
const FAILED = new Set([
  'fault',
  ...Object.entries(refusals).flatMap(([code, { kind, status }]) => (kind === 'now' && status >= 500 ? [code] : [])),
])

const ADD = `
  with hours as (
    insert into api_hours as h (hour, minutes, calls, failed, times)
    select t.hour, t.minutes, t.calls, t.failed, t.times::bigint[]
    from unnest($4::timestamptz[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[]) as t(hour, minutes, calls, failed, times) order by t.hour
    on conflict (hour) do update set minutes = h.minutes | excluded.minutes, calls = h.calls + excluded.calls, failed = h.failed + excluded.failed,
      times = array(select a + b from unnest(h.times, excluded.times) with ordinality as s(a, b, n) order by n)
  )
  insert into api_minutes as m (minute, calls, failed)
  select t.* from unnest($1::timestamptz[], $2::bigint[], $3::bigint[]) as t(minute, calls, failed) order by t.minute
  on conflict (minute) do update set calls = m.calls + excluded.calls, failed = m.failed + excluded.failed`

/**
 * Counts the calls in memory and writes them once a minute, in one statement, also when there were none: a minute that no node has written is one in
 * which nothing was running. What a node has not written when it crashes is lost.
 */
export function openApiFigures(db: Queryable, now: () => Date): ApiFigures {
  let counted = new Map<number, Minute>()
  let newest: Minute | undefined
  let written = Number.NEGATIVE_INFINITY
  let writing = Promise.resolve()

  function count(outcome: string, seconds: number): void {
    const number = Math.floor(now().getTime() / MINUTE_MS)
    if (newest?.number !== number) newest = minuteIn(counted, number)
    newest.calls += 1
    if (FAILED.has(outcome)) newest.failed += 1
    const bucket = bucketOf(seconds * 1000)
    newest.times[bucket] = newest.times[bucket]! + 1
  }

  async function write(): Promise<void> {
    const upTo = Math.floor(now().getTime() / MINUTE_MS)
    const running = upTo - written <= LATEST_BEAT ? upTo - written : 1
    const minutes = counted
    counted = new Map()
    newest = undefined
    const rows = new Map(minutes)
    for (let n = 0; n < Math.max(1, running); n += 1) minuteIn(rows, upTo - n)
    try {
      await db.query({ name: 'api figures', text: ADD, values: valuesOf([...rows.values()]) })
      written = upTo
    } catch (error) {
      for (const minute of minutes.values()) addTo(counted, minute)
      newest = undefined
      for (const number of counted.keys()) if (counted.size > MOST_KEPT) counted.delete(number)
      throw error
    }
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => {}).then(write)
    return writing
  }

  const beat = () => void flush().catch(() => {})
  beat()
  const timer = setInterval(beat, MINUTE_MS).unref()
  return {
    count,
    flush,
    stop() {
      clearInterval(timer)
      return flush()
    },
  }
}

function minuteIn(minutes: Map<number, Minute>, number: number): Minute {
  const known = minutes.get(number)
  if (known) return known
  const minute = { number, calls: 0, failed: 0, times: Array.from({ length: BUCKETS }, () => 0) }
  minutes.set(number, minute)
  return minute
}

function addTo(minutes: Map<number, Minute>, { number, calls, failed, times }: Minute): void {
  const minute = minuteIn(minutes, number)
  minute.calls += calls
  minute.failed += failed
  for (const [bucket, count] of times.entries()) minute.times[bucket] = minute.times[bucket]! + count
}

function valuesOf(minutes: readonly Minute[]): unknown[] {
  const hours = new Map<number, { bits: bigint; sum: Minute }>()
  for (const minute of minutes) {
    const number = Math.floor(minute.number / 60)
    const hour = hours.get(number) ?? { bits: 0n, sum: minuteIn(new Map(), number) }
    hours.set(number, hour)
    hour.bits |= 1n << BigInt(minute.number % 60)
    addTo(new Map([[minute.number, hour.sum]]), minute)
  }
  const sums = [...hours.values()]
  return [
    minutes.map(({ number }) => new Date(number * MINUTE_MS)),
    minutes.map(({ calls }) => calls),
    minutes.map(({ failed }) => failed),
    [...hours.keys()].map((number) => new Date(number * 60 * MINUTE_MS)),
    sums.map(({ bits }) => bits),
    sums.map(({ sum }) => sum.calls),
    sums.map(({ sum }) => sum.failed),
    sums.map(({ sum }) => `{${sum.times.join(',')}}`),
  ]
}
