import { type Database, isConflict, type Queryable, sqlState, transaction } from '../db/pool.ts'
import type { UncheckedInput } from './input.ts'
import type { Staff } from './staff-keys.ts'

/** What the resources work with. */
export interface StaffContext {
  readonly db: Database
  readonly now: () => Date
}

/** A resource answers what stands under `data`, or throws a Refusal. */
export type Handler = (context: StaffContext, call: { staff: Staff; input: UncheckedInput; id: bigint | undefined }) => Promise<unknown>

const ABORTED = '25P02'

/** One transaction, once more when it met another over locks. settle() repeats a conflict by itself, which inside a transaction
 * only tells that the transaction is lost: that counts as the conflict it was. */
export async function change<T>(db: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction(db, work)
    } catch (error) {
      if (!(isConflict(error) || sqlState(error) === ABORTED) || attempt === 5) throw error
    }
  }
}

const NOTE = `insert into staff_actions (at, staff_key_id, label, action, order_ids, refill_ids, details) values ($1, $2, $3, $4, $5, $6, $7)`

export interface StaffAction {
  readonly action: string
  readonly orderIds: readonly bigint[]
  readonly refillIds?: readonly bigint[]
  readonly details?: Readonly<Record<string, unknown>>
}

/** Writes to the log of who changed what, in the change's own transaction. Nothing changed: nothing is written. */
export async function noteAction(tx: Queryable, staff: Staff, { action, orderIds, refillIds = [], details = {} }: StaffAction, now: Date) {
  if (orderIds.length + refillIds.length === 0) return
  await tx.query(NOTE, [now, staff.keyId, staff.label, action, orderIds, refillIds, JSON.stringify(details)])
}
