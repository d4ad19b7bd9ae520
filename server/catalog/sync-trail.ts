import type { Queryable } from '../db/pool.ts'

const NAME_CAUSE = `select set_config('docket.cause', $1, true), set_config('docket.at', $2, true)`

/** Sets the cause that the trail notes for the changes that follow in this transaction. */
export async function nameCause(tx: Queryable, cause: string, now: Date): Promise<void> {
  await tx.query(NAME_CAUSE, [cause, now.toISOString()])
}

/** A row of the trail. */
export interface Change {
  readonly number: bigint
  readonly at: Date
  readonly service: number | null
  readonly account: number | null
  readonly supplier: string | null
  readonly what: string
  readonly old: string | null
  readonly new: string | null
  readonly cause: string
}

const TRAIL = `
  select c.number, c.at, c.service_id as service, c.account_id as account, s.name as supplier, c.what, c.old, c.new, c.cause
  from service_changes c left join suppliers s on s.id = c.supplier_id
  where c.at >= $1 and ($2::int is null or c.service_id = $2) order by c.number limit $3`

/** The changes since a moment, oldest first; one row more than `most` when there are more. */
export async function readTrail(db: Queryable, since: Date, service: number | null, most: number): Promise<Change[]> {
  return (await db.query<Change>(TRAIL, [since, service, most + 1])).rows
}
