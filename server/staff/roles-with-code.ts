import type { Queryable } from '../db/pool.ts'
import { isRole, type Role } from './roles.ts'

/** The roles whose people must have an authenticator app. */
export async function rolesWithCode(db: Queryable): Promise<ReadonlySet<Role>> {
  const { rows } = await db.query<{ role: string }>('select role from roles_with_code')
  return new Set(rows.map(({ role }) => role).filter(isRole))
}

export async function isCodeDemanded(db: Queryable, role: Role): Promise<boolean> {
  return (await rolesWithCode(db)).has(role)
}

/** Demands a code of everybody with this role, from their next request on, or of nobody any more. Answers whether it was demanded before. */
export async function demandCode(tx: Queryable, role: Role, demanded: boolean, now: Date): Promise<boolean> {
  const change = demanded
    ? await tx.query('insert into roles_with_code (role, since) values ($1, $2) on conflict do nothing', [role, now])
    : await tx.query('delete from roles_with_code where role = $1', [role])
  return demanded === (change.rowCount === 0)
}
