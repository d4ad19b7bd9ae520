import type { Queryable } from '../db/pool.ts'

const NOTE_WORDS = `
  select add_order_event(o.book_id, o.id, null, $4, $2, o.status::text, o.start_count, o.remains, $3) from orders o where o.id = $1`

/** Puts words into an order's timeline; nothing moves. */
export async function noteWords(db: Queryable, orderId: bigint, by: string, words: string, now: Date): Promise<void> {
  await db.query(NOTE_WORDS, [orderId, by, words, now])
}
