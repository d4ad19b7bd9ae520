import type { Queryable } from '../db/pool.ts'

const OPEN_BOOKS = `
  insert into books (account_id, play, currency) select t.id, false, $2 from unnest($1::int[]) as t(id) order by t.id
  on conflict (account_id, play) do nothing`

/** Opens the books of many accounts that have none yet. */
export async function openBooks(tx: Queryable, accountIds: readonly number[], currency: string): Promise<void> {
  await tx.query(OPEN_BOOKS, [accountIds, currency])
}
