import { booleanArray, numberArray, textArray } from '../db/arrays.ts'
import type { Pipeline } from '../db/pipeline.ts'
import type { PricedOrder } from './priced-order.ts'

const PLACE_ORDERS = {
  name: 'place orders',
  text: 'select outcomes, existing from place_orders($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)',
  query_timeout: 10_000,
}

/** The answer of place_orders(), one outcome per order. */
export interface Examined {
  readonly outcomes: readonly number[]
  /** The ids of orders that were placed before under the same retry key; null when there are none. */
  readonly existing: readonly (bigint | null)[] | null
}

/** Places any orders in one durable commit and says what became of each. `again`: an earlier call with the same `ids` and `at` may have placed
 * some of them. */
export async function placeExamined(
  db: Pick<Pipeline, 'query'>,
  call: { version: bigint; at: Date; again: boolean; ids: readonly bigint[]; orders: readonly PricedOrder[] },
): Promise<Examined> {
  const { version, at, again, ids, orders } = call
  const values = [version, at, again, ...batchArguments(ids, orders), again ? at : null]
  const { rows } = await db.query<Examined>({ ...PLACE_ORDERS, values })
  return rows[0]!
}

/** The orders as one array a column; columns that no order of the batch uses are null, and cost nothing. */
function batchArguments(ids: readonly bigint[], orders: readonly PricedOrder[]): (string | null)[] {
  const some = (needed: boolean, column: () => string) => (needed ? column() : null)
  const exclusive = orders.some((order) => order.activeLink !== null)
  const retried = orders.some((order) => order.retry)
  return [
    numberArray(ids),
    numberArray(orders.map((order) => order.bookId)),
    numberArray(orders.map((order) => order.keyId)),
    numberArray(orders.map((order) => order.serviceId)),
    numberArray(orders.map((order) => order.supplierId)),
    numberArray(orders.map((order) => order.quantity)),
    numberArray(orders.map((order) => order.charge)),
    textArray(orders.map((order) => order.rate)),
    textArray(orders.map((order) => order.link)),
    some(
      orders.some((order) => order.rateSource),
      () => textArray(orders.map((order) => order.rateSource)),
    ),
    some(
      orders.some((order) => order.kind !== 'single'),
      () => textArray(orders.map((order) => order.kind)),
    ),
    some(
      orders.some((order) => order.parameters),
      () => textArray(orders.map((order) => order.parameters && JSON.stringify(order.parameters))),
    ),
    some(retried, () => textArray(orders.map((order) => order.retry?.key ?? null))),
    some(retried, () => textArray(orders.map((order) => order.retry?.fingerprint ?? null))),
    some(retried, () => numberArray(orders.map((order) => order.retry?.windowSeconds ?? 0))),
    some(exclusive, () => booleanArray(orders.map((order) => order.activeLink !== null))),
    orders.some((order) => order.capped) ? 'true' : null,
    some(exclusive, () => textArray(orders.map((order) => order.activeLink))),
  ]
}
