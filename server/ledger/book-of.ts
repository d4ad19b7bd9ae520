import type { Queryable } from '../db/pool.ts'

const BOOK_OF = 'select id from books where account_id = $1 and play = $2'

/** The account's book of real or test money; undefined when it has none. */
export async function bookOf(db: Queryable, accountId: number, play: boolean): Promise<number | undefined> {
  return (await db.query<{ id: number }>({ name: 'book of', text: BOOK_OF, values: [accountId, play] })).rows[0]?.id
}
