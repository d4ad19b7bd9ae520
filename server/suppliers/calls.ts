import type { Queryable } from '../db/pool.ts'

/** What a call to a supplier came to. */
export interface SupplierCall {
  readonly supplierId: number
  readonly ms: number
  /** Why there was no answer that could be read; null: there was one. */
  readonly failure: string | null
}

export interface SupplierCalls {
  note(call: SupplierCall): void
  /** Writes what was counted. */
  flush(): Promise<void>
  stop(): Promise<void>
}

interface Count {
  calls: number
  failures: number
  ms: number
  slowest: number
  /** Whether the last call was answered, and since when that is so within this count. */
  answers: boolean
  since: number
  at: number
  failure: string | null
}

const FLUSH_MS = 60_000
const HOUR_MS = 3_600_000
const LONGEST_WORDS = 500

const ADD_CALLS = `
  insert into supplier_hours as h (supplier_id, hour, calls, failures, ms, slowest)
  select t.* from unnest($1::int[], $2::timestamptz[], $3::bigint[], $4::bigint[], $5::bigint[], $6::int[]) as t(supplier, hour, calls, failures, ms, slowest)
  join suppliers s on s.id = t.supplier order by 1, 2
  on conflict (supplier_id, hour) do update set calls = h.calls + excluded.calls, failures = h.failures + excluded.failures,
    ms = h.ms + excluded.ms, slowest = greatest(h.slowest, excluded.slowest)`
const NOTE_STANDINGS = `
  insert into supplier_standings as s (supplier_id, answers, since, asked_at, failure)
  select t.* from unnest($1::int[], $2::boolean[], $3::timestamptz[], $4::timestamptz[], $5::text[]) as t(supplier, answers, since, at, failure)
  join suppliers u on u.id = t.supplier order by 1
  on conflict (supplier_id) do update set answers = excluded.answers, asked_at = greatest(s.asked_at, excluded.asked_at),
    since = case when s.answers = excluded.answers then s.since else excluded.since end, failure = coalesce(excluded.failure, s.failure)`

/**
 * Counts the calls to suppliers in memory and writes them once a minute, so that no call waits for a statement. What a node has not written when it
 * crashes is lost: these are measures, not money.
 */
export function openSupplierCalls(db: Queryable, now: () => Date): SupplierCalls {
  let counts = new Map<number, Count>()
  let hour = 0
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  function note({ supplierId, ms, failure }: SupplierCall): void {
    const at = now().getTime()
    // All counts of one flush belong to one hour.
    if (Math.floor(at / HOUR_MS) !== hour) {
      if (counts.size > 0) void flush().catch(() => {})
      hour = Math.floor(at / HOUR_MS)
    }
    const answers = failure === null
    const count = counts.get(supplierId) ?? { calls: 0, failures: 0, ms: 0, slowest: 0, answers, since: at, at, failure: null }
    counts.set(supplierId, count)
    count.calls += 1
    count.ms += ms
    count.slowest = Math.max(count.slowest, ms)
    count.at = at
    if (count.answers !== answers) count.since = at
    count.answers = answers
    if (failure !== null) {
      count.failures += 1
      count.failure = failure.slice(0, LONGEST_WORDS)
    }
    timer ??= setTimeout(() => void flush().catch(() => {}), FLUSH_MS).unref()
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const written = [...counts]
    const at = hour
    counts = new Map()
    const before = writing.catch(() => {})
    if (written.length === 0) return before
    writing = before.then(() => write(db, written, new Date(at * HOUR_MS)))
    return writing
  }

  return { note, flush, stop: flush }
}

async function write(db: Queryable, counts: readonly (readonly [number, Count])[], hour: Date): Promise<void> {
  const of = <T>(pick: (count: Count) => T) => counts.map(([, count]) => pick(count))
  const ids = counts.map(([id]) => id)
  const sums = [
    of((count) => count.calls),
    of((count) => count.failures),
    of(({ ms }) => Math.round(ms)),
    of(({ slowest }) => Math.round(slowest)),
  ]
  await db.query(ADD_CALLS, [ids, ids.map(() => hour), ...sums])
  const times = [of(({ since }) => new Date(since)), of(({ at }) => new Date(at))]
  await db.query(NOTE_STANDINGS, [ids, of((count) => count.answers), ...times, of((count) => count.failure)])
}

/** The calls of one hour. */
export interface SupplierHour {
  readonly hour: Date
  readonly calls: bigint
  readonly failures: bigint
  /** The mean time of a call, and the slowest, in milliseconds. */
  readonly mean: number
  readonly slowest: number
}

const HOURS = `
  select hour, calls, failures, round(ms::numeric / calls)::int as mean, slowest
  from supplier_hours where supplier_id = $1 and hour >= $2 order by hour`

/** The hours since a moment in which the supplier was called, oldest first. */
export async function readSupplierHours(db: Queryable, supplierId: number, since: Date): Promise<SupplierHour[]> {
  return (await db.query<SupplierHour>({ name: 'hours of a supplier', text: HOURS, values: [supplierId, since] })).rows
}

const DAYS_KEPT = 90
const FORGET_HOURS = `delete from supplier_hours where hour < $1::timestamptz - interval '${DAYS_KEPT} days'`
const FORGET_BALANCES = `delete from supplier_balances where hour < $1::timestamptz - interval '${DAYS_KEPT} days'`

/** Deletes what is older than the pages show. */
export async function forgetOldHours(db: Queryable, now: Date): Promise<void> {
  await db.query(FORGET_HOURS, [now])
  await db.query(FORGET_BALANCES, [now])
}
