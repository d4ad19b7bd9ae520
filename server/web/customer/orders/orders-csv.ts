import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { formatUnits } from '../../../ledger/money.ts'
import { type ListedOrder, listOrders, type OrderFilter } from '../../../orders/list.ts'
import { BYTE_ORDER_MARK, csvRow, plainText } from '../../csv.ts'
import type { OwnContext } from '../own-context.ts'
import { askedIn, filterOf } from './filter.ts'
import { nameOf, servicesNamed } from './names.ts'
import { bookAsked } from './own-book.ts'

const COLUMNS = [
  'order', 'placed', 'status', 'service', 'service_name', 'link', 'quantity', 'start_count', 'remains', 'charge', 'kept', 'currency', 'ended',
] // prettier-ignore
const ORDERS_PER_READ = 2000

/** Sends all orders that the filters match as a CSV file. Rows are written while orders are read, so the file may have any length. */
export async function sendOrders(context: OwnContext): Promise<FastifyReply> {
  const { reply, query, orders } = context
  const asked = askedIn(query)
  const { book } = await bookAsked(context, asked.book)
  const { filter, unread } = filterOf(asked, (name) => servicesNamed(context, name))
  void reply.headers({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${book.play ? 'test-' : ''}orders-${orders.now().toISOString().slice(0, 10)}.csv"`,
    'cache-control': 'no-store',
  })
  return reply.send(Readable.from(rows(context, book.id, unread.length > 0 ? { ...filter, statuses: [] } : filter)))
}

async function* rows(context: OwnContext, bookId: number, filter: OrderFilter): AsyncGenerator<string> {
  const { orders, caller } = context
  yield BYTE_ORDER_MARK + csvRow(COLUMNS)
  for (let before: bigint | null = null, more = true; more;) {
    const page: ListedOrder[] = await listOrders(orders.db, bookId, filter, { before, most: ORDERS_PER_READ })
    yield page.map((order) => csvRow(cells(order, nameOf(context, order.serviceId), caller.currency))).join('')
    before = page.at(-1)?.id ?? before
    more = page.length === ORDERS_PER_READ
  }
}

function cells(order: ListedOrder, name: string, currency: string): string[] {
  const { id, placedAt, status, serviceId, link, quantity, startCount, remains, charge, kept, endedAt } = order
  const counts = [quantity, startCount, remains].map(String)
  const money = [formatUnits(charge), formatUnits(kept), currency]
  const what = [String(serviceId), plainText(name), plainText(link)]
  return [String(id), placedAt.toISOString(), status, ...what, ...counts, ...money, endedAt?.toISOString() ?? '']
}
