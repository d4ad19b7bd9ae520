import { type Database, isConflict, type Queryable, sqlState, type Transaction, transaction } from '../db/pool.ts'
import type { Seller } from '../payments/payments.ts'
import { type NewLine, writeLines } from '../staff/log.ts'
import type { Permission } from '../staff/roles.ts'
import type { Staff } from '../staff/staff-keys.ts'
import { plainJson } from '../text.ts'
import type { UncheckedInput } from './input.ts'

/** The dependencies of the resources. */
export interface StaffContext {
  readonly db: Database
  readonly now: () => Date
  /** Who sells, as receipts say it. */
  readonly seller: () => Seller
}

/** A handler answers the value of `data`, or throws a Refusal. */
export type Handler = (context: StaffContext, call: StaffCall) => Promise<unknown>

interface StaffCall {
  readonly staff: Staff
  readonly input: UncheckedInput
  readonly id: bigint | undefined
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, unknown>>
}

const ABORTED = '25P02'

/**
 * Runs one transaction, and once more after a conflict over locks. settle() retries a conflict itself; inside a transaction the retry fails with
 * "transaction is aborted", which is therefore treated as the conflict it came from.
 */
export async function change<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction(db, work)
    } catch (error) {
      if (!(isConflict(error) || sqlState(error) === ABORTED) || attempt === 5) throw error
    }
  }
}

/** What the logs call whoever works with this key. */
export function nameOf({ label, keyId }: Staff): string {
  return `${label} (staff key ${keyId})`
}

interface NotedCall {
  readonly call: string
  readonly account: number
  readonly input: object
  readonly result: object
}

/** Writes a call about an account into the log of staff: last in its transaction, because the log is locked until the commit. */
export async function noteCall(tx: Transaction, staff: Staff, { call, account, input, result }: NotedCall, now: Date): Promise<void> {
  const told = { subject: { account }, input: plainJson(input), before: null, after: null, result: plainJson(result) }
  await writeLines(tx, [lineOf(staff, call, told, now)])
}

function lineOf(staff: Staff, call: string, told: Pick<NewLine, 'subject' | 'input' | 'before' | 'after' | 'result'>, now: Date): NewLine {
  const actor = { staffId: null, who: nameOf(staff), via: 'api', may: new Set<Permission>() } as const
  return { at: now, actor, act: `adminapi ${call}`, ...told, requestKey: null }
}

const NOTE = `insert into staff_actions (at, staff_key_id, label, action, order_ids, refill_ids, details) values ($1, $2, $3, $4, $5, $6, $7)`
const ACCOUNTS = 'select o.id, b.account_id as account from orders o join books b on b.id = o.book_id where o.id = any($1::bigint[])'

export interface StaffAction {
  readonly action: string
  readonly touched: readonly Touched[]
  readonly details?: Readonly<Record<string, unknown>>
}

/** An order that a call has changed, or one of its refills. */
export interface Touched {
  readonly orderId: bigint
  readonly refillId?: bigint
  /** What was asked for it, and how it stood; for the log of staff. */
  readonly asked: object
  readonly before?: object
}

/** Logs which staff key changed what, in the transaction of the change: for the key, and a line per order in the log of staff. When nothing changed,
 * it writes nothing. */
export async function noteAction(tx: Queryable, staff: Staff, { action, touched, details = {} }: StaffAction, now: Date) {
  if (touched.length === 0) return
  const orderIds = [...new Set(touched.map((one) => one.orderId))]
  const refillIds = touched.flatMap(({ refillId }) => refillId ?? [])
  await tx.query(NOTE, [now, staff.keyId, staff.label, action, orderIds, refillIds, JSON.stringify(details)])
  const { rows } = await tx.query<{ id: bigint; account: number }>(ACCOUNTS, [orderIds])
  const accounts = new Map(rows.map((row) => [row.id, row.account]))
  const lines = touched.map(({ orderId, refillId, asked, before }): NewLine => {
    const told = refillId === undefined ? asked : { refill: refillId, ...asked }
    const subject = { order: orderId, account: accounts.get(orderId) }
    const input = plainJson({ order: orderId, ...told })
    return lineOf(staff, action, { subject, input, before: before ? plainJson(before) : null, after: plainJson(told), result: '{}' }, now)
  })
  // Last, because the log is locked until the commit.
  await writeLines(tx, lines)
}
