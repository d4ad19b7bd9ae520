import { booleanArray, numberArray, textArray } from '../db/arrays.ts'
import { sqlFunction } from '../db/call.ts'
import type { Pipeline } from '../db/pipeline.ts'
import { ORDER_COLUMNS, orderColumns } from './order-columns.ts'
import type { PricedOrder } from './priced-order.ts'

const EXTRA_COLUMNS = [
  'kinds',
  'retry_keys',
  'fingerprints',
  'windows',
  'one_active_link',
  'capped',
  'active_links',
  'parents',
  'post_numbers',
] as const
const PLACE_ORDERS = sqlFunction('place_orders', ['version', 'now', 'again', ...ORDER_COLUMNS, ...EXTRA_COLUMNS, 'asked_at'], {
  columns: 'outcomes, existing',
  timeoutMs: 10_000,
})

/** The outcomes of place_orders() by their numbers. The numbers never change, because an older Docket on the same database reads them. */
const OUTCOMES = {
  1: 'placed',
  2: 'not_enough_funds',
  3: 'placed_before',
  4: 'retry_key_reused',
  5: 'invalid_key',
  6: 'active_link',
  7: 'old_catalogue',
  8: 'daily_limit',
  9: 'id_is_taken',
} as const

/** `left_out`: the short function could not serve it; `unknown`: a newer place_orders() returned an outcome that this version does not know. */
export type Outcome = (typeof OUTCOMES)[keyof typeof OUTCOMES] | 'left_out' | 'unknown'

/** One outcome per order. */
export interface Outcomes {
  readonly outcomes: readonly Outcome[]
  /** The ids of orders that were placed before under the same retry key; null when there are none. */
  readonly existing: readonly (bigint | null)[] | null
}

interface Answer {
  readonly outcomes: readonly (keyof typeof OUTCOMES)[]
  /** As text: the driver reads no arrays of int8. */
  readonly existing: readonly (string | null)[] | null
}

/** Places orders of any kind in one durable commit and returns the outcome of each. `again`: an earlier call with the same `ids` and `at` may
 * have placed some of them. */
export async function placeExamined(
  db: Pick<Pipeline, 'query'>,
  call: { version: bigint; at: Date; again: boolean; ids: readonly bigint[]; orders: readonly PricedOrder[] },
): Promise<Outcomes> {
  const { version, at, again, ids, orders } = call
  const columns = { ...orderColumns(ids, orders), ...extraColumns(orders) }
  const { rows } = await db.query<Answer>(PLACE_ORDERS.call({ version, now: at, again, asked_at: again ? at : null, ...columns }))
  const { outcomes, existing } = rows[0]!
  return {
    outcomes: outcomes.map((outcome) => OUTCOMES[outcome] ?? 'unknown'),
    existing: existing?.map((id) => (id === null ? null : BigInt(id))) ?? null,
  }
}

/** Columns that no order of the batch uses are null, and cost nothing. */
function extraColumns(orders: readonly PricedOrder[]): Record<(typeof EXTRA_COLUMNS)[number], string | null> {
  const some = (needed: boolean, column: () => string) => (needed ? column() : null)
  const exclusive = orders.some((order) => order.activeLink !== null)
  const retried = orders.some((order) => order.retry)
  const served = orders.some((order) => order.post)
  return {
    kinds: some(
      orders.some((order) => order.kind !== 'single'),
      () => textArray(orders.map((order) => order.kind)),
    ),
    retry_keys: some(retried, () => textArray(orders.map((order) => order.retry?.key ?? null))),
    fingerprints: some(retried, () => textArray(orders.map((order) => order.retry?.fingerprint ?? null))),
    windows: some(retried, () => numberArray(orders.map((order) => order.retry?.windowSeconds ?? 0))),
    one_active_link: some(exclusive, () => booleanArray(orders.map((order) => order.activeLink !== null))),
    capped: orders.some((order) => order.capped) ? 'true' : null,
    parents: some(served, () => numberArray(orders.map((order) => order.post?.subscriptionId ?? null))),
    post_numbers: some(served, () => numberArray(orders.map((order) => order.post?.number ?? null))),
    active_links: some(exclusive, () => textArray(orders.map((order) => order.activeLink))),
  }
}
