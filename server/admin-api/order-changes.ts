import { z } from 'zod'
import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import { isFinal, judge, LOCKED_ORDERS, type LockedOrder, type Wanted } from '../orders/judge.ts'
import { type Progress, settle } from '../orders/settle.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { change, type Handler, noteAction, type StaffContext } from './context.ts'
import { firstFault, type IdList, idOf, MOST_AT_ONCE, maybeCount, maybeText, maybeWords, read, readIds, shown } from './input.ts'
import { readOrders, showOrder } from './shown-order.ts'
import type { Staff } from '../staff/staff-keys.ts'
import { orderStatusOf, publishedWord } from './statuses.ts'

const TAKE_ORDERS = sqlFunction('take_manual_orders', ['now', 'ids'])
export const CLOSE_HAND_OFFS = sqlFunction('close_manual_hand_offs', ['ids'])

const update = z.object({
  status: maybeText,
  start_count: maybeCount(0),
  remains: maybeCount(-1e15),
  cancel_reason: maybeWords,
  reason: maybeWords,
})

/**
 * `POST /orders/update`. Published: `orders`, each with `id`, `status`, `remains`, `start_count`, `cancel_reason`; answers `orders`, each with `id`,
 * `success`, `message`, `error_code`. Also accepted, because clients send it: one order without the list, `order_id`, `reason`.
 */
export const updateOrders: Handler = async (context, { staff, input }) => {
  const elements = Array.isArray(input['orders']) ? (input['orders'] as unknown[]) : [input]
  if (elements.length === 0) throw refuse('field_required', 'orders')
  if (elements.length > MOST_AT_ONCE) throw refuse('too_many_at_once', MOST_AT_ONCE)
  const seen = new Set<bigint>()
  const readings = elements.map((element) => readElement(element, seen))
  const wanted = readings.flatMap((reading) => (reading.wanted ? [reading.wanted] : []))
  const faults = await changeOrders(context, staff, 'orders/update', wanted)
  const orders = readings.map(({ id, wanted, fault }) => resultOf(id, wanted ? faults.get(wanted.orderId) : fault))
  return { orders }
}

type Reading = { id: bigint | string | number } & ({ wanted: Wanted; fault?: never } | { wanted?: never; fault: Refusal })

function readElement(element: unknown, seen: Set<bigint>): Reading {
  const fields = typeof element === 'object' && element !== null ? (element as Record<string, unknown>) : {}
  const named = fields['id'] ?? fields['order_id'] ?? fields['order']
  const orderId = idOf(named)
  if (orderId === undefined) return { id: shown(named ?? ''), fault: refuse('unknown_order') }
  const parsed = update.safeParse(fields)
  if (!parsed.success) return { id: orderId, fault: firstFault(parsed.error) }
  const { status: word, start_count: startCount, remains, cancel_reason, reason } = parsed.data
  const status = word === undefined ? null : orderStatusOf(word)
  if (status === undefined) return { id: orderId, fault: refuse('incorrect_field', 'status') }
  if (seen.has(orderId)) return { id: orderId, fault: refuse('given_twice') }
  seen.add(orderId)
  return { id: orderId, wanted: { orderId, status, startCount, remains, words: cancel_reason ?? reason ?? null } }
}

function resultOf(id: bigint | string | number, fault: Refusal | undefined) {
  return { id, success: fault === undefined, message: fault?.message ?? '', error_code: fault?.staffNumber ?? 0 }
}

const toStatus = z.object({ status: maybeText })

/** `POST /orders/change-status`. Published: `ids`, `status`; answers `ids`, `status`, `skipped_ids`. Ours: `errors`, why each was skipped. */
export const changeStatus: Handler = async (context, { staff, input }) => {
  const status = orderStatusOf(read(toStatus, input).status ?? '')
  if (!status) throw refuse('incorrect_field', 'status')
  if (status === 'Partial') throw refuse('partial_needs_remains')
  const asked = readIds(input, 'ids', 'order_id', 'order', 'id')
  const wanted = asked.ids.map((orderId) => ({ orderId, status, startCount: null, remains: null, words: null }))
  const faults = await changeOrders(context, staff, 'orders/change-status', wanted)
  return { ...listed(asked, faults), status: publishedWord(status) }
}

const reasons = z.object({ cancel_reason: maybeWords, reason: maybeWords })

/**
 * `POST /orders/cancel`: cancels orders and refunds the rest of the charge. Published: `ids`, `cancel_reason`; the answer is that of change-status.
 */
