import { type OwnBook, readBooks, readSpan, readWhole, type Span } from '../../../ledger/statement.ts'
import type { OwnContext } from '../own-context.ts'
import type { Month } from './months.ts'

/** The account's money, or with `book=test` the play money of its test keys, where it has some. */
export async function askedBook({ orders: { db }, session, query }: OwnContext): Promise<{ book: OwnBook; books: readonly OwnBook[] }> {
  const books = await readBooks(db, session.accountId)
  const book = books.find((one) => one.play === (query.get('book') === 'test')) ?? books[0]!
  return { book, books }
}

/** The lines of a month, or all. */
export function spanOf({ orders: { db } }: OwnContext, book: OwnBook, month: Month | null): Promise<Span> {
  return month ? readSpan(db, book.id, month.from, month.until) : readWhole(db, book.id)
}

/** How an address names a book. */
export function bookName({ play }: Pick<OwnBook, 'play'>): 'test' | null {
  return play ? 'test' : null
}
