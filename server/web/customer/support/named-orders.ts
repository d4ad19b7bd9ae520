import { readBooks } from '../../../ledger/statement.ts'
import { type ListedOrder, readListed } from '../../../orders/list.ts'
import { nameOf } from '../orders/names.ts'
import type { OwnContext } from '../own-context.ts'

export interface OrderOfTicket {
  readonly order: ListedOrder
  /** The name of its service. */
  readonly name: string
}

/** Own orders by their numbers, in that order; those of others are left out. */
export async function namedOrders(context: OwnContext, ids: readonly bigint[]): Promise<OrderOfTicket[]> {
  if (ids.length === 0) return []
  const { db } = context.orders
  const books = await readBooks(db, context.session.accountId)
  const listed = (await Promise.all(books.map((book) => readListed(db, book.id, ids)))).flat()
  const byId = new Map<bigint, ListedOrder>(listed.map((order) => [order.id, order]))
  return ids.flatMap((id) => byId.get(id) ?? []).map((order) => ({ order, name: nameOf(context, order.serviceId) }))
}
