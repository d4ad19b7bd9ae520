import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import type { Receipt, Reversal } from './gateway.ts'
import { type Amount, formatAmount } from './amounts.ts'
import type { Seller } from './payments.ts'

const CREDIT = sqlFunction(
  'credit_receipt',
  [
    'method', 'their_id', 'payment', 'book', 'amount', 'currency', 'fee', 'at', 'late', 'units', 'bonus', 'reference', 'note', 'why', 'evidence', 'by',
    'facts', 'now',
  ], // prettier-ignore
  { columns: 'receipt_id as "receiptId", line, credited, state' },
)
const REVERSE = sqlFunction(
  'reverse_receipt',
  ['method', 'their_id', 'receipt', 'kind', 'state', 'amount', 'currency', 'at', 'key', 'note', 'by', 'facts', 'now'],
  { columns: 'reversal_id as "reversalId", units, bonus' },
)

/** Money that arrived, and what is to be done with it. */
export interface Arrived {
  readonly methodId: number
  readonly receipt: Pick<Receipt, 'id' | 'at' | 'fee' | 'late'> & Amount
  readonly paymentId: bigint | null
  readonly bookId: number | null
  /** What the wallet gets; null: it waits for a person. */
  readonly units: Units | null
  readonly bonus: Units
  /** Its name on the statement. */
  readonly reference: string | null
  readonly note: string
  /** Why it waits, or what is remarkable; null: nothing. */
  readonly why: string | null
  readonly evidence: object
  /** Who booked it: `gateway`, or a person. */
  readonly by: string
}

export interface Credited {
  readonly receiptId: bigint
  /** The line of the deposit; null: it is not booked. */
  readonly line: bigint | null
  /** It was booked by this call. */
  readonly credited: boolean
  readonly state: 'credited' | 'review' | 'refused' | 'matched'
}

const BUYER = `
  select a.id as account, a.email, b.currency, m.name as method from books b join accounts a on a.id = b.account_id, payment_methods m
  where b.id = $1 and m.id = $2`

/** Credits a receipt once, in the caller's transaction; the row of the receipt decides, whoever calls first. */
export async function credit(tx: Queryable, arrived: Arrived, seller: Seller, now: Date): Promise<Credited> {
  const { receipt, methodId, bookId, units, bonus } = arrived
  const facts = units === null || bookId === null ? {} : await factsOf(tx, { bookId, methodId, seller })
  const { rows } = await tx.query<Credited>(
    CREDIT.call({
      method: methodId,
      their_id: receipt.id,
      payment: arrived.paymentId,
      book: bookId,
      amount: formatAmount(receipt.amount, receipt.currency),
      currency: receipt.currency,
      fee: receipt.fee && formatAmount(receipt.fee, receipt.currency),
      at: receipt.at,
      late: receipt.late,
      units,
      bonus,
      reference: arrived.reference,
      note: arrived.note,
      why: arrived.why,
      evidence: JSON.stringify(arrived.evidence),
      by: arrived.by,
      facts: JSON.stringify({ ...facts, paid: { amount: formatAmount(receipt.amount, receipt.currency), currency: receipt.currency } }),
      now,
    }),
  )
  return rows[0]!
}

export interface TakenBack {
  /** Null: nothing is credited under this receipt yet. */
  readonly reversalId: bigint | null
  /** What the wallet got or lost by this call; null: nothing was moved now. */
  readonly units: Units | null
  readonly bonus: Units | null
}

/** Takes back what a gateway took back, once; and books it again when a dispute was won. */
export async function takeBack(
  tx: Queryable,
  methodId: number,
  reversal: Reversal,
  { note, by, seller }: { readonly note: string; readonly by: string; readonly seller: Seller },
  now: Date,
): Promise<TakenBack> {
  const { rows } = await tx.query<TakenBack>(
    REVERSE.call({
      method: methodId,
      their_id: reversal.id,
      receipt: reversal.receiptId,
      kind: reversal.kind,
      state: reversal.state,
      amount: formatAmount(reversal.amount, reversal.currency),
      currency: reversal.currency,
      at: reversal.at,
      key: reversal.key,
      note,
      by,
      facts: JSON.stringify({ seller }),
      now,
    }),
  )
  return rows[0]!
}

/** What a document says of seller and buyer, as they are now. */
async function factsOf(tx: Queryable, { bookId, methodId, seller }: { bookId: number; methodId: number; seller: Seller }): Promise<object> {
  const { rows } = await tx.query<{ account: number; email: string; currency: string; method: string }>({
    name: 'facts of a receipt',
    text: BUYER,
    values: [bookId, methodId],
  })
  const { account, email, currency, method } = rows[0]!
  return { seller, buyer: { account, email }, method, currency }
}
