import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'

/** Adds an event to the feed of an order's book, in the same statement that moves the order. */
export const ADD_EVENT = sqlFunction('add_order_event', [
  'book',
  'order',
  'refill',
  'at',
  'by',
  'status',
  'start_count',
  'remains',
  'words',
])

/** The event of the order `o` in its present state. */
export const eventOf = (said: { at: string; by: string; words: string }): string =>
  ADD_EVENT.within({
    book: 'o.book_id',
    order: 'o.id',
    refill: 'null',
    status: 'o.status::text',
    start_count: 'o.start_count',
    remains: 'o.remains',
    ...said,
  })

const NOTE_WORDS = `select ${eventOf({ at: '$4', by: '$2', words: '$3' })} from orders o where o.id = $1`

/** Adds words to an order's timeline; its status and money do not change. */
export async function noteWords(db: Queryable, orderId: bigint, by: string, words: string, now: Date): Promise<void> {
  await db.query(NOTE_WORDS, [orderId, by, words, now])
}
