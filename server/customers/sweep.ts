import type { Database } from '../db/pool.ts'

const DAY_MS = 24 * 3_600_000
const LOG_KEPT_DAYS = 400
/** Days to keep sign-in attempts at addresses that no account has. */
const STRANGERS_KEPT_DAYS = 30

const SWEEPS: readonly { readonly text: string; readonly olderThanDays: number }[] = [
  { text: 'delete from sessions where ends_at <= $1', olderThanDays: 0 },
  { text: 'delete from mail_links where expires_at <= $1', olderThanDays: 0 },
  { text: 'delete from attempts where free_at <= $1', olderThanDays: 0 },
  { text: 'delete from known_browsers where seen_at <= $1', olderThanDays: 400 },
  { text: "delete from key_calls where day <= ($1::timestamptz at time zone 'utc')::date", olderThanDays: LOG_KEPT_DAYS },
  { text: 'delete from account_log where account_id is null and at <= $1', olderThanDays: STRANGERS_KEPT_DAYS },
  { text: 'delete from account_log where at <= $1', olderThanDays: LOG_KEPT_DAYS },
]

/** Deletes what has ended or is too old: sessions, links, counted attempts, browsers not seen for a year, counted calls and rows of the log. */
export async function sweepSignIn(db: Database, now: Date): Promise<void> {
  for (const { text, olderThanDays } of SWEEPS) await db.query(text, [new Date(now.getTime() - olderThanDays * DAY_MS)])
}
