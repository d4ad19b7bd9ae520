import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import { violatedConstraint } from '../db/pool.ts'
import { refuse } from '../refusal.ts'
import type { Units } from './money.ts'

/** Money moved by a person or a payment, outside the life of an order. `post_transfer.sql` says between which accounts. */
export interface Movement {
  readonly bookId: number
  /** Positive: into the wallet. Negative: out of it. */
  readonly amount: Units
  readonly cause: 'deposit' | 'correction' | 'bonus' | 'commission' | 'reversal' | 'payout' | 'settlement' | 'rent'
  readonly note: string
  /** Names the event (like a payment's id): it is booked once, however often it is reported. */
  readonly reference: string | null
  readonly at: Date
}

const POST = sqlFunction('post_transfer', ['book', 'cause', 'amount', 'order', 'reference', 'note', 'at', 'downwards'], { as: 'line' })
const LOCK_BOOK = 'select from books where id = $1 for no key update'
const POSTED_BEFORE = `
  select t.line, (t.amount + coalesce(missing.amount, 0)) * case when t.given_to = 'wallet' or t.cause = 'settlement' then 1 else -1 end as amount
  from transfers t left join transfers missing on missing.book_id = t.book_id and missing.line = t.line + 1 and missing.cause = t.cause
    and missing.taken_from = 'owed' and missing.reference is null
  where t.book_id = $1 and t.reference = $2 and t.order_id is null`

/**
 * Books one movement and answers its line. A reference that was booked before answers its first line, and no money moves. Throws a Refusal when the
 * wallet is short, or when the reference was booked with another amount.
 */
export async function post(db: Queryable, movement: Movement): Promise<bigint> {
  const { bookId, amount, reference } = movement
  if (amount === 0n) throw refuse('zero_amount')
  const downwards = amount < 0n
  if (reference !== null) {
    // A refused insert would end the caller's transaction; under the lock of the book, the first booking is found before the insert.
    await db.query(LOCK_BOOK, [bookId])
    const line = await bookedBefore(db, movement)
    if (line !== undefined) return line
  }
  try {
    const { cause, note, at } = movement
    const call = { book: bookId, cause, amount: downwards ? -amount : amount, order: null, reference, note, at, downwards }
    const { rows } = await db.query<{ line: bigint }>(POST.call(call))
    return rows[0]!.line
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (constraint === 'balance_is_never_negative') throw refuse('balance_too_low')
    if (constraint !== 'one_movement_per_reference') throw error
    const line = await bookedBefore(db, movement)
    if (line === undefined) throw error
    return line
  }
}

async function bookedBefore(db: Queryable, { bookId, reference, amount }: Movement): Promise<bigint | undefined> {
  const { rows } = await db.query<{ line: bigint; amount: bigint }>(POSTED_BEFORE, [bookId, reference])
  if (!rows[0] || rows[0].amount === amount) return rows[0]?.line
  throw refuse('reference_reused', reference)
}

const OPEN_BOOK = 'insert into books (account_id, play, currency) values ($1, $2, $3) on conflict (account_id, play) do nothing'
const BOOK_OF = 'select id, currency from books where account_id = $1 and play = $2'

/** The account's book for real or test money; opens it when there is none. */
export async function openBook(db: Queryable, account: { id: number; currency: string }, play: boolean): Promise<number> {
  await db.query(OPEN_BOOK, [account.id, play, account.currency])
  const { rows } = await db.query<{ id: number }>(BOOK_OF, [account.id, play])
  return rows[0]!.id
}
