import type { FastifyReply } from 'fastify'
import { actsOfJobs } from '../../../acts/job-acts.ts'
import { orderExport } from '../../../acts/order-export.ts'
import { viewDrop } from '../../../acts/view-drop.ts'
import { viewKeep } from '../../../acts/view-keep.ts'
import { listAllOrders } from '../../../fulfilment/all-orders.ts'
import { withoutSecret } from '../../../fulfilment/find-orders.ts'
import { readWholeOrder } from '../../../fulfilment/staff-order.ts'
import { refuse } from '../../../refusal.ts'
import { readLog, WHOLE_LOG } from '../../../staff/log.ts'
import { listViews } from '../../../staff/views.ts'
import { openSpeedUps } from '../../../support/speed-up.ts'
import { listTicketsById, ticketsOfOrder } from '../../../support/tickets.ts'
import { readSuppliers } from '../../../suppliers/registry.ts'
import { leadBack, runOnDesk } from '../act-routes.ts'
import type { Desk, DeskContext } from '../desk.ts'
import { FILES } from '../jobs/files-routes.ts'
import { addressOf, askedIn, hrefOf, ORDERS, wantedBy } from './asked.ts'
import { routeBulk } from './bulk-routes.ts'

const ORDERS_PER_PAGE = 50
const PLACE = 'orders'

export function routeOrders(desk: Desk) {
  desk.page('/orders', 'orders.read', showOrders)
  routeBulk(desk)
  desk.form('/orders/views', 'orders.read', keepThisView)
  desk.form('/orders/views/drop', 'orders.read', dropThisView)
  desk.form('/orders/export', 'orders.read', takeOut)
  desk.page('/orders/:id', 'orders.read', showOrder)
}

async function showOrders(context: DeskContext): Promise<FastifyReply> {
  const { db, query, reply, staff } = context
  const asked = askedIn(query)
  const q = withoutSecret(asked.q)
  // A whole key is a secret: it shall not stay in the address.
  if (q !== asked.q) return reply.redirect(hrefOf(asked, { q }), 303)
  const wanted = await wantedBy(db, asked)
  const only =
    wanted.reading?.recognised.length === 1 && wanted.reading.recognised[0]!.kind === 'order' ? wanted.filter.ids?.[0] : undefined
  if (only !== undefined && addressOf(asked, { q: '' }) === '') return reply.redirect(`${ORDERS}/${only}`, 303)
  const { ordersPage } = await import('./orders-page.tsx')
  const page = await listAllOrders(db, wanted.filter, { before: asked.before, most: ORDERS_PER_PAGE })
  const [suppliers, views] = [await readSuppliers(db), await listViews(db, staff.staffId, PLACE)]
  const bulk = staff.may.has('orders.settle') ? actsOfJobs.map(({ name }) => name) : []
  return context.send(ordersPage(context, { asked, wanted, page, suppliers, views, bulk }))
}

const LOG_LINES = 50
const MOST_TICKETS = 10

async function showOrder(context: DeskContext): Promise<FastifyReply> {
  const { db, params } = context
  const id = /^[1-9]\d{0,17}$/.test(params['id']!) ? BigInt(params['id']!) : undefined
  const whole = id === undefined ? undefined : await readWholeOrder(db, id)
  if (id === undefined || !whole) throw refuse('unknown_order')
  const lines = await readLog(db, { ...WHOLE_LOG, order: id }, { before: null, most: LOG_LINES })
  const [tickets, hurried] = await Promise.all([
    context.staff.may.has('tickets.read') ? ticketsOfOrder(db, id, MOST_TICKETS).then((ids) => listTicketsById(db, ids)) : [],
    openSpeedUps(db, [id]),
  ])
  const { orderPage } = await import('./order-page.tsx')
  return context.send(orderPage(context, whole, { lines, tickets, isHurried: hurried.has(id) }))
}

async function keepThisView(context: DeskContext): Promise<FastifyReply> {
  const fields = context.request.body as Record<string, string>
  const asked = askedIn(new URLSearchParams(fields['address'] ?? ''))
  const view = { name: fields['name'] ?? '', address: addressOf(asked), place: PLACE, shared: fields['shared'] === 'yes' }
  await runOnDesk(context, viewKeep, view)
  return context.reply.redirect(hrefOf(asked), 303)
}

async function dropThisView(context: DeskContext): Promise<FastifyReply> {
  const { view = '' } = context.request.body as Record<string, string>
  await runOnDesk(context, viewDrop, { view: Number(view) })
  return context.reply.redirect(ORDERS, 303)
}

/** Takes all orders that match out as a file, which a job writes. */
async function takeOut(context: DeskContext): Promise<FastifyReply> {
  const fields = context.request.body as Record<string, string>
  const { filter } = await wantedBy(context.db, askedIn(new URLSearchParams(fields['address'] ?? '')))
  const { ids, from, to, ...plain } = filter
  const asked = { ...plain, from: from?.toISOString(), to: to?.toISOString(), orders: ids?.map(String), format: fields['format'] }
  const given = Object.entries(asked).filter(([, value]) => value !== null && value !== undefined)
  return leadBack(context, FILES, await runOnDesk(context, orderExport, Object.fromEntries(given)))
}
