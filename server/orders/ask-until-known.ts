import { CONFIRM } from '../db/confirming.ts'
import type { Pipeline } from '../db/pipeline.ts'
import { changedNothing, isConflict, isConnectionLoss, sqlState, violatedConstraint } from '../db/pool.ts'
import { ANSWER_WITHIN_MS, databaseAway } from '../deadline.ts'
import { type BackOff, pauseAfter } from '../loops/back-off.ts'
import { type Refusal, refuse } from '../refusal.ts'
import type { Item } from './order-queues.ts'
import { type Outcomes, placeExamined } from './place-examined.ts'
import { placePlain } from './place-plain.ts'

/** The database refused the whole batch, perhaps for one order of it: nothing was placed. */
export const REFUSED_AS_A_WHOLE = 'refused as a whole'

/** Both functions call the database for a batch until the outcome is known. After a lost connection, or when an id is in use, the call is repeated
 * with the same ids, and the database looks for them under the books' locks before it charges: the orders that it finds were placed, those whose id
 * belongs to another order are told so, and the rest are placed now. */
export interface Asking {
  /** Places plain orders by the short function, which leaves out the books that it cannot serve. */
  placePlain(batch: readonly Item[], version: bigint): Promise<Outcomes | typeof REFUSED_AS_A_WHOLE>
  placeExamined(batch: readonly Item[], version: bigint): Promise<Outcomes | typeof REFUSED_AS_A_WHOLE>
}

/** The pause before a failed call of a batch is repeated. */
const ASKED_AGAIN_MS: BackOff = { first: 20, factor: 2, longest: 1000 }

type Place = (batch: readonly Item[], version: bigint, at: Date) => Promise<Outcomes>

export function openAsking(pipeline: Pipeline, now: () => Date): Asking {
  async function askUntilKnown(batch: readonly Item[], version: bigint, place: Place): Promise<Outcomes | typeof REFUSED_AS_A_WHOLE> {
    const at = now()
    const arrivals = batch.map((item) => item.arrivedAt)
    let inDoubt = false
    for (let failures = 0; ; failures += 1) {
      try {
        const outcomes = inDoubt ? await examine(batch, version, at, true) : await place(batch, version, at)
        if (!inDoubt && !outcomes.outcomes.includes('placed_before')) return outcomes
        // What another call has placed, or one that was given up, may not be confirmed yet. Should that fail, this call has placed the others: it
        // is not made again as if it were the first.
        inDoubt = true
        await pipeline.query(CONFIRM)
        return outcomes
      } catch (error) {
        // The connection may have been lost after the call placed its orders. Whose the id is that is in use, only the database can say.
        inDoubt ||= !changedNothing(error) || isIdInUse(error)
        // After a lost call, a refusal of the next one proves nothing: a server may be read-only or full for a while.
        if (!inDoubt && isRefused(error)) {
          if (batch.length === 1) throw error
          return REFUSED_AS_A_WHOLE
        }
        const pause = pauseAfter(failures, ASKED_AGAIN_MS)
        const since = inDoubt ? Math.max(...arrivals) : Math.min(...arrivals)
        if (performance.now() + pause > since + ANSWER_WITHIN_MS) throw inDoubt ? outcomeUnknown() : databaseAway()
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }

  async function placeSwiftly(batch: readonly Item[], version: bigint, at: Date): Promise<Outcomes> {
    const ids = batch.map((item) => item.id)
    const orders = batch.map((item) => item.order)
    const leftOut = new Set(await placePlain(pipeline, version, at, ids, orders))
    return { outcomes: orders.map(({ bookId }) => (leftOut.has(bookId) ? 'left_out' : 'placed')), existing: null }
  }

  const placeOnce: Place = (batch, version, at) => examine(batch, version, at, false)

  function examine(batch: readonly Item[], version: bigint, at: Date, again: boolean): Promise<Outcomes> {
    const ids = batch.map((item) => item.id)
    const orders = batch.map((item) => item.order)
    return placeExamined(pipeline, { version, at, again, ids, orders })
  }

  return {
    placePlain: (batch, version) => askUntilKnown(batch, version, placeSwiftly),
    placeExamined: (batch, version) => askUntilKnown(batch, version, placeOnce),
  }
}

/** The server refused and would refuse again: the statement was undone. */
function isRefused(error: unknown): boolean {
  return sqlState(error) !== undefined && !isConnectionLoss(error) && !isConflict(error)
}

function isIdInUse(error: unknown): boolean {
  return violatedConstraint(error) === 'orders_pkey'
}

export function outcomeUnknown(): Refusal {
  return refuse('outcome_unknown', 'order')
}
