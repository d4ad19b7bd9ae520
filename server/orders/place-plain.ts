import { numberArray, textArray } from '../db/arrays.ts'
import type { Pipeline } from '../db/pipeline.ts'
import type { PricedOrder } from './priced-order.ts'

/** Most orders: nothing has to be looked up for them before they are charged. */
export function isPlain(order: PricedOrder): boolean {
  return order.kind === 'single' && order.retry === null && order.activeLink === null && !order.capped && order.charge > 0n
}

const PLACE_ONE = {
  name: 'place plain order',
  text: 'select place_plain_order($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as placed',
  query_timeout: 10_000,
}

export const PLACE_SEVERAL = {
  name: 'place plain orders',
  text: 'select place_plain_orders($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) as "leftOut"',
  query_timeout: 10_000,
}

/** Places plain orders in one durable commit. Answers the books that it left untouched, all their orders with them. */
export async function placePlain(
  db: Pick<Pipeline, 'query'>,
  version: bigint,
  now: Date,
  ids: readonly bigint[],
  orders: readonly PricedOrder[],
): Promise<readonly number[]> {
  if (orders.length === 1) {
    const [order] = orders as [PricedOrder]
    const { rows } = await db.query<{ placed: boolean }>({ ...PLACE_ONE, values: [version, now, ids[0], ...ownValues(order)] })
    return rows[0]!.placed ? [] : [order.bookId]
  }
  const { rows } = await db.query<{ leftOut: number[] | null }>({
    ...PLACE_SEVERAL,
    values: [version, now, ...plainArguments(ids, orders)],
  })
  return rows[0]!.leftOut ?? []
}

function ownValues(order: PricedOrder) {
  const { bookId, keyId, serviceId, supplierId, quantity, charge, rate, link, rateSource, parameters } = order
  return [bookId, keyId, serviceId, supplierId, quantity, charge, rate, link, rateSource, parameters && JSON.stringify(parameters)]
}

/** What the books pay together, and the orders as one array a column. */
export function plainArguments(ids: readonly bigint[], orders: readonly PricedOrder[]): (string | null)[] {
  const lots = lotsOf(orders)
  const spents: bigint[] = []
  const places: number[] = []
  const lotOf = orders.map(({ bookId, charge }) => {
    const lot = lots.get(bookId)!
    spents.push((lot.total += charge))
    places.push((lot.lines += 1))
    return lot.number
  })
  const all = [...lots.values()]
  return [
    numberArray([...lots.keys()]),
    numberArray(all.map((lot) => lot.total)),
    numberArray(all.map((lot) => lot.lines)),
    numberArray(lotOf),
    numberArray(spents),
    numberArray(places),
    numberArray(ids),
    numberArray(orders.map((order) => order.bookId)),
    numberArray(orders.map((order) => order.keyId)),
    numberArray(orders.map((order) => order.serviceId)),
    numberArray(orders.map((order) => order.supplierId)),
    numberArray(orders.map((order) => order.quantity)),
    numberArray(orders.map((order) => order.charge)),
    textArray(orders.map((order) => order.rate)),
    textArray(orders.map((order) => order.link)),
    orders.some((order) => order.rateSource) ? textArray(orders.map((order) => order.rateSource)) : null,
    orders.some((order) => order.parameters)
      ? textArray(orders.map((order) => order.parameters && JSON.stringify(order.parameters)))
      : null,
  ]
}

interface Lot {
  /** From 1, by ascending book: every node takes the row locks in this order. */
  readonly number: number
  total: bigint
  lines: number
}

function lotsOf(orders: readonly PricedOrder[]): Map<number, Lot> {
  const books = [...new Set(orders.map((order) => order.bookId))].toSorted((a, b) => a - b)
  return new Map(books.map((book, index) => [book, { number: index + 1, total: 0n, lines: 0 }]))
}
