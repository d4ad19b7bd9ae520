import { numberArray } from '../db/arrays.ts'
import { sqlFunction } from '../db/call.ts'
import type { Pipeline } from '../db/pipeline.ts'
import { ORDER_COLUMNS, ORDER_VALUES, orderColumns, orderValues } from './order-columns.ts'
import type { PricedOrder } from './priced-order.ts'

/** True for most orders: nothing has to be looked up for them before they are charged. */
export function isPlain(order: PricedOrder): boolean {
  return order.kind === 'single' && order.retry === null && order.activeLink === null && !order.capped && order.charge > 0n
}

const LOT_COLUMNS = ['lot_books', 'lot_totals', 'lot_lines', 'lots', 'spents', 'places'] as const
const PLACE_ONE = sqlFunction('place_plain_order', ['version', 'now', ...ORDER_VALUES], { as: 'placed', timeoutMs: 10_000 })
export const PLACE_SEVERAL = sqlFunction('place_plain_orders', ['version', 'now', ...LOT_COLUMNS, ...ORDER_COLUMNS], {
  as: 'leftOut',
  timeoutMs: 10_000,
})

/** Places plain orders in one durable commit. Returns the books that it left out, with all their orders. */
export async function placePlain(
  db: Pick<Pipeline, 'query'>,
  version: bigint,
  now: Date,
  ids: readonly bigint[],
  orders: readonly PricedOrder[],
): Promise<readonly number[]> {
  if (orders.length === 1) {
    const [order] = orders as [PricedOrder]
    const { rows } = await db.query<{ placed: boolean }>(PLACE_ONE.call({ version, now, ...orderValues(ids[0]!, order) }))
    return rows[0]!.placed ? [] : [order.bookId]
  }
  const { rows } = await db.query<{ leftOut: number[] | null }>(PLACE_SEVERAL.call({ version, now, ...plainColumns(ids, orders) }))
  return rows[0]!.leftOut ?? []
}

export type PlainColumns = ReturnType<typeof orderColumns> & Record<(typeof LOT_COLUMNS)[number], string>

/** The total debit of each book, and the orders, as one array per column. */
export function plainColumns(ids: readonly bigint[], orders: readonly PricedOrder[]): PlainColumns {
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
  return {
    lot_books: numberArray([...lots.keys()]),
    lot_totals: numberArray(all.map((lot) => lot.total)),
    lot_lines: numberArray(all.map((lot) => lot.lines)),
    lots: numberArray(lotOf),
    spents: numberArray(spents),
    places: numberArray(places),
    ...orderColumns(ids, orders),
  }
}

interface Lot {
  /** From 1, by ascending book id: every node takes the row locks in this order. */
  readonly number: number
  total: bigint
  lines: number
}

function lotsOf(orders: readonly PricedOrder[]): Map<number, Lot> {
  const books = [...new Set(orders.map((order) => order.bookId))].toSorted((a, b) => a - b)
  return new Map(books.map((book, index) => [book, { number: index + 1, total: 0n, lines: 0 }]))
}
