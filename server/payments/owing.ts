import type { Queryable } from '../db/pool.ts'
import type { Account } from '../customers/accounts.ts'
import { formatUnits, type Units } from '../ledger/money.ts'
import { openBook, post } from '../ledger/post.ts'
import { refuse } from '../refusal.ts'

/** An account that owes what a reversal could not take from its wallet. */
export interface Owing {
  readonly bookId: number
  readonly account: number
  readonly email: string
  readonly currency: string
  /** Above zero. */
  readonly owed: Units
  readonly suspended: boolean
}

const OWING = `
  select b.id as "bookId", b.account_id as account, a.email, b.currency, -b.owed as owed, a.suspended_at is not null as suspended
  from books b join accounts a on a.id = b.account_id where b.owed < 0 and ($1::int is null or b.id > $1) order by b.id limit $2`

/** A page of those that owe; `after` is the book of the last one of the page before. */
export async function listOwing(db: Queryable, page: { readonly after: number | null; readonly most: number }): Promise<Owing[]> {
  return (await db.query<Owing>({ name: 'those that owe', text: OWING, values: [page.after, page.most] })).rows
}

const OWED = 'select id, -owed as owed from books where account_id = $1 and not play for no key update'

/** Excuses what an account owes, or a part of it: it orders again once nothing is owed. Answers what was excused and what is left. */
export async function excuseOwed(
  tx: Queryable,
  account: Pick<Account, 'id' | 'currency'>,
  { amount, note }: { readonly amount: Units | null; readonly note: string },
  now: Date,
): Promise<{ readonly excused: Units; readonly left: Units }> {
  const [book] = (await tx.query<{ id: number; owed: Units }>(OWED, [account.id])).rows
  const owed = book?.owed ?? 0n
  const excused = amount ?? owed
  if (book === undefined || excused <= 0n || excused > owed) throw refuse('more_than_is_owed', `${formatUnits(owed)} ${account.currency}`)
  await post(tx, { bookId: book.id, cause: 'settlement', amount: excused, note, reference: null, at: now })
  return { excused, left: owed - excused }
}

const LINES = 'select lines from books where id = $1 for no key update'

/** Gives an account money that it did not pay in. A reference is booked once: `isNew` tells whether it was booked now. */
export async function giveBonus(
  tx: Queryable,
  account: Pick<Account, 'id' | 'currency'>,
  { amount, note, reference }: { readonly amount: Units; readonly note: string; readonly reference: string | null },
  now: Date,
): Promise<{ readonly line: bigint; readonly isNew: boolean }> {
  if (amount <= 0n) throw refuse('zero_amount')
  const bookId = await openBook(tx, account, false)
  const { lines } = (await tx.query<{ lines: bigint }>(LINES, [bookId])).rows[0]!
  const line = await post(tx, { bookId, cause: 'bonus', amount, note, reference, at: now })
  return { line, isNew: line > lines }
}
