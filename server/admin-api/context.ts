import { type Database, isConflict, type Queryable, sqlState, transaction } from '../db/pool.ts'
import type { UncheckedInput } from './input.ts'
import type { Staff } from '../staff/staff-keys.ts'

/** The dependencies of the resources. */
export interface StaffContext {
  readonly db: Database
  readonly now: () => Date
}

/** A handler answers the value of `data`, or throws a Refusal. */
export type Handler = (context: StaffContext, call: { staff: Staff; input: UncheckedInput; id: bigint | undefined }) => Promise<unknown>

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

const NOTE = `insert into staff_actions (at, staff_key_id, label, action, order_ids, refill_ids, details) values ($1, $2, $3, $4, $5, $6, $7)`

export interface StaffAction {
  readonly action: string
  readonly orderIds: readonly bigint[]
  readonly refillIds?: readonly bigint[]
  readonly details?: Readonly<Record<string, unknown>>
}

/** Logs which staff key changed what, in the transaction of the change. When nothing changed, it writes nothing. */
export async function noteAction(tx: Queryable, staff: Staff, { action, orderIds, refillIds = [], details = {} }: StaffAction, now: Date) {
  if (orderIds.length + refillIds.length === 0) return
  await tx.query(NOTE, [now, staff.keyId, staff.label, action, orderIds, refillIds, JSON.stringify(details)])
}