export const cancelOrders: Handler = async (context, { staff, input }) => {
  const { cancel_reason, reason } = read(reasons, input)
  const asked = readIds(input, 'ids', 'order_id', 'order', 'id')
  const words = cancel_reason ?? reason ?? null
  const wanted = asked.ids.map((orderId) => ({ orderId, status: 'Canceled' as const, startCount: null, remains: null, words }))
  return listed(asked, await changeOrders(context, staff, 'orders/cancel', wanted))
}

const partial = z.object({ remains: maybeCount(0), start_count: maybeCount(0), reason: maybeWords })

/**
 * `POST /orders/{id}/set-partial`: the order ends with this many undelivered, which are refunded. Published: `remains`. Also accepted, because
 * clients send it: `start_count`. Answers the order.
 */
export const setPartial: Handler = async (context, { staff, input, id }) => {
  const { remains, start_count: startCount, reason } = read(partial, input)
  const wanted = { orderId: id!, status: 'Partial' as const, startCount, remains, words: reason ?? null }
  const faults = await changeOrders(context, staff, 'orders/set-partial', [wanted])
  const fault = faults.get(id!)
  if (fault) throw fault
  const [row] = await readOrders(context.db, [id!], staff.suppliers)
  return showOrder(row!)
}

export function listed({ ids, wrong }: IdList, faults: ReadonlyMap<bigint, Refusal>) {
  const errors = [
    ...wrong.map((id) => resultOf(id, refuse('unknown_order'))),
    ...ids.flatMap((id) => (faults.has(id) ? [resultOf(id, faults.get(id))] : [])),
  ]
  return { ids: ids.filter((id) => !faults.has(id)), skipped_ids: errors.map((error) => error.id), errors }
}

const LOCK = `${LOCKED_ORDERS} where id = any($1::bigint[]) and supplier_id = any($2::int[]) order by id for no key update`

export async function lockOrders(tx: Queryable, ids: readonly bigint[], staff: Staff): Promise<ReadonlyMap<bigint, LockedOrder>> {
  const { rows } = await tx.query<LockedOrder>({ name: 'lock staff orders', text: LOCK, values: [ids, staff.suppliers] })
  return new Map(rows.map((row) => [row.id, row]))
}

/** Settles the changes that staff ask for, in one transaction. Answers the faults of the orders that were skipped. */
function changeOrders(
  context: StaffContext,
  staff: Staff,
  action: string,
  wanted: readonly Wanted[],
): Promise<ReadonlyMap<bigint, Refusal>> {
  return change(context.db, async (tx) => {
    const now = context.now()
    const ids = wanted.map((one) => one.orderId)
    const orders = await lockOrders(tx, ids, staff)
    const faults = new Map<bigint, Refusal>()
    const news: Progress[] = []
    for (const one of wanted) {
      const verdict = judge(one, orders.get(one.orderId))
      if ('fault' in verdict) faults.set(one.orderId, verdict.fault)
      else if (verdict.news) news.push(verdict.news)
    }
    // Staff who change an order have taken it: it is not handed out to another bot any more.
    const unsent = news.filter((one) => one.status !== 'Canceled' && !orders.get(one.orderId)!.sent).map((one) => one.orderId)
    if (unsent.length > 0) await tx.query(TAKE_ORDERS.call({ now, ids: unsent }))
    const settled = await settle(tx, news, staff.by, now)
    await tx.query(CLOSE_HAND_OFFS.call({ ids: news.filter((one) => isFinal(one.status)).map((one) => one.orderId) }))
    const touched = new Set(settled.map((one) => one.orderId))
    const moved = news.filter((one) => touched.has(one.orderId))
    const lines = moved.map((one) => ({ orderId: one.orderId, asked: logged(one), before: standing(orders.get(one.orderId)!) }))
    await noteAction(tx, staff, { action, touched: lines, details: { asked: moved.map(noted) } }, now)
    return faults
  })
}

function noted({ orderId, status, startCount, remains, words }: Progress) {
  return { id: orderId.toString(), status, start_count: startCount?.toString(), remains: remains?.toString(), words: words ?? undefined }
}

function logged(progress: Progress): object {
  const { id: _, ...asked } = noted(progress)
  return asked
}

function standing({ status, startCount, remains }: LockedOrder): object {
  return { status, start_count: startCount.toString(), remains: remains.toString() }
}
