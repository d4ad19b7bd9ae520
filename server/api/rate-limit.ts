import { coalesce } from '../db/coalesce.ts'
import type { Database } from '../db/pool.ts'
import { remainingMs } from '../deadline.ts'
import { type Refusal, refuse } from '../refusal.ts'

const WINDOW_MS = 60_000
/** A node takes a twentieth of a limit at a time: one statement serves many requests, and the limit is exact over all nodes. */
const SHARES = 20
/** Number of minutes whose shares are kept: if the clock is set back and forth, the shares it left are found again. */
const MOST_WINDOWS = 2

interface Share {
  readonly subject: string
  readonly window: number
  readonly limit: number
  left: number
  exhausted: boolean
  /** The statement under way that asks for more; false: the database did not answer. */
  filling: Promise<boolean> | undefined
}

/** A limit: its subject, and the number of requests per minute. */
export interface Limited {
  readonly subject: string
  readonly limit: number
}

export interface RateLimits {
  /** Counts one request against each limit; throws 429 when one of them is used up in this minute, on all nodes together. */
  use(limited: readonly Limited[]): Promise<void> | undefined
  /** The same, only if this node need not ask the database; otherwise counts nothing and returns false. */
  useNow(limited: readonly Limited[]): boolean
  /** Throws 429 when this node knows that the subject has used up its limit; counts nothing. */
  check(subject: string): void
  /** Deletes the counts of past minutes. */
  sweep(): Promise<void>
}

const TAKE_SHARES = `
  insert into rate_windows as w (subject, starts_at, used)
  select t.subject, t.starts_at, sum(t.share) from unnest($1::text[], $2::timestamptz[], $3::bigint[]) as t(subject, starts_at, share)
  group by t.subject, t.starts_at order by t.subject, t.starts_at
  on conflict (subject, starts_at) do update set used = w.used + excluded.used
  returning subject, starts_at as "startsAt", used`

/** Fixed windows of a minute, counted in the database in shares, so that a request seldom waits for it. A request counts in the minute in which
 * it arrived, even if the clock changes while it waits (docs/decisions/0028). */
export function openRateLimits(db: Database, now: () => number = Date.now): RateLimits {
  const { shareOf, knownShareOf } = openShares(now)
  const takeShares = openTaking(db)

  async function fill(share: Share): Promise<boolean> {
    const size = Math.max(1, Math.ceil(share.limit / SHARES))
    try {
      const used = Number(await takeShares({ subject: share.subject, window: share.window, size }))
      const granted = size - Math.max(0, used - share.limit)
      if (granted > 0) share.left += granted
      else share.exhausted = true
      return true
    } catch {
      return false
    } finally {
      share.filling = undefined
    }
  }

  /** Ends after a few statements: each gets a part of the minute's limit or finds it used up, and all of them are about one minute. If the
   * database does not answer in time, nobody is limited: the request itself will get that error. */
  async function useSlowly(asked: readonly Share[]) {
    const arrivedAt = performance.now()
    let counted = asked
    for (;;) {
      for (const share of counted) if (share.exhausted && share.left === 0) throw tooManyRequests(share.window, now())
      const short = counted.filter((share) => share.left === 0)
      if (short.length === 0) break
      const answered = await Promise.all(short.map((share) => (share.filling ??= fill(share))))
      const unanswered = remainingMs(arrivedAt) === 0 ? short : short.filter((_, index) => !answered[index])
      counted = counted.filter((share) => !unanswered.includes(share))
    }
    for (const share of counted) share.left -= 1
  }

  return {
    use(limited) {
      const asked = limited.map(shareOf)
      return takeNow(asked) ? undefined : useSlowly(asked)
    },
    useNow: (limited) => takeNow(limited.map(shareOf)),
    check(subject) {
      const share = knownShareOf(subject)
      if (share?.exhausted && share.left === 0) throw tooManyRequests(share.window, now())
    },
    async sweep() {
      await db.query('delete from rate_windows where starts_at < $1', [new Date(now() - 2 * WINDOW_MS)])
    },
  }
}

/** The shares of this node in each subject's limit in the current minute. */
function openShares(now: () => number) {
  // The minute that was used last is the last in the map.
  const windows = new Map<number, Map<string, Share>>()
  let current = NaN
  let shares = new Map<string, Share>()

  function turn() {
    const window = Math.floor(now() / WINDOW_MS)
    if (window === current) return
    shares = windows.get(window) ?? new Map<string, Share>()
    windows.delete(window)
    windows.set(window, shares)
    if (windows.size > MOST_WINDOWS) windows.delete(windows.keys().next().value!)
    current = window
  }

  function knownShareOf(subject: string): Share | undefined {
    turn()
    return shares.get(subject)
  }

  function shareOf({ subject, limit }: Limited): Share {
    const share = knownShareOf(subject)
    if (share) return share
    const fresh = { subject, window: current, limit, left: 0, exhausted: false, filling: undefined }
    shares.set(subject, fresh)
    return fresh
  }

  return { shareOf, knownShareOf }
}

function takeNow(asked: readonly Share[]): boolean {
  if (asked.some((share) => share.left === 0)) return false
  for (const share of asked) share.left -= 1
  return true
}

/** Takes a part of a subject's limit, and returns how much of the minute's limit is then used on all nodes together. */
function openTaking(db: Database) {
  return coalesce<{ subject: string; window: number; size: number }, bigint>(
    async (asks) => {
      const values = [asks.map((ask) => ask.subject), asks.map((ask) => new Date(ask.window * WINDOW_MS)), asks.map((ask) => ask.size)]
      const { rows } = await db.query<{ subject: string; startsAt: Date; used: bigint }>({ name: 'take shares', text: TAKE_SHARES, values })
      const used = new Map(rows.map((row) => [`${row.startsAt.getTime() / WINDOW_MS} ${row.subject}`, row.used]))
      return asks.map((ask) => used.get(`${ask.window} ${ask.subject}`)!)
    },
    { most: 256, slots: 1, limit: 10_000 },
  )
}

function tooManyRequests(window: number, now: number): Refusal {
  const seconds = Math.ceil(((window + 1) * WINDOW_MS - now) / 1000)
  // The clock may have been set while the request waited.
  return refuse('too_many_requests', Math.min(Math.max(1, seconds), WINDOW_MS / 1000))
}
