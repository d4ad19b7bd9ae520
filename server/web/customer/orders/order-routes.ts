import type { FastifyInstance, FastifyReply } from 'fastify'
import type { MessageKey } from '../../../../contract/message.ts'
import { requestCancels } from '../../../orders/cancel.ts'
import { readExtended } from '../../../orders/read.ts'
import { requestRefills } from '../../../orders/refill.ts'
import { readBooks } from '../../../ledger/statement.ts'
import { readChildren, readOwnOrder, readTimeline, type ShownOrder } from '../../../orders/show.ts'
import { doAtOnce } from '../../../support/at-once.ts'
import { lastSpeedUp, maySpeedUp } from '../../../support/speed-up.ts'
import { listTicketsById, ticketsOfOrder } from '../../../support/tickets.ts'
import { notDoneText } from '../../ui/ticket-words.tsx'
import type { Web } from '../../web.ts'
import { nothingHerePage } from '../app-frame.tsx'
import { numberIn, onOwn, type OwnContext } from '../own-context.ts'
import { UNPROCESSABLE } from '../../ui/page-ui.ts'
import { sendOwnPage } from '../../send.ts'
import { nameOf } from './names.ts'
import type { OrderView } from './order.tsx'

export function routeOneOrder(pages: FastifyInstance, web: Web) {
  pages.get(
    '/orders/:id',
    onOwn(web, (context) => showOrder(context)),
  )
  pages.get('/orders/:id/live', onOwn(web, sendLive))
  pages.post('/orders/:id/cancel', onOwn(web, takeCancel))
  pages.post('/orders/:id/refill', onOwn(web, takeRefill))
  pages.post('/orders/:id/speed-up', onOwn(web, takeSpeedUp))
}

const MOST_STEPS = 200
const CHILDREN_PER_PAGE = 50
const MOST_TICKETS = 5
const DONE: Readonly<Record<string, MessageKey>> = {
  placed: 'app.done.placed',
  cancel: 'app.cancelAsked',
  canceled: 'app.done.canceled',
  refill: 'app.refillAsked',
  'speed-up': 'tickets.done.speedUp',
}

async function showOrder(context: OwnContext, fault?: string): Promise<FastifyReply> {
  const { reply, ui, query } = context
  const order = await ownOrder(context)
  if (!order) return sendOwnPage(reply, nothingHerePage(ui), 404)
  const { orderPage } = await import('./order.tsx')
  const asked = query.get('done') ?? ''
  // The address may contain `__proto__`.
  const done = Object.hasOwn(DONE, asked) ? DONE[asked] : undefined
  const said = {
    done: fault === undefined && done ? ui.frame.texts.text(done) : undefined,
    fault,
  }
  return sendOwnPage(reply, orderPage(ui, await viewOf(context, order), said), fault === undefined ? 200 : UNPROCESSABLE)
}

/** The current state of the order, for the page's island. */
async function sendLive(context: OwnContext): Promise<FastifyReply> {
  const order = await ownOrder(context)
  if (!order) return sendOwnPage(context.reply, nothingHerePage(context.ui), 404)
  const { liveOrder } = await import('./order.tsx')
  return context.reply.header('cache-control', 'no-store').send({ orders: [liveOrder(context.ui, await viewOf(context, order))] })
}

async function viewOf(context: OwnContext, order: ShownOrder): Promise<OrderView> {
  const { caller, query, orders } = context
  const { db } = orders
  const older = numberIn(query, 'before')
  const before = older !== null && older < 2_147_483_647n ? Number(older) : null
  const service = orders.catalogue.current().services.get(order.serviceId)
  const [timeline, children, extended, speedUp, mayHurry, tickets] = await Promise.all([
    readTimeline(db, order.bookId, order.id, MOST_STEPS),
    order.kind === 'single' ? [] : readChildren(db, order.bookId, order.id, before, CHILDREN_PER_PAGE + 1),
    readExtended(db, [order.id.toString()], orders.now()),
    lastSpeedUp(db, order.id),
    maySpeedUp(db, order.bookId, order.id, orders.now()),
    ticketsOfOrder(db, order.id, MOST_TICKETS).then((ids) => listTicketsById(db, ids)),
  ])
  const terms = extended.get(order.id.toString())!
  return {
    order,
    name: nameOf(context, order.serviceId),
    service,
    terms,
    currency: caller.currency,
    isPlay: order.bookId !== caller.bookId,
    timeline,
    children: children.slice(0, CHILDREN_PER_PAGE),
    childrenBefore: before,
    olderChildren: children.length > CHILDREN_PER_PAGE ? children[CHILDREN_PER_PAGE - 1]!.number : null,
    mayCancel: service?.cancel === true && !order.ended && !order.cancelAsked,
    maySpeedUp: mayHurry,
    speedUp: speedUp ?? null,
    tickets: tickets.filter(({ accountId }) => accountId === context.session.accountId),
    mayRefill: terms.refillable && terms.refillsLeft !== 0 && (terms.refillFrom ?? orders.now()) <= orders.now(),
  }
}

/** An order of the account's money, or of the test money of its test keys. */
async function ownOrder({ request, session, orders: { db } }: OwnContext): Promise<ShownOrder | undefined> {
  const { id } = request.params as { id: string }
  if (!/^[1-9]\d{0,17}$/.test(id)) return undefined
  const books = await readBooks(db, session.accountId)
  return readOwnOrder(db, books.map((book) => book.id), BigInt(id))
} // prettier-ignore

async function takeCancel(context: OwnContext): Promise<FastifyReply> {
  const { reply, orders } = context
  const order = await ownOrder(context)
  if (!order) return showOrder(context)
  const answer = (await requestCancels(orders.db, order.bookId, [order.id.toString()], orders.now())).get(order.id.toString())
  if (answer !== true) return showOrder(context, context.ui.frame.texts.text('refusal.cannotCancel'))
  const after = await ownOrder(context)
  return reply.redirect(`/orders/${order.id}?done=${after?.ended ? 'canceled' : 'cancel'}`, 303)
}

async function takeRefill(context: OwnContext): Promise<FastifyReply> {
  const { reply, orders } = context
  const order = await ownOrder(context)
  if (!order) return showOrder(context)
  const answer = (await requestRefills(orders.db, order.bookId, [order.id.toString()], orders.now())).get(order.id.toString())
  if (typeof answer === 'bigint') return reply.redirect(`/orders/${order.id}?done=refill`, 303)
  return showOrder(
    context,
    context.ui.frame.texts.text(answer === 'refill_requested' ? 'refusal.refillRequested' : 'refusal.refillNotAvailable'),
  )
}

async function takeSpeedUp(context: OwnContext): Promise<FastifyReply> {
  const { reply, orders, session, ui } = context
  const order = await ownOrder(context)
  if (!order) return showOrder(context)
  const [outcome] = await doAtOnce(orders.db, session.accountId, { kind: 'speed up', ids: [order.id] }, orders.now())
  const { answer } = outcome!
  return answer === true
    ? reply.redirect(`/orders/${order.id}?done=speed-up`, 303)
    : showOrder(context, notDoneText(ui.frame.texts, answer.why))
}
