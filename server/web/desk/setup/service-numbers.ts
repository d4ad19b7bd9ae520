import type { Queryable } from '../../../db/pool.ts'

/** A number that no service has yet. */
export async function nextServiceId(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ next: number }>('select coalesce(max(id), 0) + 1 as next from services')
  return rows[0]!.next
}

/** Whether anything is on sale yet. */
export async function countServices(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ services: number }>(
    `select count(*)::int as services from (select from services where state = 'on sale' limit 10001) s`,
  )
  return rows[0]!.services
}
