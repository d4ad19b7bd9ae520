import type { Queryable } from '../db/pool.ts'

export interface StaffSessionShown {
  readonly id: bigint
  readonly address: string
  readonly agent: string
  readonly startedAt: Date
  readonly seenAt: Date
}

const LIST = `
  select id, address, agent, started_at as "startedAt", seen_at as "seenAt" from staff_sessions
  where staff_id = $1 and ends_at > $2 order by seen_at desc, id desc`

/** The sessions of a person that have not ended, latest first. */
export async function listStaffSessions(db: Queryable, staffId: number, now: Date): Promise<StaffSessionShown[]> {
  return (await db.query<StaffSessionShown>(LIST, [staffId, now])).rows
}

const END = 'delete from staff_sessions where staff_id = $1 and id = $2 returning agent'

/** Ends one session of a person and answers its browser; undefined when there is no such session. */
export async function endStaffSession(tx: Queryable, staffId: number, id: bigint): Promise<string | undefined> {
  return (await tx.query<{ agent: string }>(END, [staffId, id])).rows[0]?.agent
}

/** Ends all sessions of a person, but for the one that is kept. Answers how many. */
export async function endStaffSessionsOf(tx: Queryable, staffId: number, keptId: bigint | null = null): Promise<number> {
  return (await tx.query('delete from staff_sessions where staff_id = $1 and id is distinct from $2', [staffId, keptId])).rowCount ?? 0
}
