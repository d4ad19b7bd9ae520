import type { Queryable } from '../db/pool.ts'
import type { PaymentState } from './gateway.ts'
import { PAYMENTS, type PaymentRow } from './payments.ts'
import { receiptsOfTheirs } from './receipts.ts'

export const paymentStates = ['open', 'seen', 'review', 'paid', 'expired', 'failed'] as const satisfies readonly PaymentState[]

/** Which payments; undefined: any. */
export interface PaymentFilter {
  readonly state?: PaymentState | undefined
  readonly method?: number | undefined
  readonly account?: number | undefined
  /** That the payer was asked in. */
  readonly currency?: string | undefined
  readonly from?: Date | undefined
  readonly until?: Date | undefined
}

// Numbers are given about in the order of time, so a time is a place in the list, give or take those that were begun at once.
const AT_ONCE = 1000
const FIRST_SINCE = `(select id from payments where created_at >= $TIME order by created_at limit 1)`
const LAST_BEFORE = `(select id from payments where created_at < $TIME order by created_at desc limit 1)`

/** A page of payments, newest first; `before` is the last id of the page before. */
export async function findPayments(
  db: Queryable,
  filter: PaymentFilter,
  page: { readonly before: bigint | null; readonly most: number },
): Promise<PaymentRow[]> {
  const values: unknown[] = []
  const given = (value: unknown) => `$${values.push(value)}`
  const conditions: string[] = []
  if (page.before !== null) conditions.push(`p.id < ${given(page.before)}`)
  if (filter.state !== undefined) conditions.push(`p.state = ${given(filter.state)}`)
  if (filter.method !== undefined) conditions.push(`p.method_id = ${given(filter.method)}`)
  if (filter.account !== undefined) conditions.push(`p.account_id = ${given(filter.account)}`)
  if (filter.currency !== undefined) conditions.push(`p.currency = ${given(filter.currency)}`)
  if (filter.from !== undefined) {
    const time = given(filter.from)
    conditions.push(`p.created_at >= ${time} and p.id >= coalesce(${FIRST_SINCE.replace('$TIME', time)}, ${LARGEST}) - ${AT_ONCE}`)
  }
  if (filter.until !== undefined) {
    const time = given(filter.until)
    conditions.push(`p.created_at < ${time} and p.id <= coalesce(${LAST_BEFORE.replace('$TIME', time)}, 0) + ${AT_ONCE}`)
  }
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
  return (await db.query<PaymentRow>(`${PAYMENTS} ${where} order by p.id desc limit ${given(page.most)}`, values)).rows
}

const LARGEST = '9223372036854775807'
const OF_REFERENCE = `${PAYMENTS} where p.reference = upper($1) or p.their_id = $1 or p.id = $2 or p.id = any ($3) order by p.id desc limit 50`

/** The payments of a reference, of an id of theirs, or of the id of a receipt. */
export async function searchPayments(db: Queryable, text: string): Promise<PaymentRow[]> {
  const asked = text.trim()
  const receipts = await receiptsOfTheirs(db, asked)
  const ofReceipts = receipts.flatMap(({ paymentId }) => (paymentId === null ? [] : [paymentId]))
  const number = /^\d{1,18}$/.test(asked) ? BigInt(asked) : null
  return (await db.query<PaymentRow>({ name: 'searched payments', text: OF_REFERENCE, values: [asked, number, ofReceipts] })).rows
}
