import { randomBytes } from 'node:crypto'
import { hashKey } from '../customers/key.ts'
import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { StaffActor } from './actor.ts'
import { permissionsOf, type Role } from './roles.ts'
import { findStaffMember } from './staff.ts'

const PREFIX = 'dk_desk_'
const SHOWN = PREFIX.length + 4
const LONGEST_TOKEN = 512
const MOST_PER_PERSON = 50

export interface TokenRow {
  readonly id: number
  readonly staffId: number
  readonly email: string
  readonly prefix: string
  readonly label: string
  readonly createdAt: Date
  readonly expiresAt: Date | null
  readonly revokedAt: Date | null
}

const ADD = `
  insert into staff_tokens (staff_id, hash, prefix, label, created_at, expires_at) select $1, $2, $3, $4, $5, $6
  where (select count(*) from staff_tokens where staff_id = $1 and revoked_at is null) < ${MOST_PER_PERSON} returning id`

// A role that demands a code demands it of tokens too: otherwise one would be a way around.
const lacksCode = `(exists (select from roles_with_code r where r.role = s.role)
    and not exists (select from staff_second_factors f where f.staff_id = s.id and f.confirmed_at is not null)) as "lacksCode"`
const LACKS_CODE = `select ${lacksCode} from staff s where s.id = $1`

/** Makes a token for programs of a member of staff, shown here and never again. It may do what they may. */
export async function addToken(
  tx: Queryable,
  wanted: { readonly staffId: number; readonly label: string; readonly expiresAt: Date | null },
  now: Date,
): Promise<{ id: number; token: string }> {
  const member = await findStaffMember(tx, wanted.staffId)
  if (member.endedAt !== null) throw refuse('staff_has_left', member.email)
  const { rows: owing } = await tx.query<{ lacksCode: boolean }>(LACKS_CODE, [wanted.staffId])
  if (owing[0]?.lacksCode) throw refuse('token_needs_code', member.email)
  const token = PREFIX + randomBytes(32).toString('base64url')
  const values = [wanted.staffId, hashKey(token), token.slice(0, SHOWN), wanted.label, now, wanted.expiresAt]
  const { rows } = await tx.query<{ id: number }>(ADD, values)
  if (!rows[0]) throw refuse('too_many_tokens', MOST_PER_PERSON)
  return { id: rows[0].id, token }
}

const TOKENS = `
  select t.id, t.staff_id as "staffId", s.email, t.prefix, t.label, t.created_at as "createdAt", t.expires_at as "expiresAt", t.revoked_at as "revokedAt"
  from staff_tokens t join staff s on s.id = t.staff_id where $1::int is null or t.id = $1 order by t.id`

export async function listTokens(db: Queryable): Promise<TokenRow[]> {
  return (await db.query<TokenRow>(TOKENS, [null])).rows
}

/** Throws a Refusal when there is no such token. */
export async function findTokenRow(db: Queryable, id: number): Promise<TokenRow> {
  const { rows } = await db.query<TokenRow>(TOKENS, [id])
  if (!rows[0]) throw refuse('unknown_token', id)
  return rows[0]
}

/** Refuses a token from the commit on, on every node: no node remembers one. */
export async function revokeToken(tx: Queryable, id: number, now: Date): Promise<void> {
  await tx.query('update staff_tokens set revoked_at = coalesce(revoked_at, $2) where id = $1', [id, now])
}

interface Found {
  readonly id: number
  readonly email: string
  readonly role: Role
}

function actorFrom({ id, email, role }: Found, via: StaffActor['via']): StaffActor {
  return { staffId: id, who: email, via, may: permissionsOf(role) }
}

const OF_STAFF = 'select id, email, role from staff where id = $1 and ended_at is null'

/** A member of staff with the permissions of this moment; undefined: they have left. */
export async function actorOfStaff(db: Queryable, id: number, via: StaffActor['via']): Promise<StaffActor | undefined> {
  const [found] = (await db.query<Found>(OF_STAFF, [id])).rows
  return found && actorFrom(found, via)
}

const FIND = `
  select s.id, s.email, s.role, ${lacksCode} from staff_tokens t join staff s on s.id = t.staff_id
  where t.hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2) and s.ended_at is null`

/** Who calls with this token; undefined: nobody who may. Throws a Refusal while their role demands a code that they have not set up. */
export async function actorOfToken(db: Queryable, token: string, now: Date): Promise<StaffActor | undefined> {
  if (!token.startsWith(PREFIX) || token.length > LONGEST_TOKEN) return undefined
  const { rows } = await db.query<Found & { lacksCode: boolean }>({
    name: 'staff by token',
    text: FIND,
    values: [hashKey(token), now],
  })
  const [found] = rows
  if (found?.lacksCode) throw refuse('token_needs_code', found.email)
  return found && actorFrom(found, 'api')
}
