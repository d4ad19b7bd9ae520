import type { Queryable } from '../db/pool.ts'

/** The position of a reader in the feed: the last charge and the last event it has read. */
export interface FeedCursor {
  readonly line: bigint
  readonly change: bigint
}

export interface FeedPage {
  readonly cursor: FeedCursor
  /** Oldest first, each once. */
  readonly orderIds: readonly string[]
  readonly refillIds: readonly string[]
  readonly more: boolean
}

interface Step {
  at: Date
  orderId: bigint
  refillId: bigint | null
  line: bigint | null
  change: bigint | null
}

const MOST_STEPS = 500

// Two lists that only grow at their end, each under its book's lock: charges (an order was placed) and events (it moved).
const STEPS = `
  (select at, order_id as "orderId", null::bigint as "refillId", line, null::bigint as change
   from transfers where book_id = $1 and line > $2 and cause = 'charge' order by line limit $4)
  union all
  (select at, order_id, refill_id, null, change from order_events where book_id = $1 and change > $3 order by change limit $4)`

/** Returns the orders that were placed or moved after the cursor. */
export async function readChanges(db: Queryable, bookId: number, since: FeedCursor): Promise<FeedPage> {
  const { rows } = await db.query<Step>({ name: 'changes', text: STEPS, values: [bookId, since.line, since.change, MOST_STEPS] })
  const page = merge(rows).slice(0, MOST_STEPS)
  let { line, change } = since
  for (const step of page) {
    if (step.line !== null) line = step.line
    if (step.change !== null) change = step.change
  }
  return {
    cursor: { line, change },
    orderIds: newestPlaces(page.map((step) => step.orderId.toString())),
    refillIds: newestPlaces(page.flatMap((step) => (step.refillId === null ? [] : [step.refillId.toString()]))),
    more: rows.length > page.length || page.length === MOST_STEPS,
  }
}

/** Merges the two lists by time without swapping two steps of the same list, so that a cursor skips nothing. */
function merge(steps: readonly Step[]): Step[] {
  const charges = steps.filter((step) => step.line !== null).toSorted((a, b) => (a.line! < b.line! ? -1 : 1))
  const events = steps.filter((step) => step.change !== null).toSorted((a, b) => (a.change! < b.change! ? -1 : 1))
  const merged: Step[] = []
  let charge = 0
  let event = 0
  while (charge < charges.length && event < events.length) {
    merged.push(charges[charge]!.at <= events[event]!.at ? charges[charge++]! : events[event++]!)
  }
  return [...merged, ...charges.slice(charge), ...events.slice(event)]
}

/** Each id once, at the position of its newest step. */
function newestPlaces(ids: readonly string[]): string[] {
  return [...new Set(ids.toReversed())].toReversed()
}
