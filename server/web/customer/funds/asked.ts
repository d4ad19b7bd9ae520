import { NotThereYet } from '../../../db/long-reads.ts'
import type { Queryable } from '../../../db/pool.ts'
import { type OwnBook, readBooks, readSpan, readWhole, type Span } from '../../../ledger/statement.ts'
import type { OwnContext } from '../own-context.ts'
import type { Month } from './months.ts'

/** The requested book: the account's money or, with `book=test`, the test money of its test keys, if it has some. */
export async function askedBook(
  { orders, session, query }: OwnContext,
  db: Queryable = orders.db,
): Promise<{ book: OwnBook; books: readonly OwnBook[] }> {
  const books = await readBooks(db, session.accountId)
  const book = books.find((one) => one.play === (query.get('book') === 'test')) ?? books[0]
  // An account has a book from its beginning.
  if (!book) throw new NotThereYet()
  return { book, books }
}

/** The lines of one month, or of all months. */
export function spanOf(db: Queryable, book: OwnBook, month: Month | null): Promise<Span> {
  return month ? readSpan(db, book.id, month.from, month.until) : readWhole(db, book.id)
}

/** The book's name in an address. */
export function bookName({ play }: Pick<OwnBook, 'play'>): 'test' | null {
  return play ? 'test' : null
}
