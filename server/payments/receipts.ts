import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'

export const receiptStates = ['credited', 'review', 'refused', 'matched'] as const
export type ReceiptState = (typeof receiptStates)[number]

/** Money that arrived, with whose it is and the document that was made of it. Amounts are decimal texts in the currency that came. */
export interface ReceiptRow {
  readonly id: bigint
  readonly methodId: number
  readonly method: string
  readonly gateway: string
  readonly theirId: string
  readonly paymentId: bigint | null
  readonly bookId: number | null
  readonly account: number | null
  /** Of the account. */
  readonly accountCurrency: string | null
  readonly amount: string
  readonly currency: string
  readonly fee: string | null
  readonly at: Date
  readonly late: boolean
  readonly state: ReceiptState
  readonly why: string | null
  readonly evidence: Readonly<Record<string, unknown>>
  readonly units: Units | null
  readonly line: bigint | null
  readonly bonusUnits: Units
  readonly reversedUnits: Units
  readonly reversedBonus: Units
  readonly sameAs: bigint | null
  readonly heardAt: Date
  readonly decidedAt: Date | null
  readonly decidedBy: string | null
  /** Like `2026-17`; null: it is not credited. */
  readonly document: string | null
}

const RECEIPTS = `
  select r.id, r.method_id as "methodId", m.name as method, m.gateway, r.their_id as "theirId", r.payment_id as "paymentId", r.book_id as "bookId",
    b.account_id as account, b.currency as "accountCurrency", r.amount::text as amount, r.currency, r.fee::text as fee, r.at,
    r.late, r.state, r.why, r.evidence, r.units, r.line, r.bonus_units as "bonusUnits", r.reversed_units as "reversedUnits",
    r.reversed_bonus as "reversedBonus", r.same_as as "sameAs", r.heard_at as "heardAt", r.decided_at as "decidedAt", r.decided_by as "decidedBy",
    d.year || '-' || d.number as document
  from payment_receipts r join payment_methods m on m.id = r.method_id left join books b on b.id = r.book_id
    left join payment_documents d on d.receipt_id = r.id and d.kind = 'receipt'`

/** Throws a Refusal when there is none. */
export async function findReceipt(db: Queryable, id: bigint): Promise<ReceiptRow> {
  const { rows } = await db.query<ReceiptRow>({ name: 'one receipt', text: `${RECEIPTS} where r.id = $1`, values: [id] })
  if (!rows[0]) throw refuse('unknown_receipt', id)
  return rows[0]
}

/** The same, and its row is locked until the commit. */
export async function holdReceipt(tx: Queryable, id: bigint): Promise<ReceiptRow> {
  await tx.query('select from payment_receipts where id = $1 for update', [id])
  return findReceipt(tx, id)
}

export async function receiptsOfPayment(db: Queryable, paymentId: bigint): Promise<ReceiptRow[]> {
  const text = `${RECEIPTS} where r.payment_id = $1 order by r.id`
  return (await db.query<ReceiptRow>({ name: 'whole receipts of payment', text, values: [paymentId] })).rows
}

/** Which receipts; undefined: any. */
export interface ReceiptFilter {
  readonly state?: ReceiptState | undefined
  readonly method?: number | undefined
  readonly account?: number | undefined
  /** Only those of which nobody knows who sent them. */
  readonly withoutPayer?: boolean | undefined
}

/** A page of receipts, newest first; `before` is the last id of the page before. Deposits that staff booked by hand are receipts too. */
export async function listReceipts(
  db: Queryable,
  filter: ReceiptFilter,
  page: { before: bigint | null; most: number },
): Promise<ReceiptRow[]> {
  const values: unknown[] = []
  const given = (value: unknown) => `$${values.push(value)}`
  const conditions = [
    ...(page.before === null ? [] : [`r.id < ${given(page.before)}`]),
    ...(filter.state === undefined ? [] : [`r.state = ${given(filter.state)}`]),
    ...(filter.method === undefined ? [] : [`r.method_id = ${given(filter.method)}`]),
    ...(filter.account === undefined
      ? []
      : [`r.book_id = (select id from books where account_id = ${given(filter.account)} and not play)`]),
    ...(filter.withoutPayer === true ? [`r.state = 'review' and r.payment_id is null`] : []),
  ]
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  return (await db.query<ReceiptRow>(`${RECEIPTS} ${where} order by r.id desc limit ${given(page.most)}`, values)).rows
}

/** The receipt of their id, by whichever method; several methods may use the same id. */
export async function receiptsOfTheirs(db: Queryable, theirId: string): Promise<ReceiptRow[]> {
  const text = `${RECEIPTS} where r.their_id = $1 order by r.id desc limit 20`
  return (await db.query<ReceiptRow>({ name: 'receipts of theirs', text, values: [theirId] })).rows
}

const BY_HAND = `${RECEIPTS}
  where r.book_id = $1 and m.gateway = 'by hand' and r.state = 'credited' and r.heard_at > $2::timestamptz - interval '30 days'
    and not exists (select from payment_receipts s where s.same_as = r.id)
  order by r.id desc limit 10`

/** What staff booked by hand for this book lately, and no money of a gateway was matched with yet. */
export async function depositsByHand(db: Queryable, bookId: number, now: Date): Promise<ReceiptRow[]> {
  return (await db.query<ReceiptRow>({ name: 'deposits by hand', text: BY_HAND, values: [bookId, now] })).rows
}
