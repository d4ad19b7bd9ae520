import type { Database, Queryable } from '../../../server/db/pool.ts'

/** A list, a filter or a search of the desk. Further ones are added here. */
export interface Ask {
  readonly name: string
  readonly ask: (db: Queryable, newest: bigint) => Promise<unknown>
  /** What has happened before somebody asks. */
  readonly before?: (db: Database) => Promise<unknown>
  /** It is done once, and not at each look: nothing is claimed of it. */
  readonly isOnce?: boolean
}

export const page = { before: null, most: 51 }
export const onwards = { after: 0n, most: 51 }
export const now = new Date()
const DAY_MS = 86_400_000

export function daysAgo(days: number): Date {
  return new Date(now.getTime() - days * DAY_MS)
}

export function ask(name: string, read: Ask['ask']): Ask {
  return { name, ask: read }
}
