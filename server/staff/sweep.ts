import type { Database } from '../db/pool.ts'

const DAY_MS = 24 * 3_600_000

const SWEEPS: readonly { readonly text: string; readonly olderThanDays: number }[] = [
  { text: 'delete from staff_sessions where ends_at <= $1', olderThanDays: 0 },
  { text: 'delete from staff_links where expires_at <= $1', olderThanDays: 0 },
  { text: 'delete from staff_browsers where seen_at <= $1', olderThanDays: 400 },
  { text: 'delete from staff_failures where at <= $1', olderThanDays: 30 },
]

/** Deletes what has ended or is too old: sessions and links of staff, browsers not seen for a year, wrong passwords of a month ago. */
export async function sweepStaffSignIn(db: Database, now: Date): Promise<void> {
  for (const { text, olderThanDays } of SWEEPS) await db.query(text, [new Date(now.getTime() - olderThanDays * DAY_MS)])
}
