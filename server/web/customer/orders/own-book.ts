import { type OwnBook, readBooks } from '../../../ledger/statement.ts'
import type { OwnContext } from '../own-context.ts'

/** The book of the requested orders: the account's money or, with `test`, the test money of its test keys, if it has some. */
export async function bookAsked(context: OwnContext, asked: string | null): Promise<{ book: OwnBook; hasPlay: boolean }> {
  const books = await readBooks(context.orders.db, context.session.accountId)
  const play = books.find((one) => one.play)
  return { book: (asked === 'test' && play) || books.find((one) => !one.play)!, hasPlay: play !== undefined }
}
