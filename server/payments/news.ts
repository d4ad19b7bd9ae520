import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import type { DocumentNumber } from './documents.ts'
import type { PaymentRow } from './payments.ts'

/** What customers are told of a payment. `declined`: it failed because staff said so, with a reason that the customer reads. */
export type DepositNews = 'credited' | 'reversed' | 'won back' | 'open' | 'seen' | 'expired' | 'failed' | 'declined' | 'review' | 'paid'

const ADD = 'insert into payment_news (book_id, payment_id, what, at, receipt_id, reversal_id) values ($1, $2, $3, $4, $5, $6)'

/** Notes that staff booked a deposit by hand: a receipt without a payment. It is told by webhook; no mail is sent of it. */
export async function tellOfDepositByHand(tx: Queryable, bookId: number, receiptId: bigint, now: Date): Promise<void> {
  await tx.query(ADD, [bookId, null, 'credited' satisfies DepositNews, now, receiptId, null])
}

/** Notes news of a payment in the transaction that makes them, for webhooks, mails and the page that waits. */
export async function tellOfDeposit(
  tx: Queryable,
  { bookId, id }: Pick<PaymentRow, 'bookId' | 'id'>,
  what: DepositNews,
  now: Date,
  about: { readonly receipt?: bigint | null; readonly reversal?: bigint | null } = {},
): Promise<void> {
  await tx.query(ADD, [bookId, id, what, now, about.receipt ?? null, about.reversal ?? null])
}

/** News with what they are about, for whoever tells them. */
export interface ToldNews {
  readonly id: bigint
  readonly what: DepositNews
  readonly at: Date
  /** Null: staff booked it by hand. */
  readonly paymentId: bigint | null
  readonly bookId: number
  readonly accountId: number
  /** Whether the account gets mails when money arrives. */
  readonly mails: boolean
  /** Null: staff named none. */
  readonly reference: string | null
  /** What was credited or taken back by it; what was asked for where nothing moved. Without the bonus. */
  readonly amount: Units
  readonly bonus: Units
  readonly currency: string
  /** Of the receipt, or of the credit note. */
  readonly document: DocumentNumber | null
}

const MOST = 500
const CLAIM = `
  with told as (
    update payment_news set told_at = $1
    where id in (select id from payment_news where told_at is null order by id limit ${MOST} for update skip locked)
    returning *
  )
  select n.id, n.what, n.at, n.payment_id as "paymentId", n.book_id as "bookId", b.account_id as "accountId", a.mails_deposits as mails,
    coalesce(p.reference, t.reference) as reference, coalesce(v.units, r.units, p.amount) as amount, coalesce(v.bonus_units, r.bonus_units, p.bonus) as bonus, b.currency,
    case when d.year is not null then jsonb_build_object('year', d.year, 'number', d.number) end as document
  from told n
  join books b on b.id = n.book_id join accounts a on a.id = b.account_id
  left join payments p on p.id = n.payment_id
  left join payment_receipts r on r.id = n.receipt_id
  left join transfers t on t.book_id = r.book_id and t.line = r.line
  left join payment_reversals v on v.id = n.reversal_id
  left join payment_documents d on (d.reversal_id = v.id or (v.id is null and d.receipt_id = r.id and d.kind = 'receipt'))
  order by n.id`

/** News that nobody has told yet, marked as told in this transaction: whoever rolls back leaves them to be told. */
export async function claimNews(tx: Queryable, now: Date): Promise<ToldNews[]> {
  return (await tx.query<ToldNews>({ name: 'news to tell', text: CLAIM, values: [now] })).rows
}
