import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import type { PaymentRow, Seller } from './payments.ts'

/** The number of a receipt or a credit note, like 2026-17. */
export interface DocumentNumber {
  readonly year: number
  readonly number: number
}

export function documentName({ year, number }: DocumentNumber): string {
  return `${year}-${number}`
}

/** Money that arrived for a payment, as its owner sees it. */
export interface OwnReceipt {
  readonly id: bigint
  readonly state: 'credited' | 'review' | 'refused' | 'matched'
  /** A decimal text in the payer's currency. */
  readonly amount: string
  readonly currency: string
  readonly at: Date
  readonly late: boolean
  /** What was booked; null: nothing. */
  readonly units: Units | null
  readonly bonus: Units
  readonly reversedUnits: Units
  readonly reversedBonus: Units
  readonly document: DocumentNumber | null
  readonly creditNotes: readonly DocumentNumber[]
}

const RECEIPTS = `
  select r.id, r.state, trim_scale(r.amount)::text as amount, r.currency, r.at, r.late, r.units, r.bonus_units as bonus,
    r.reversed_units as "reversedUnits", r.reversed_bonus as "reversedBonus",
    (select jsonb_build_object('year', d.year, 'number', d.number) from payment_documents d where d.receipt_id = r.id and d.kind = 'receipt')
      as document,
    coalesce((select jsonb_agg(jsonb_build_object('year', d.year, 'number', d.number) order by d.year, d.number) from payment_documents d
      where d.receipt_id = r.id and d.kind = 'credit note'), '[]') as "creditNotes"
  from payment_receipts r where r.payment_id = $1 order by r.id`

export async function readOwnReceipts(db: Queryable, { id }: Pick<PaymentRow, 'id'>): Promise<OwnReceipt[]> {
  return (await db.query<OwnReceipt>({ name: 'receipts of payment', text: RECEIPTS, values: [id] })).rows
}

const OF_LINES = `
  select r.line, d.year, d.number from payment_receipts r join payment_documents d on d.receipt_id = r.id and d.kind = 'receipt'
  where r.book_id = $1 and r.line = any($2::bigint[])
  union all
  select v.line, d.year, d.number from payment_reversals v join payment_receipts r on r.id = v.receipt_id
  join payment_documents d on d.reversal_id = v.id
  where r.book_id = $1 and v.line = any($2::bigint[])`

/** The documents of these lines of a book, by line. */
export async function documentsOfLines(db: Queryable, bookId: number, lines: readonly bigint[]): Promise<Map<bigint, DocumentNumber>> {
  if (lines.length === 0) return new Map()
  const { rows } = await db.query<DocumentNumber & { line: bigint }>({
    name: 'documents of lines',
    text: OF_LINES,
    values: [bookId, lines],
  })
  return new Map(rows.map(({ line, year, number }) => [line, { year, number }]))
}

/** A receipt or a credit note, with seller and buyer as they were when it was made. */
export interface PaymentDocument extends DocumentNumber {
  readonly kind: 'receipt' | 'credit note'
  readonly issuedAt: Date
  readonly facts: Facts
  /** Of the receipt that a credit note is about, or its own. */
  readonly receipt: DocumentNumber
  readonly reference: string | null
  /** When the money arrived, or went back. */
  readonly at: Date
  /** What was paid or taken back, in the payer's currency. */
  readonly paid: { readonly amount: string; readonly currency: string }
  readonly units: Units
  readonly bonus: Units
  /** Of the account. */
  readonly currency: string
  readonly paymentId: bigint | null
}

interface Facts {
  readonly seller: Seller
  readonly buyer: { readonly account: number; readonly email: string }
  readonly method: string
}

// A credit note freezes its seller; buyer and method are those that its receipt has frozen.
const DOCUMENT = `
  select d.year, d.number, d.kind, d.issued_at as "issuedAt", first.facts || d.facts as facts,
    jsonb_build_object('year', first.year, 'number', first.number) as receipt, p.reference, coalesce(v.at, r.at) as at,
    jsonb_build_object('amount', trim_scale(coalesce(v.amount, r.amount))::text, 'currency', coalesce(v.currency, r.currency)) as paid,
    coalesce(v.units, r.units, 0)::bigint as units, coalesce(v.bonus_units, r.bonus_units)::bigint as bonus, b.currency, r.payment_id as "paymentId"
  from payment_documents d
  join books b on b.id = d.book_id
  join payment_receipts r on r.id = d.receipt_id
  join payment_documents first on first.receipt_id = r.id and first.kind = 'receipt'
  left join payment_reversals v on v.id = d.reversal_id
  left join payments p on p.id = r.payment_id
  where d.year = $2 and d.number = $3 and b.account_id = $1`

/** A document of this account; undefined: there is none, or it is somebody else's. */
export async function findOwnDocument(
  db: Queryable,
  accountId: number,
  { year, number }: DocumentNumber,
): Promise<PaymentDocument | undefined> {
  const { rows } = await db.query<PaymentDocument>({ name: 'own document', text: DOCUMENT, values: [accountId, year, number] })
  return rows[0]
}
