import { numberArray, textArray } from '../db/arrays.ts'
import type { PricedOrder } from './priced-order.ts'

/** The parameters with which place_plain_order() gets the columns of an order. */
export const ORDER_VALUES = [
  'id',
  'book',
  'key',
  'service',
  'supplier',
  'quantity',
  'charge',
  'rate',
  'link',
  'rate_source',
  'parameters',
] as const

/** One order, a value per parameter. */
export function orderValues(id: bigint, order: PricedOrder): Record<(typeof ORDER_VALUES)[number], unknown> {
  return {
    id,
    book: order.bookId,
    key: order.keyId,
    service: order.serviceId,
    supplier: order.supplierId,
    quantity: order.quantity,
    charge: order.charge,
    rate: order.rate,
    link: order.link,
    rate_source: order.rateSource,
    parameters: order.parameters && JSON.stringify(order.parameters),
  }
}

/** The same parameters for the functions that take a batch. */
export const ORDER_COLUMNS = [
  'ids',
  'books',
  'keys',
  'services',
  'suppliers',
  'quantities',
  'charges',
  'rates',
  'links',
  'rate_sources',
  'parameters',
] as const

/** Orders as one array per column; null where no order of the batch has a value. */
export function orderColumns(
  ids: readonly bigint[],
  orders: readonly PricedOrder[],
): Record<(typeof ORDER_COLUMNS)[number], string | null> {
  return {
    ids: numberArray(ids),
    books: numberArray(orders.map((order) => order.bookId)),
    keys: numberArray(orders.map((order) => order.keyId)),
    services: numberArray(orders.map((order) => order.serviceId)),
    suppliers: numberArray(orders.map((order) => order.supplierId)),
    quantities: numberArray(orders.map((order) => order.quantity)),
    charges: numberArray(orders.map((order) => order.charge)),
    rates: textArray(orders.map((order) => order.rate)),
    links: textArray(orders.map((order) => order.link)),
    rate_sources: orders.some((order) => order.rateSource) ? textArray(orders.map((order) => order.rateSource)) : null,
    parameters: orders.some((order) => order.parameters)
      ? textArray(orders.map((order) => order.parameters && JSON.stringify(order.parameters)))
      : null,
  }
}
