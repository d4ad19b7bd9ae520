import { z } from 'zod'
import { openStatuses, type OrderStatus } from '../../contract/statuses.ts'
import { sqlFunction } from '../db/call.ts'
import { settle } from '../orders/settle.ts'
import { refuse } from '../refusal.ts'
import { change, type Handler, noteAction } from './context.ts'
import { CLOSE_HAND_OFFS } from './order-changes.ts'
import { maybeText, maybeWhole, read, readIds, readLimit, readServices, shown } from './input.ts'
import { MOST_SKIPPED, pagination } from './paging.ts'
import { ORDER_COLUMNS, ORDER_JOINS, type OrderRow, readOrders, readTimeline, showOrder } from './shown-order.ts'
import { orderStatusOf } from './statuses.ts'

const PULL = sqlFunction('pull_manual_orders', ['now', 'supplier', 'services', 'most'], {
  columns: 'order_id as id, cancel_asked as "cancelAsked"',
})

/**
 * `POST /orders/pull`. Published: `service_ids` (with commas between), `limit`; `count` and `list` of orders, now `processing`. Each order is handed
 * out once, even when several bots pull at the same time.
 */
export const pullOrders: Handler = async (context, { staff, input }) => {
  const services = readServices(input)
  const limit = readLimit(input)
  const rows = await change(context.db, async (tx) => {
    const now = context.now()
    const taken: { id: bigint; cancelAsked: boolean }[] = []
    for (const supplier of staff.handingOut) {
      if (taken.length === limit) break
      const call = PULL.call({ now, supplier, services, most: limit - taken.length })
      taken.push(...(await tx.query<{ id: bigint; cancelAsked: boolean }>(call)).rows)
    }
    const handed = taken.filter((order) => !order.cancelAsked).map((order) => order.id)
    const cancelled = taken.filter((order) => order.cancelAsked).map((order) => order.id)
    await settle(
      tx,
      [
        ...handed.map((id) => moved(id, 'Processing', 'handed out')),
        ...cancelled.map((id) => moved(id, 'Canceled', 'cancelled before it was handed out')),
      ],
      staff.by,
      now,
    )
    await tx.query(CLOSE_HAND_OFFS.call({ ids: cancelled }))
    await noteAction(
      tx,
      staff,
      { action: 'orders/pull', touched: handed.map((orderId) => ({ orderId, asked: { status: 'Processing' } })) },
      now,
    )
    return readOrders(tx, handed, staff.suppliers)
  })
  return { count: rows.length, list: rows.map(showOrder) }
}

function moved(orderId: bigint, status: OrderStatus, words: string) {
  return { orderId, status, startCount: null, remains: null, words }
}

/** `GET /orders/{id}`. Published: the order under `data`. Ours: `timeline`. */
export const readOrder: Handler = async (context, { staff, id }) => {
  const [row] = await readOrders(context.db, [id!], staff.suppliers)
  if (!row) throw refuse('unknown_order')
  return { ...showOrder(row), timeline: await readTimeline(context.db, row.id) }
}

// Finds each supplier's newest orders by two indexes: those that wait, and those that were handed out. The outer limit cuts the two together, so each
// branch needs no more rows than a page can show.
const listing = (which: string) => `
  select ${ORDER_COLUMNS}
  from unnest($1::int[]) as mine(supplier)
  cross join lateral (
    (select w.id from orders w where w.supplier_id = mine.supplier and not w.sent and not w.ended and w.kind = 'single'
       and ($2::order_status[] is null or w.status = any($2)) and ($3::int[] is null or w.service_id = any($3))
       and ($4::timestamptz is null or w.placed_at >= $4) and ($5::timestamptz is null or w.placed_at <= $5)
     order by w.id desc limit $6::int + $7::int)
    union all
    (select h.order_id from hand_offs h join orders w on w.id = h.order_id where h.supplier_id = mine.supplier and w.supplier_id = mine.supplier and w.sent ${which}
       and ($2::order_status[] is null or w.status = any($2)) and ($3::int[] is null or w.service_id = any($3))
       and ($4::timestamptz is null or w.placed_at >= $4) and ($5::timestamptz is null or w.placed_at <= $5)
     order by h.order_id desc limit $6::int + $7::int)
  ) found
  join orders o on o.id = found.id ${ORDER_JOINS}
  order by o.id desc limit $6 offset $7`
const LIST = listing('')
const LIST_OPEN = listing(`and h.state = 'sent' and h.reference = 'manual'`)

const MOST_LISTED = 1000
const filters = z.object({
  order_status: maybeText,
  status: maybeText,
  created_from: maybeText,
  created_to: maybeText,
  offset: maybeWhole(0, MOST_SKIPPED),
})

/**
 * `GET /orders`. Published: `ids`, `order_status`, `service_ids`, `created_from` and `created_to` (seconds), `limit`, `offset`; `count` is the number
 * on this page. Ours: `status` instead of `order_status`, several with commas between. Newest first. An order that was cancelled before it was handed
 * out is found only by its id.
 */
export const listOrders: Handler = async (context, { staff, input }) => {
  const asked = read(filters, input)
  const limit = readLimit(input, MOST_LISTED)
  const offset = asked.offset ?? 0
  if (input['ids'] !== undefined && input['ids'] !== '') {
    const { ids } = readIds(input, 'ids')
    const rows = (await readOrders(context.db, ids, staff.suppliers)).toReversed()
    return { count: rows.length, list: rows.map(showOrder), pagination: pagination('/orders', input, { offset, limit, more: false }) }
  }
  const between = [momentOf(asked.created_from, 'created_from'), momentOf(asked.created_to, 'created_to')]
  // One row more than the page shows whether there is a next page.
  const statuses = statusesOf(asked.order_status ?? asked.status)
  const values = [staff.suppliers, statuses, readServices(input), ...between, limit + 1, offset]
  const { rows } = await context.db.query<OrderRow>(statuses?.every(isOpen) ? LIST_OPEN : LIST, values)
  const page = rows.slice(0, limit)
  return {
    count: page.length,
    list: page.map(showOrder),
    pagination: pagination('/orders', input, { offset, limit, more: rows.length > limit }),
  }
}

function isOpen(status: OrderStatus): boolean {
  return (openStatuses as readonly OrderStatus[]).includes(status)
}

function statusesOf(words: string | undefined): OrderStatus[] | null {
  if (words === undefined) return null
  return words.split(',').map((word) => {
    const status = orderStatusOf(word)
    if (!status) throw refuse('unknown_status', JSON.stringify(shown(word)))
    return status
  })
}

/** Seconds since 1970, or a date like 2026-03-01 with or without a time (UTC). */
function momentOf(text: string | undefined, name: string): Date | null {
  if (text === undefined) return null
  const moment = /^\d{1,11}$/.test(text) ? new Date(Number(text) * 1000) : dateOf(text)
  if (!moment || Number.isNaN(moment.getTime())) throw refuse('incorrect_field', name)
  return moment
}

function dateOf(text: string): Date | undefined {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?Z?)?$/.exec(text)
  return match ? new Date(`${match[1]}T${match[2] ?? '00:00'}Z`) : undefined
}
