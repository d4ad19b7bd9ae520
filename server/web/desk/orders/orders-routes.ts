import type { FastifyReply } from 'fastify'
import { actsOfJobs } from '../../../acts/job-acts.ts'
import { listAllOrders } from '../../../fulfilment/all-orders.ts'
import { withoutSecret } from '../../../fulfilment/find-orders.ts'
import { readWholeOrder } from '../../../fulfilment/staff-order.ts'
import { refuse } from '../../../refusal.ts'
import { readLog, WHOLE_LOG } from '../../../staff/log.ts'
import { dropView, keepView, listViews } from '../../../staff/views.ts'
import { readSuppliers } from '../../../suppliers/registry.ts'
import { DESK, type Desk, type DeskContext } from '../desk.ts'
import { addressOf, askedIn, hrefOf, ORDERS, wantedBy } from './asked.ts'
import { routeBulk } from './bulk-routes.ts'

const ORDERS_PER_PAGE = 50
const PLACE = 'orders'

export function routeOrders(desk: Desk) {
  desk.page('/orders', 'orders.read', showOrders)
  routeBulk(desk)
  desk.form('/orders/views', 'orders.read', keepThisView)
  desk.form('/orders/views/drop', 'orders.read', dropThisView)
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

async function showOrder(context: DeskContext): Promise<FastifyReply> {
  const { db, params } = context
  const id = /^[1-9]\d{0,17}$/.test(params['id']!) ? BigInt(params['id']!) : undefined
  const whole = id === undefined ? undefined : await readWholeOrder(db, id)
  if (id === undefined || !whole) throw refuse('unknown_order')
  const lines = await readLog(db, { ...WHOLE_LOG, order: id }, { before: null, most: LOG_LINES })
  const { orderPage } = await import('./order-page.tsx')
  return context.send(orderPage(context, whole, lines))
}

const LONGEST_NAME = 80
const LONGEST_ADDRESS = 2000

async function keepThisView({ db, request, reply, staff, now }: DeskContext): Promise<FastifyReply> {
  const fields = request.body as Record<string, string>
  const name = (fields['name'] ?? '').trim().slice(0, LONGEST_NAME)
  const asked = askedIn(new URLSearchParams(fields['address'] ?? ''))
  const address = addressOf(asked)
  if (name === '' || address.length > LONGEST_ADDRESS) throw refuse('incorrect_field', 'name')
  const isKept = await keepView(db, staff.staffId, { place: PLACE, name, address, shared: fields['shared'] === 'yes' }, now)
  if (!isKept) throw refuse('too_many_views')
  return reply.redirect(hrefOf(asked), 303)
}

async function dropThisView({ db, request, reply, staff }: DeskContext): Promise<FastifyReply> {
  const { view = '' } = request.body as Record<string, string>
  if (/^\d{1,18}$/.test(view)) await dropView(db, staff.staffId, BigInt(view))
  return reply.redirect(`${DESK}/orders`, 303)
}
