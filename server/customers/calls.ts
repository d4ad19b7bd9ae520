import type { Queryable } from '../db/pool.ts'

export interface CallCounts {
  /** Counts one call of a key; the outcome is `ok` or the code of the refusal. */
  count(keyId: number, action: string, outcome: string): void
  /** Writes the counts. */
  flush(): Promise<void>
  stop(): Promise<void>
}

interface Count {
  calls: number
  lastAt: number
}

type Counts = Map<number, Map<string, Map<string, Count>>>

const FLUSH_MS = 60_000
const DAY_MS = 24 * 3_600_000

const ADD_CALLS = `
  insert into key_calls as c (key_id, day, action, outcome, calls, last_at)
  select t.key, (t.last_at at time zone 'utc')::date, t.action, t.outcome, t.calls, t.last_at
  from unnest($1::int[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[]) as t(key, action, outcome, calls, last_at)
  order by 1, 2, 3, 4
  on conflict (key_id, day, action, outcome) do update
    set calls = c.calls + excluded.calls, last_at = greatest(c.last_at, excluded.last_at)`

/**
 * Counts calls in memory and writes them once a minute, one row per key, day, action and outcome, so that a request itself writes nothing. Counts
 * that a node has not written when it crashes, or while the database is away, are lost; the pages say so.
 */
export function openCallCounts(db: Queryable, now: () => Date): CallCounts {
  let counts: Counts = new Map()
  let day = 0
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()

  function count(keyId: number, action: string, outcome: string): void {
    const at = now().getTime()
    // All counts of one flush belong to one day.
    if (Math.floor(at / DAY_MS) !== day) {
      if (counts.size > 0) void flush().catch(() => {})
      day = Math.floor(at / DAY_MS)
    }
    const found = countOf(counts, keyId, action, outcome)
    found.calls += 1
    found.lastAt = at
    timer ??= setTimeout(() => void flush().catch(() => {}), FLUSH_MS).unref()
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    const rows = rowsOf(counts)
    counts = new Map()
    const before = writing.catch(() => {})
    if (rows.length === 0) return before
    writing = before.then(() => write(db, rows))
    return writing
  }

  return { count, flush, stop: flush }
}

function countOf(counts: Counts, keyId: number, action: string, outcome: string): Count {
  let ofKey = counts.get(keyId)
  if (!ofKey) counts.set(keyId, (ofKey = new Map()))
  let ofAction = ofKey.get(action)
  if (!ofAction) ofKey.set(action, (ofAction = new Map()))
  let count = ofAction.get(outcome)
  if (!count) ofAction.set(outcome, (count = { calls: 0, lastAt: 0 }))
  return count
}

interface Row extends Count {
  readonly keyId: number
  readonly action: string
  readonly outcome: string
}

function rowsOf(counts: Counts): Row[] {
  return [...counts].flatMap(([keyId, actions]) =>
    [...actions].flatMap(([action, outcomes]) => [...outcomes].map(([outcome, count]) => ({ keyId, action, outcome, ...count }))),
  )
}

async function write(db: Queryable, rows: readonly Row[]): Promise<void> {
  await db.query(ADD_CALLS, [
    rows.map((row) => row.keyId),
    rows.map((row) => row.action),
    rows.map((row) => row.outcome),
    rows.map((row) => row.calls),
    rows.map((row) => new Date(row.lastAt)),
  ])
}

/** Calls of a key on a day, by outcome. */
export interface CallsOfADay {
  readonly keyId: number
  /** Like 2026-03-01, UTC. */
  readonly day: string
  readonly outcome: string
  readonly calls: bigint
}

const READ = `
  select key_id as "keyId", to_char(day, 'YYYY-MM-DD') as day, outcome, sum(calls)::bigint as calls
  from key_calls where key_id = any($1::int[]) and day >= $2::date group by 1, 2, 3 order by 2, 1, 3`

export async function readCalls(db: Queryable, keyIds: readonly number[], from: string): Promise<CallsOfADay[]> {
  return (await db.query<CallsOfADay>({ name: 'calls of keys', text: READ, values: [keyIds, from] })).rows
}

const COUNTED_SINCE = `select to_char(min(day), 'YYYY-MM-DD') as day from key_calls`

/** The first day for which this panel has counts; null: none yet. */
export async function callsCountedSince(db: Queryable): Promise<string | null> {
  return (await db.query<{ day: string | null }>({ name: 'counted since', text: COUNTED_SINCE })).rows[0]!.day
}
