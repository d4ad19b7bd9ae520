import type { FastifyInstance, FastifyReply } from 'fastify'
import { listOrders, readListed } from '../../../orders/list.ts'
import type { Web } from '../../web.ts'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import { routeBulk } from './bulk-routes.ts'
import { askedIn, filterOf, ORDERS_PER_PAGE } from './filter.ts'
import { nameOf, servicesNamed } from './names.ts'
import { routeOneOrder } from './order-routes.ts'
import { bookAsked } from './own-book.ts'
import { sendOrders } from './orders-csv.ts'

export function routeOrders(pages: FastifyInstance, web: Web) {
  pages.get('/orders', onOwn(web, showOrders))
  pages.get('/orders.csv', onOwn(web, sendOrders))
  pages.get('/orders/live', onOwn(web, sendLive))
  routeBulk(pages, web)
  routeOneOrder(pages, web)
}

async function showOrders(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, caller, query, orders } = context
  const { ordersPage } = await import('./orders-page.tsx')
  const asked = askedIn(query)
  const { book, hasPlay } = await bookAsked(context, asked.book)
  const { filter, unread } = filterOf(asked, (name) => servicesNamed(context, name))
  const page = { before: numberIn(query, 'before'), most: ORDERS_PER_PAGE + 1 }
  const found = unread.length > 0 ? [] : await listOrders(orders.db, book.id, filter, page)
  const shown = found.slice(0, ORDERS_PER_PAGE)
  const fault = (name: string) => ui.frame.texts.text(name === 'service' ? 'orders.fault.service' : 'orders.fault.date')
  const view = {
    orders: shown.map((order) => ({ order, name: nameOf(context, order.serviceId) })),
    asked: { ...asked, book: book.play ? 'test' : '' },
    hasPlay,
    faults: Object.fromEntries(unread.map((name) => [name, fault(name)])),
    isFirst: page.before === null,
    older: found.length > ORDERS_PER_PAGE ? shown.at(-1)!.id : null,
    currency: caller.currency,
  }
  return sendOwnPage(reply, ordersPage(ui, view), unread.length > 0 ? UNPROCESSABLE : 200)
}

/** The current state of these orders' rows. */
async function sendLive(context: OwnContext): Promise<FastifyReply> {
  const { reply, ui, caller, query, orders } = context
  const { liveRow } = await import('./orders.tsx')
  const ids = (query.get('ids') ?? '').split(',').filter((id) => /^\d{1,18}$/.test(id))
  const { book } = await bookAsked(context, query.get('book'))
  const found = await readListed(orders.db, book.id, ids.slice(0, ORDERS_PER_PAGE).map(BigInt))
  const live = found.map((order) => liveRow({ texts: ui.frame.texts, order, currency: caller.currency }))
  return reply.header('cache-control', 'no-store').send({ orders: live })
}
