import { hashToken, isToken, makeToken } from '../customers/token.ts'
import type { Queryable } from '../db/pool.ts'
import type { StaffActor } from './actor.ts'
import { permissionsOf, type Role } from './roles.ts'

const LONGEST_HOURS = 12
const IDLE_HOURS = 2
const FRESH_MINUTES = 15
const HOUR_MS = 3_600_000
/** How often at most a session is marked as seen, to save writes. */
const SEEN_EVERY_MS = 60_000
const LONGEST_AGENT = 400

/** The longest life of the cookie; the session ends earlier when nobody uses it. */
export const STAFF_SESSION_SECONDS = LONGEST_HOURS * 3600

/** The browser that staff use. */
export interface StaffVisit {
  readonly address: string
  readonly agent: string
}

const START = `
  insert into staff_sessions (token_hash, staff_id, address, agent, started_at, seen_at, proved_at, ends_at)
  select $2, s.id, $3, $4, $5, $5, $5, $6 from staff s where s.id = $1 and s.ended_at is null`

/** Starts a session and answers the token for the cookie; undefined when the person has left. */
export async function startStaffSession(tx: Queryable, staffId: number, visit: StaffVisit, now: Date): Promise<string | undefined> {
  const token = makeToken()
  const endsAt = new Date(now.getTime() + LONGEST_HOURS * HOUR_MS)
  const { rowCount } = await tx.query(START, [staffId, hashToken(token), visit.address, visit.agent.slice(0, LONGEST_AGENT), now, endsAt])
  return rowCount === 1 ? token : undefined
}

/** A member of staff who is signed in to the desk, with the permissions of this moment. */
export interface StaffSession {
  readonly sessionId: bigint
  readonly staffId: number
  readonly email: string
  readonly name: string
  readonly role: Role
  /** The language of pages and mails; null: none was chosen. */
  readonly locale: string | null
  readonly secondFactor: boolean
  /** The role demands a code and the person has none: nothing else may be done before it is set up. */
  readonly mustSetUpCode: boolean
  /** The person gave password and code a short while ago, so delicate acts may go on. */
  readonly fresh: boolean
  readonly may: StaffActor['may']
  /** What acts of this person are run as. */
  readonly actor: StaffActor
}

interface Found {
  readonly sessionId: bigint
  readonly staffId: number
  readonly email: string
  readonly name: string
  readonly role: Role
  readonly locale: string | null
  readonly secondFactor: boolean
  readonly codeDemanded: boolean
  readonly seenAt: Date
  readonly provedAt: Date
}

const FIND = `
  select x.id as "sessionId", s.id as "staffId", s.email, s.name, s.role, s.locale, x.seen_at as "seenAt", x.proved_at as "provedAt",
    exists (select from staff_second_factors f where f.staff_id = s.id and f.confirmed_at is not null) as "secondFactor",
    exists (select from roles_with_code r where r.role = s.role) as "codeDemanded"
  from staff_sessions x join staff s on s.id = x.staff_id and s.ended_at is null
  where x.token_hash = $1 and x.ends_at > $2 and x.seen_at > $3`
const SEEN = 'update staff_sessions set seen_at = $2, address = $3, agent = $4 where id = $1 and seen_at < $2'

/** The session of a cookie, if it has not ended. No node remembers sessions, so an ended one is ended everywhere at once. */
export async function findStaffSession(
  db: Queryable,
  token: string | undefined,
  visit: StaffVisit,
  now: Date,
): Promise<StaffSession | undefined> {
  if (!isToken(token)) return undefined
  const values = [hashToken(token), now, new Date(now.getTime() - IDLE_HOURS * HOUR_MS)]
  const [found] = (await db.query<Found>({ name: 'staff session by token', text: FIND, values })).rows
  if (!found) return undefined
  const { seenAt, provedAt, codeDemanded, ...session } = found
  if (now.getTime() - seenAt.getTime() >= SEEN_EVERY_MS)
    await db.query({
      name: 'staff session seen',
      text: SEEN,
      values: [found.sessionId, now, visit.address, visit.agent.slice(0, LONGEST_AGENT)],
    })
  const may = permissionsOf(session.role)
  const fresh = now.getTime() - provedAt.getTime() < FRESH_MINUTES * 60_000
  const mustSetUpCode = codeDemanded && !session.secondFactor
  return { ...session, mustSetUpCode, fresh, may, actor: { staffId: session.staffId, who: session.email, via: 'page', may } }
}

export interface StaffSessionShown {
  readonly id: bigint
  readonly address: string
  readonly agent: string
  readonly startedAt: Date
  readonly seenAt: Date
}

const LIST = `
  select id, address, agent, started_at as "startedAt", seen_at as "seenAt" from staff_sessions
  where staff_id = $1 and ends_at > $2 and seen_at > $3 order by seen_at desc, id desc`

/** The sessions of a person that have not ended, latest first. */
export async function listStaffSessions(db: Queryable, staffId: number, now: Date): Promise<StaffSessionShown[]> {
  return (await db.query<StaffSessionShown>(LIST, [staffId, now, new Date(now.getTime() - IDLE_HOURS * HOUR_MS)])).rows
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

/** Notes that the person has given the password again. */
export async function noteStaffProof(tx: Queryable, sessionId: bigint, now: Date): Promise<void> {
  await tx.query('update staff_sessions set proved_at = $2 where id = $1', [sessionId, now])
}
