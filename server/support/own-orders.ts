import { numberArray } from '../db/arrays.ts'
import type { Queryable } from '../db/pool.ts'
import { MOST_ORDERS } from './kinds.ts'

const OWN = `
  select o.id, o.book_id as "bookId" from orders o join books b on b.id = o.book_id
  where b.account_id = $1 and o.id = any($2::bigint[]) order by o.id`

/** Those of these orders that are an account's own, with their books. */
export async function ownOrders(
  db: Queryable,
  accountId: number,
  ids: readonly bigint[],
): Promise<{ readonly id: bigint; readonly bookId: number }[]> {
  if (ids.length === 0) return []
  return (
    await db.query<{ id: bigint; bookId: number }>({ name: 'own orders of an account', text: OWN, values: [accountId, numberArray(ids)] })
  ).rows
}

/** Numbers of orders in a text that somebody has pasted: whatever stands between them. */
export interface PastedOrders {
  /** Without repetitions, in the order of the text; at most one more than a ticket may have. */
  readonly ids: readonly bigint[]
  /** Words that are no numbers. */
  readonly wrong: readonly string[]
}

const MOST_WRONG = 5
const LONGEST_WRONG = 40

/** Reads a pasted list: digits, with anything but letters and digits between them. A `#` before a number is passed over. */
export function readPasted(text: string): PastedOrders {
  const ids = new Set<bigint>()
  const wrong: string[] = []
  for (const [word] of text.matchAll(/[^\s,;|#]+/g)) {
    if (/^[1-9]\d{0,17}$/.test(word)) ids.add(BigInt(word))
    else if (wrong.length < MOST_WRONG) wrong.push(word.slice(0, LONGEST_WRONG).toWellFormed())
    if (ids.size > MOST_ORDERS) break
  }
  return { ids: [...ids], wrong }
}
