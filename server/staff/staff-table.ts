import type { Queryable } from '../db/pool.ts'
import type { StaffMember } from './staff.ts'

/** `in`: has a password; `invited`: has a link that works and no password; `out`: neither; `left`: has no access any more. */
export type StaffState = 'in' | 'invited' | 'out' | 'left'

/** A member of staff with their way in. */
export interface StaffRow extends StaffMember {
  readonly state: StaffState
  /** Sign-in asks for a code. */
  readonly code: boolean
  readonly sessions: number
  /** When they last had a page of the desk open or did something; null: never. */
  readonly seenAt: Date | null
}

const ROWS = `
  select s.id, s.email, s.name, s.role, s.locale, s.created_at as "createdAt", s.ended_at as "endedAt",
    case
      when s.ended_at is not null then 'left'
      when exists (select from staff_passwords p where p.staff_id = s.id) then 'in'
      when exists (select from staff_links k where k.staff_id = s.id and k.expires_at > $1) then 'invited'
      else 'out'
    end as state,
    exists (select from staff_second_factors f where f.staff_id = s.id and f.confirmed_at is not null) as code,
    x.sessions, greatest(x.seen, (select l.at from staff_log l where l.staff_id = s.id order by l.line desc limit 1)) as "seenAt"
  from staff s cross join lateral (
    select count(*)::int as sessions, max(seen_at) as seen from staff_sessions x where x.staff_id = s.id and x.ends_at > $1) x
  where $2::int is null or s.id = $2
  order by s.ended_at nulls first, s.id`

/** All staff, also those who have left, who come last. */
export async function readStaffTable(db: Queryable, now: Date): Promise<StaffRow[]> {
  return (await db.query<StaffRow>(ROWS, [now, null])).rows
}

/** One member of staff; undefined when there is no such person. */
export async function readStaffRow(db: Queryable, id: number, now: Date): Promise<StaffRow | undefined> {
  return (await db.query<StaffRow>(ROWS, [now, id])).rows[0]
}
