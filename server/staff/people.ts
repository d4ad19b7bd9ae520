import type { Queryable } from '../db/pool.ts'
import { type Permission, permissionsOf, type Role } from './roles.ts'
import { endStaffSessionsOf } from './sessions.ts'

/** A member of staff who has not left, as signing in needs to know them. */
export interface StaffPerson {
  readonly id: number
  readonly email: string
  readonly name: string
  readonly role: Role
  /** The language of pages and mails; null: none was chosen. */
  readonly locale: string | null
  /** Null until the person has chosen a first password. */
  readonly passwordHash: string | null
  readonly secondFactor: boolean
}

const PERSON = `
  select s.id, s.email, s.name, s.role, s.locale, p.hash as "passwordHash",
    exists (select from staff_second_factors f where f.staff_id = s.id and f.confirmed_at is not null) as "secondFactor"
  from staff s left join staff_passwords p on p.staff_id = s.id where s.ended_at is null`
const BY_EMAIL = `${PERSON} and lower(s.email) = lower($1)`
const BY_ID = `${PERSON} and s.id = $1`

export async function findStaffByEmail(db: Queryable, email: string): Promise<StaffPerson | undefined> {
  return (await db.query<StaffPerson>({ name: 'staff by email', text: BY_EMAIL, values: [email] })).rows[0]
}

export async function findStaffPerson(db: Queryable, id: number): Promise<StaffPerson | undefined> {
  return (await db.query<StaffPerson>({ name: 'staff by id', text: BY_ID, values: [id] })).rows[0]
}

const NAMED = 'select id, name, role from staff where ended_at is null order by name, id'

/** Whoever works here now and may do this, by their names. */
export async function readStaffWho(db: Queryable, permission: Permission): Promise<{ readonly id: number; readonly name: string }[]> {
  const { rows } = await db.query<{ id: number; name: string; role: Role }>({ name: 'staff by name', text: NAMED })
  return rows.filter(({ role }) => permissionsOf(role).has(permission)).map(({ id, name }) => ({ id, name }))
}

const LOCK = 'select from staff where id = $1 for no key update'

/** Locks a person until the transaction ends. It comes before the locks on their links and sessions, so that two transactions never wait for each other. */
export async function lockStaff(tx: Queryable, id: number): Promise<void> {
  await tx.query(LOCK, [id])
}

const MAY_ENTER = `
  select from staff s join staff_passwords p on p.staff_id = s.id
  where s.id = $1 and s.ended_at is null and p.hash = $2
    and ($3 or not exists (select from staff_second_factors f where f.staff_id = s.id and f.confirmed_at is not null))
  for share of s, p`

/** Whether a session may be started now: the password is still this one, and a code was given if one is needed. Whoever changes that meanwhile waits,
 * and ends the session too. */
export async function mayEnter(tx: Queryable, who: { staffId: number; passwordHash: string; codeGiven: boolean }): Promise<boolean> {
  return (await tx.query(MAY_ENTER, [who.staffId, who.passwordHash, who.codeGiven])).rowCount === 1
}

const SET_PASSWORD = `
  insert into staff_passwords (staff_id, hash, changed_at) values ($1, $2, $3)
  on conflict (staff_id) do update set hash = excluded.hash, changed_at = excluded.changed_at`

/** Sets a new password in place of the one that the caller knows; false when that was changed meanwhile, or the person has left. Everything that the old
 * one opened ends with it: sessions, unused links, known browsers. */
export async function setStaffPassword(
  tx: Queryable,
  change: { staffId: number; oldHash: string | null; newHash: string },
  now: Date,
): Promise<boolean> {
  await lockStaff(tx, change.staffId)
  const person = await findStaffPerson(tx, change.staffId)
  if (!person || person.passwordHash !== change.oldHash) return false
  await tx.query(SET_PASSWORD, [change.staffId, change.newHash, now])
  await forgetWaysIn(tx, change.staffId)
  return true
}

/** Ends every session of a person, and makes their links and known browsers worth nothing. Answers how many sessions ended. */
export async function forgetWaysIn(tx: Queryable, staffId: number): Promise<number> {
  await tx.query('delete from staff_links where staff_id = $1', [staffId])
  await tx.query('delete from staff_browsers where staff_id = $1', [staffId])
  return endStaffSessionsOf(tx, staffId)
}

/** Removes the password and the codes too: the only way in is a new link. */
export async function forgetPassword(tx: Queryable, staffId: number): Promise<void> {
  await tx.query('delete from staff_passwords where staff_id = $1', [staffId])
  await forgetCodes(tx, staffId)
}

/** Removes the authenticator app and the recovery codes; false when there were none. */
export async function forgetCodes(tx: Queryable, staffId: number): Promise<boolean> {
  await tx.query('delete from staff_recovery_codes where staff_id = $1', [staffId])
  return (await tx.query('delete from staff_second_factors where staff_id = $1', [staffId])).rowCount === 1
}
