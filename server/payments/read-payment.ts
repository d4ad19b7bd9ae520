import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import type { DepositNews } from './news.ts'
import type { PaymentRow } from './payments.ts'
import { depositsByHand, type ReceiptRow, receiptsOfPayment } from './receipts.ts'

/** What went back of a receipt. */
export interface ReversalRow {
  readonly id: bigint
  readonly receiptId: bigint
  readonly theirId: string
  readonly kind: 'refund' | 'chargeback'
  readonly state: 'taken' | 'won back'
  readonly amount: string
  readonly currency: string
  readonly units: Units
  readonly bonusUnits: Units
  readonly line: bigint | null
  readonly at: Date
  readonly by: string | null
  /** Like `2026-18`. */
  readonly document: string | null
}

/** What staff asked a gateway to give back. */
export interface GivebackRow {
  readonly receiptId: bigint
  readonly amount: string
  readonly state: 'asked' | 'under way' | 'done' | 'refused'
  readonly words: string | null
  readonly reason: string
  readonly askedAt: Date
  readonly askedBy: string
  readonly endedAt: Date | null
}

/** A call of the gateway that told of the payment. */
export interface CallRow {
  readonly id: bigint
  readonly at: Date
  readonly times: number
  readonly verb: string
  readonly query: string
  readonly body: string
  readonly isHandled: boolean
}

export interface NewsRow {
  readonly what: DepositNews
  readonly at: Date
  readonly toldAt: Date | null
}

/** Everything that is known of a payment beside itself. */
export interface WholePayment {
  readonly receipts: readonly ReceiptRow[]
  readonly reversals: readonly ReversalRow[]
  readonly givebacks: readonly GivebackRow[]
  readonly calls: readonly CallRow[]
  readonly news: readonly NewsRow[]
  /** Deposits by hand that a receipt in review may be the same money as. */
  readonly byHand: readonly ReceiptRow[]
  readonly hasProof: boolean
}

export async function readWholePayment(db: Queryable, payment: PaymentRow, now: Date): Promise<WholePayment> {
  const receipts = await receiptsOfPayment(db, payment.id)
  const ids = receipts.map(({ id }) => id)
  const waits = receipts.some(({ state }) => state === 'review')
  const [reversals, givebacks, calls, news, byHand, isProven] = await Promise.all([
    reversalsOf(db, ids),
    givebacksOf(db, ids),
    callsAbout(db, payment),
    newsOf(db, payment.id),
    waits ? depositsByHand(db, payment.bookId, now) : [],
    hasProof(db, payment.id),
  ])
  return { receipts, reversals, givebacks, calls, news, byHand, hasProof: isProven }
}

const REVERSALS = `
  select v.id, v.receipt_id as "receiptId", v.their_id as "theirId", v.kind, v.state, v.amount::text as amount, v.currency, v.units,
    v.bonus_units as "bonusUnits", v.line, v.at, v.decided_by as by, d.year || '-' || d.number as document
  from payment_reversals v left join payment_documents d on d.reversal_id = v.id where v.receipt_id = any ($1) order by v.id`

async function reversalsOf(db: Queryable, receipts: readonly bigint[]): Promise<ReversalRow[]> {
  return (await db.query<ReversalRow>({ name: 'reversals of receipts', text: REVERSALS, values: [receipts] })).rows
}

const GIVEBACKS = `
  select receipt_id as "receiptId", amount::text as amount, state, words, reason, asked_at as "askedAt", asked_by as "askedBy",
    ended_at as "endedAt"
  from payment_givebacks where receipt_id = any ($1) order by asked_at`

export async function givebacksOf(db: Queryable, receipts: readonly bigint[]): Promise<GivebackRow[]> {
  return (await db.query<GivebackRow>({ name: 'givebacks of receipts', text: GIVEBACKS, values: [receipts] })).rows
}

const MOST_CALLS = 20
const MOST_BYTES = 4000
const CALLS = `
  select c.id, c.at, c.times, c.verb, left(c.query, 1000) as query, substring(c.body from 1 for ${MOST_BYTES}) as body,
    c.handled_at is not null as "isHandled"
  from payment_calls c
  where c.method_id = $1 and (c.heard @> $2::jsonb or c.heard @> $3::jsonb or c.heard @> $4::jsonb) order by c.id desc limit ${MOST_CALLS}`

/** The newest calls about the payment. They are kept for 90 days. */
async function callsAbout(db: Queryable, { methodId, reference, theirId }: PaymentRow): Promise<CallRow[]> {
  const ofTheirs = { hints: [{ theirId: theirId ?? reference }] }
  const values = [methodId, { hints: [{ reference }] }, ofTheirs, { told: { reference } }]
  const { rows } = await db.query<Omit<CallRow, 'body'> & { body: Buffer }>({ name: 'calls about payment', text: CALLS, values })
  return rows.map((row) => ({ ...row, body: row.body.toString('utf8') }))
}

const NEWS = 'select what, at, told_at as "toldAt" from payment_news where payment_id = $1 order by id'

async function newsOf(db: Queryable, paymentId: bigint): Promise<NewsRow[]> {
  return (await db.query<NewsRow>({ name: 'news of payment', text: NEWS, values: [paymentId] })).rows
}

/** Whether the customer sent a picture. */
export async function hasProof(db: Queryable, paymentId: bigint): Promise<boolean> {
  const text = 'select from payment_proofs where payment_id = $1'
  return (await db.query({ name: 'has proof', text, values: [paymentId] })).rowCount === 1
}

/** The picture that the customer sent; undefined: none. */
export async function readProof(db: Queryable, paymentId: bigint): Promise<{ picture: Buffer; mediaType: string } | undefined> {
  const text = 'select picture, media_type as "mediaType" from payment_proofs where payment_id = $1'
  return (await db.query<{ picture: Buffer; mediaType: string }>({ name: 'proof', text, values: [paymentId] })).rows[0]
}
