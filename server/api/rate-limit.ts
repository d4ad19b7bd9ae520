import { refusals } from '../../contract/refusals.ts'
import { coalesce } from '../db/coalesce.ts'
import type { Database } from '../db/pool.ts'
import { Refusal } from '../refusal.ts'

const WINDOW_MS = 60_000
/** A node takes a twentieth of a limit at a time: one statement for so many requests, and exact over all nodes. */
const SHARES = 20

interface Share {
  window: number
  left: number
  exhausted: boolean
}

/** What may be used up: by whom, and how often a minute. */
export interface Limited {
  readonly subject: string
  readonly limit: number
}

export interface RateLimits {
  /** Uses one of each; throws 429 when one of them has none left in this minute, on all nodes together. */
  use(limited: readonly Limited[]): Promise<void> | undefined
  /** Uses one of each when this node need not ask the database for it, else nothing. */
  useNow(limited: readonly Limited[]): boolean
  /** Throws 429 when this node knows that the subject has none left; uses nothing. */
  check(subject: string): void
  /** Deletes the counts of minutes gone by. */
  sweep(): Promise<void>
}

const TAKE_SHARES = `
  insert into rate_windows as w (subject, starts_at, used)
  select t.subject, t.starts_at, sum(t.share) from unnest($1::text[], $2::timestamptz[], $3::bigint[]) as t(subject, starts_at, share)
  group by t.subject, t.starts_at order by t.subject
  on conflict (subject, starts_at) do update set used = w.used + excluded.used
  returning subject, used`

/** Fixed windows of a minute, counted in the database in shares, so that a request seldom waits for it. */
export function openRateLimits(db: Database, now: () => number = Date.now): RateLimits {
  const shares = new Map<string, Share>()
  const asking = new Map<string, Promise<void>>()
  let newest = 0

  const takeShares = coalesce<Limited & { window: number; share: number }, bigint>(
    async (asks) => {
      const values = [asks.map((ask) => ask.subject), asks.map((ask) => new Date(ask.window * WINDOW_MS)), asks.map((ask) => ask.share)]
      const { rows } = await db.query<{ subject: string; used: bigint }>({ name: 'take shares', text: TAKE_SHARES, values })
      const used = new Map(rows.map((row) => [row.subject, row.used]))
      return asks.map((ask) => used.get(ask.subject)!)
    },
    { most: 256, slots: 1, limit: 10_000 },
  )

  function shareOf(subject: string, window: number): Share {
    // A share that was asked for before the minute turned comes too late to count.
    if (window < newest) return { window, left: 0, exhausted: false }
    if (window > newest) {
      shares.clear()
      newest = window
    }
    const share = shares.get(subject)
    if (share) return share
    const fresh = { window, left: 0, exhausted: false }
    shares.set(subject, fresh)
    return fresh
  }

  async function fill({ subject, limit }: Limited, window: number) {
    const size = Math.max(1, Math.ceil(limit / SHARES))
    const used = Number(await takeShares({ subject, limit, window, share: size }))
    const granted = size - Math.max(0, used - limit)
    const share = shareOf(subject, window)
    if (granted > 0) share.left += granted
    else share.exhausted = true
  }

  /** One taker a subject; whoever comes meanwhile waits for the same share. A database that does not answer limits nobody:
   * the request itself will tell. */
  function fillOnce(limited: Limited, window: number): Promise<void> {
    const current = asking.get(limited.subject)
    if (current) return current
    const filling = fill(limited, window)
      .catch(() => void (shareOf(limited.subject, window).left += 1))
      .finally(() => asking.delete(limited.subject))
    asking.set(limited.subject, filling)
    return filling
  }

  async function useSlowly(limited: readonly Limited[], window: number) {
    for (;;) {
      const short = limited.filter(({ subject }) => {
        const share = shareOf(subject, window)
        if (share.exhausted && share.left === 0) throw tooManyRequests(window, now())
        return share.left === 0
      })
      if (short.length === 0) break
      await Promise.all(short.map((one) => fillOnce(one, window)))
    }
    for (const { subject } of limited) shareOf(subject, window).left -= 1
  }

  function useNow(limited: readonly Limited[]): boolean {
    const window = Math.floor(now() / WINDOW_MS)
    if (limited.some(({ subject }) => shareOf(subject, window).left === 0)) return false
    for (const { subject } of limited) shareOf(subject, window).left -= 1
    return true
  }

  return {
    useNow,
    use: (limited) => (useNow(limited) ? undefined : useSlowly(limited, Math.floor(now() / WINDOW_MS))),
    check(subject) {
      const window = Math.floor(now() / WINDOW_MS)
      const share = shareOf(subject, window)
      if (share.exhausted && share.left === 0) throw tooManyRequests(window, now())
    },
    async sweep() {
      await db.query('delete from rate_windows where starts_at < $1', [new Date(now() - 2 * WINDOW_MS)])
    },
  }
}

function tooManyRequests(window: number, now: number): Refusal {
  const retryAfter = Math.max(1, Math.ceil(((window + 1) * WINDOW_MS - now) / 1000))
  return new Refusal(refusals.tooManyRequests, { code: 'too_many_requests', status: 429, retryAfter })
}
