import type { Visit } from '../customers/account-context.ts'
import type { Queryable } from '../db/pool.ts'

const NOTE = 'insert into staff_failures (staff_id, at, what, address, agent) values ($1, $2, $3, $4, $5)'

/** Notes a wrong password or code. They stand apart from the log of staff, because strangers cause them and the log only grows. */
export async function noteFailure(
  db: Queryable,
  staffId: number | null,
  what: 'password' | 'code',
  visit: Visit,
  now: Date,
): Promise<void> {
  await db.query(NOTE, [staffId, now, what, visit.address, visit.agent.slice(0, 400)])
}

export interface Failure {
  readonly at: Date
  readonly what: 'password' | 'code'
  readonly address: string
  readonly agent: string
}

const NEWEST = 'select at, what, address, agent from staff_failures where staff_id = $1 order by id desc limit $2'

/** The newest wrong passwords and codes at a person's address, of the last month. */
export async function listFailures(db: Queryable, staffId: number, most: number): Promise<Failure[]> {
  return (await db.query<Failure>(NEWEST, [staffId, most])).rows
}
