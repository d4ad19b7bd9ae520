import { checkEmail } from '../customers/email.ts'
import type { Queryable } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import { forgetCodes, forgetPassword, forgetWaysIn } from './people.ts'
import { everyRole, isRole, type Role } from './roles.ts'
import { endStaffSessionsOf } from './sessions.ts'

const LONGEST_NAME = 100

export interface StaffMember {
  readonly id: number
  readonly email: string
  readonly name: string
  readonly role: Role
  /** The language of pages and mails; null: none was chosen. */
  readonly locale: string | null
  readonly createdAt: Date
  /** Null: still with us. */
  readonly endedAt: Date | null
}

const COLUMNS = 'id, email, name, role, locale, created_at as "createdAt", ended_at as "endedAt"'
const ONE = `select ${COLUMNS} from staff where id = $1`

/** Throws a Refusal when there is no such member of staff. */
export async function findStaffMember(db: Queryable, id: number): Promise<StaffMember> {
  const { rows } = await db.query<StaffMember>(ONE, [id])
  if (!rows[0]) throw refuse('unknown_staff', id)
  return rows[0]
}

// Somebody who has left and comes back is the same person: their lines in the log stay theirs.
const ADD = `
  insert into staff as s (email, name, role, created_at) values ($1, $2, $3, $4)
  on conflict (lower(email)) do update set name = excluded.name, role = excluded.role, ended_at = null where s.ended_at is not null
  returning ${COLUMNS}`

/** Adds a person, or lets one who has left back in. The first one must be an owner, because nobody else could add another. */
export async function addStaff(tx: Queryable, given: { email: string; name: string; role: string }, now: Date): Promise<StaffMember> {
  const [email, name, role] = [checkEmail(given.email), checkStaffName(given.name), readRole(given.role)]
  await holdOwners(tx)
  if (role !== 'owner' && (await countOwners(tx)) === 0) throw refuse('no_owner')
  const { rows } = await tx.query<StaffMember>(ADD, [email, name, role, now])
  if (!rows[0]) throw refuse('staff_email_taken', email)
  return rows[0]
}

/** Adds the first owner, who may have been added by a command before and has never signed in. */
export async function addFirstOwner(tx: Queryable, given: { email: string; name: string }, now: Date): Promise<StaffMember> {
  const { rows } = await tx.query<StaffMember>(
    `update staff set name = $2, role = 'owner', ended_at = null where lower(email) = lower($1) returning ${COLUMNS}`,
    [checkEmail(given.email), checkStaffName(given.name)],
  )
  return rows[0] ?? addStaff(tx, { ...given, role: 'owner' }, now)
}

/** The name without the spaces around it, or a Refusal. */
export function checkStaffName(text: string): string {
  const name = text.trim()
  if (name === '' || name.length > LONGEST_NAME || /\p{Cc}/u.test(name)) throw refuse('incorrect_staff_name', LONGEST_NAME)
  return name
}

/** Gives another role, and ends every session: what it may do is asked for anew. The last owner keeps theirs. */
export async function setRole(tx: Queryable, id: number, role: string): Promise<void> {
  const wanted = readRole(role)
  const member = await findCurrent(tx, id)
  if (member.role === 'owner' && wanted !== 'owner') await refuseLastOwner(tx)
  await tx.query('update staff set role = $2 where id = $1', [id, wanted])
  await endStaffSessionsOf(tx, id)
}

/** Ends the access of a member of staff: from the commit on, no session, token or password of theirs is accepted. Their lines in the log stay. */
export async function endStaff(tx: Queryable, id: number, now: Date): Promise<void> {
  const member = await findCurrent(tx, id)
  if (member.role === 'owner') await refuseLastOwner(tx)
  await tx.query('update staff set ended_at = $2 where id = $1', [id, now])
  await tx.query('update staff_tokens set revoked_at = $2 where staff_id = $1 and revoked_at is null', [id, now])
  await forgetWaysIn(tx, id)
  await forgetPassword(tx, id)
}

/** Ends every session of a member of staff. Answers how many. */
export async function signOutStaff(tx: Queryable, id: number): Promise<number> {
  await findCurrent(tx, id)
  return endStaffSessionsOf(tx, id)
}

/** Removes the app and the recovery codes of somebody who has lost them; every session ends. Throws a Refusal when there are none. */
export async function removeCodesOfStaff(tx: Queryable, id: number): Promise<void> {
  const { email } = await findCurrent(tx, id)
  if (!(await forgetCodes(tx, id))) throw refuse('no_code_of_staff', email)
  await endStaffSessionsOf(tx, id)
}

/** Makes somebody an owner, whoever they are and whatever their access, and removes their code: for a house whose owners are all away. The way in is the
 * machine. */
export async function rescue(tx: Queryable, given: { email: string }, now: Date): Promise<StaffMember> {
  const email = checkEmail(given.email)
  const { rows } = await tx.query<StaffMember>(
    `update staff set role = 'owner', ended_at = null where lower(email) = lower($1) returning ${COLUMNS}`,
    [email],
  )
  if (!rows[0]) return addStaff(tx, { email, name: email, role: 'owner' }, now)
  await forgetCodes(tx, rows[0].id)
  await endStaffSessionsOf(tx, rows[0].id)
  return rows[0]
}

function readRole(text: string): Role {
  if (!isRole(text)) throw refuse('unknown_role', text, everyRole.join(', '))
  return text
}

/** Throws a Refusal for somebody who has left. */
export async function findCurrent(tx: Queryable, id: number): Promise<StaffMember> {
  await holdOwners(tx)
  const member = await findStaffMember(tx, id)
  if (member.endedAt !== null) throw refuse('staff_has_left', member.email)
  return member
}

/** Two owners who end each other's access at once would leave none. */
async function holdOwners(tx: Queryable): Promise<void> {
  await tx.query('lock table staff in share row exclusive mode')
}

async function countOwners(tx: Queryable): Promise<number> {
  const { rows } = await tx.query<{ owners: number }>(`select count(*)::int as owners from staff where role = 'owner' and ended_at is null`)
  return rows[0]!.owners
}

async function refuseLastOwner(tx: Queryable): Promise<void> {
  if ((await countOwners(tx)) === 1) throw refuse('last_owner')
}
