import { z } from 'zod'
import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import { settle } from '../orders/settle.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { change, type Handler, noteAction, type StaffContext } from './context.ts'
import { maybeWords, read, readIds, readLimit, readServices } from './input.ts'
import { listed, lockOrders } from './order-changes.ts'
import type { LockedOrder } from '../orders/judge.ts'
import { readOrders, showOrder } from './shown-order.ts'
import type { Staff } from '../staff/staff-keys.ts'

const words = z.object({ reason: maybeWords, cancel_reason: maybeWords })
const SET_REQUESTS = sqlFunction('set_cancel_requests', ['now', 'ids', 'asked', 'by', 'words'])

/**
 * `POST /orders/request-cancel`: staff ask the supplier of the orders to stop; an order that was not handed out yet is cancelled at once. Published:
 * `ids`; the answer is that of change-status.
 */
export const requestCancel: Handler = async (context, { staff, input }) => {
  const { reason, cancel_reason } = read(words, input)
  const asked = readIds(input, 'ids', 'order_id', 'order', 'id')
  const said = reason ?? cancel_reason
  const faults = await sorted(context, staff, asked.ids, whyNotAsk, async (tx, orders, now) => {
    const unsent = orders.filter((order) => !order.sent).map((order) => order.id)
    const news = unsent.map((orderId) => ({ orderId, status: 'Canceled' as const, startCount: null, remains: null, words: said ?? null }))
    await settle(tx, news, staff.by, now)
    const asking = orders.filter((order) => order.sent && !order.cancelAsked).map((order) => order.id)
    const words = said ? `cancel requested: ${said}` : 'cancel requested'
    await tx.query(SET_REQUESTS.call({ now, ids: asking, asked: true, by: staff.by, words }))
    const touched = [...unsent, ...asking].map((orderId) => ({ orderId, asked: { reason: said } }))
    await noteAction(tx, staff, { action: 'orders/request-cancel', touched, details: { reason: said } }, now)
  })
  return listed(asked, faults)
}

const PULL = sqlFunction('pull_cancel_requests', ['supplier', 'services', 'most'], { as: 'id' })

/**
 * `POST /cancel/pull`: orders with a cancel request, each answered once. They end by cancel, set-partial or update, or go on by reject. Published:
 * `service_ids`, `limit`; `list`. A request is identified by its order, so `id` and `order_id` are the same.
 */
export const pullCancels: Handler = async (context, { staff, input }) => {
  const services = readServices(input)
  const limit = readLimit(input)
  const rows = await change(context.db, async (tx) => {
    const ids: bigint[] = []
    for (const supplier of staff.handingOut) {
      if (ids.length === limit) break
      const { rows } = await tx.query<{ id: bigint }>(PULL.call({ supplier, services, most: limit - ids.length }))
      ids.push(...rows.map((row) => row.id))
    }
    await noteAction(tx, staff, { action: 'cancel/pull', touched: ids.map((orderId) => ({ orderId, asked: {} })) }, context.now())
    return readOrders(tx, ids, staff.suppliers)
  })
  return { count: rows.length, list: rows.map((row) => ({ ...showOrder(row), order_id: row.id })) }
}

/** `POST /cancel/reject`: the work goes on, and the customer may ask again. Published: `ids`. */
export const rejectCancels: Handler = async (context, { staff, input }) => {
  const { reason, cancel_reason } = read(words, input)
  const asked = readIds(input, 'ids', 'order_ids', 'order_id', 'order', 'id')
  const said = reason ?? cancel_reason
  const faults = await sorted(context, staff, asked.ids, whyNotReject, async (tx, orders, now) => {
    const ids = orders.map((order) => order.id)
    const words = said ? `cancel refused: ${said}` : 'cancel refused'
    await tx.query(SET_REQUESTS.call({ now, ids, asked: false, by: staff.by, words }))
    const touched = ids.map((orderId) => ({ orderId, asked: { reason: said } }))
    await noteAction(tx, staff, { action: 'cancel/reject', touched, details: { reason: said } }, now)
  })
  return listed(asked, faults)
}

/** Locks the orders, applies the change to those that allow it, and answers why the others were skipped. */
function sorted(
  context: StaffContext,
  staff: Staff,
  ids: readonly bigint[],
  whyNot: (order: LockedOrder) => Refusal | undefined,
  work: (tx: Queryable, orders: readonly LockedOrder[], now: Date) => Promise<void>,
): Promise<ReadonlyMap<bigint, Refusal>> {
  return change(context.db, async (tx) => {
    const orders = await lockOrders(tx, ids, staff)
    const faults = new Map<bigint, Refusal>()
    const fit: LockedOrder[] = []
    for (const id of ids) {
      const order = orders.get(id)
      const against = order && whyNot(order)
      if (!order) faults.set(id, refuse('unknown_order'))
      else if (against) faults.set(id, against)
      else fit.push(order)
    }
    await work(tx, fit, context.now())
    return faults
  })
}

function whyNotAsk({ kind, ended, status }: LockedOrder): Refusal | undefined {
  if (kind !== 'single') return refuse('changed_by_its_orders', kind)
  return ended ? refuse('order_ended', status) : undefined
}

function whyNotReject({ ended, status, cancelAsked }: LockedOrder): Refusal | undefined {
  if (ended) return refuse('order_ended', status)
  return cancelAsked ? undefined : refuse('no_cancel_asked')
}
