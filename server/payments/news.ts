import type { Queryable } from '../db/pool.ts'
import type { PaymentRow } from './payments.ts'

/** What customers are told of a payment. */
export type DepositNews = 'credited' | 'reversed' | 'won back' | 'open' | 'seen' | 'expired' | 'failed' | 'review' | 'paid'

const ADD = 'insert into payment_news (book_id, payment_id, what, at) values ($1, $2, $3, $4)'

/** Notes news of a payment in the transaction that makes them, for webhooks, mails and the page that waits. */
export async function tellOfDeposit(
  tx: Queryable,
  { bookId, id }: Pick<PaymentRow, 'bookId' | 'id'>,
  what: DepositNews,
  now: Date,
): Promise<void> {
  await tx.query(ADD, [bookId, id, what, now])
}
