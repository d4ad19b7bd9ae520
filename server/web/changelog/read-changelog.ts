import { type ChangelogEntry, readChangelogEntries } from '../../announcements/changelog.ts'
import { momentOfChange, type PublicChange, readPublicChanges } from '../../catalog/public-changes.ts'
import type { Queryable } from '../../db/pool.ts'

/** A part of the changelog, the newest first: changes of services, and the operator's own entries of the same stretch of time. */
export interface ChangelogPage {
  readonly changes: readonly PublicChange[]
  readonly entries: readonly ChangelogEntry[]
  /** The row of the trail that the next page begins before; null: this is the last page. */
  readonly older: bigint | null
}

const CHANGES_PER_PAGE = 100
const MOST_ENTRIES = 200
const FROM_THE_NEWEST = 10n ** 18n

export async function readChangelog(db: Queryable, accountId: number | null, before: bigint | null, now: Date): Promise<ChangelogPage> {
  const found = await readPublicChanges(db, { accountId, before: before ?? FROM_THE_NEWEST, most: CHANGES_PER_PAGE })
  const until = before === null ? new Date(now.getTime() + 1) : ((await momentOfChange(db, before)) ?? now)
  const since = found.before === null ? new Date(0) : ((await momentOfChange(db, found.before)) ?? new Date(0))
  const entries = await readChangelogEntries(db, { before: until, since, most: MOST_ENTRIES })
  return { changes: found.changes, entries, older: found.before }
}
