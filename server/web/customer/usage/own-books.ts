import { bookOf } from '../../../ledger/book-of.ts'
import type { OwnContext } from '../own-context.ts'

/** The book of the account's live or test keys; undefined if the account has no test key. */
export async function bookOfKeys({ caller, orders, session }: OwnContext, test: boolean): Promise<number | undefined> {
  return test ? bookOf(orders.db, session.accountId, true) : caller.bookId
}
