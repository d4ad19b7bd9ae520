import type { FastifyInstance, FastifyReply } from 'fastify'
import type { MessageKey } from '../../../../contract/message.ts'
import { refusals } from '../../../../contract/refusals.ts'
import { aboutOrderStatuses, type OrderStatus } from '../../../../contract/statuses.ts'
import { requestCancels } from '../../../orders/cancel.ts'
import { findOrders, listOrders } from '../../../orders/list.ts'
import { readExtended } from '../../../orders/read.ts'
import { requestRefills } from '../../../orders/refill.ts'
import { readChildren, readOwnOrder, readTimeline, type ShownOrder } from '../../../orders/show.ts'
import type { Web } from '../../route.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { numberIn, onOwn, type OwnErrand } from '../own-errand.ts'
import { UNPROCESSABLE } from '../scene.ts'
import { sendOwnPage } from '../send.ts'
import { offered } from '../services/services-routes.ts'

export function routeOrders(pages: FastifyInstance, web: Web) {
  pages.get('/orders', onOwn(web, showOrders))
  pages.get(
    '/orders/:id',
    onOwn(web, (errand) => showOrder(errand)),
  )
  pages.post('/orders/:id/cancel', onOwn(web, takeCancel))
  pages.post('/orders/:id/refill', onOwn(web, takeRefill))
}

const ORDERS_A_PAGE = 50
const STATUSES = Object.keys(aboutOrderStatuses) as OrderStatus[]

async function showOrders(errand: OwnErrand): Promise<FastifyReply> {
  const { reply, scene, caller, query, orders } = errand
  const { ordersPage } = await import('./orders.tsx')
  const status = STATUSES.find((one) => one === query.get('status'))
  const find = query.get('find')?.trim().toWellFormed().replaceAll('\0', '') ?? ''
  const wanted = status ? [status] : STATUSES
  const page = { before: numberIn(query, 'before'), most: ORDERS_A_PAGE + 1 }
  const found =
    find === '' ? await listOrders(orders.db, caller.bookId, wanted, page) : await findOrders(orders.db, caller.bookId, find, wanted, page)
  const shown = found.slice(0, ORDERS_A_PAGE)
  const view = {
    orders: shown.map((order) => ({ order, name: nameOf(errand, order.serviceId) })),
    asked: { find, status },
    statuses: STATUSES,
    isFirst: page.before === null,
    older: found.length > ORDERS_A_PAGE ? shown.at(-1)!.id : null,
    currency: caller.currency,
  }
  return sendOwnPage(reply, ordersPage(scene, view))
}

/** Services are never deleted: an order's has a name, also when it is no longer sold. */
export function nameOf(errand: OwnErrand, serviceId: number): string {
  const service = errand.orders.catalogue.current().services.get(serviceId)
  return service ? offered(errand, service).name : String(serviceId)
}

const MOST_STEPS = 200
const CHILDREN_A_PAGE = 50
const DONE: Readonly<Record<string, MessageKey>> = {
  placed: 'app.done.placed',
  cancel: 'app.cancelAsked',
  canceled: 'app.done.canceled',
  refill: 'app.refillAsked',
}

async function showOrder(errand: OwnErrand, fault?: MessageKey): Promise<FastifyReply> {
  const { reply, scene, caller, query, orders } = errand
  const order = await ownOrder(errand)
  if (!order) return sendOwnPage(reply, nothingHerePage(scene), 404)
  const { orderPage } = await import('./order.tsx')
  const { db } = orders
  const older = numberIn(query, 'before')
  const before = older !== null && older < 2_147_483_647n ? Number(older) : null
  const service = orders.catalogue.current().services.get(order.serviceId)
  const [timeline, children, extended] = await Promise.all([
    readTimeline(db, caller.bookId, order.id, MOST_STEPS),
    order.kind === 'single' ? [] : readChildren(db, caller.bookId, order.id, before, CHILDREN_A_PAGE + 1),
    readExtended(db, [order.id.toString()], orders.now()),
  ])
  const terms = extended.get(order.id.toString())
  const done = DONE[query.get('done') ?? '']
  const view = {
    order,
    name: nameOf(errand, order.serviceId),
    currency: caller.currency,
    timeline,
    children: children.slice(0, CHILDREN_A_PAGE),
    olderChildren: children.length > CHILDREN_A_PAGE ? children[CHILDREN_A_PAGE - 1]!.number : null,
    mayCancel: service?.cancel === true && !order.ended && !order.cancelAsked,
    mayRefill: terms?.refillable === true && terms.refillsLeft !== 0 && (terms.refillFrom ?? orders.now()) <= orders.now(),
    isOnSale: service?.state === 'on sale' && order.parentId === null,
    done: fault === undefined && done ? scene.frame.texts.text(done) : undefined,
    fault: fault && scene.frame.texts.text(fault),
  }
  return sendOwnPage(reply, orderPage(scene, view), fault === undefined ? 200 : UNPROCESSABLE)
}

async function ownOrder({ request, orders, caller }: OwnErrand): Promise<ShownOrder | undefined> {
  const { id } = request.params as { id: string }
  return /^[1-9]\d{0,17}$/.test(id) ? readOwnOrder(orders.db, caller.bookId, BigInt(id)) : undefined
}

async function takeCancel(errand: OwnErrand): Promise<FastifyReply> {
  const { reply, orders, caller } = errand
  const order = await ownOrder(errand)
  if (!order) return showOrder(errand)
  const answer = (await requestCancels(orders.db, caller.bookId, [order.id.toString()], orders.now())).get(order.id.toString())
  if (answer !== true) return showOrder(errand, 'refusal.cannotCancel')
  const after = await ownOrder(errand)
  return reply.redirect(`/orders/${order.id}?done=${after?.ended ? 'canceled' : 'cancel'}`, 303)
}

async function takeRefill(errand: OwnErrand): Promise<FastifyReply> {
  const { reply, orders, caller } = errand
  const order = await ownOrder(errand)
  if (!order) return showOrder(errand)
  const answer = (await requestRefills(orders.db, caller.bookId, [order.id.toString()], orders.now())).get(order.id.toString())
  if (typeof answer === 'bigint') return reply.redirect(`/orders/${order.id}?done=refill`, 303)
  return showOrder(errand, answer === refusals.refillRequested ? 'refusal.refillRequested' : 'refusal.refillNotAvailable')
}
