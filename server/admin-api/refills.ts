import { z } from 'zod'
import type { RefillStatus } from '../../contract/statuses.ts'
import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import { settleRefills } from '../orders/settle-refills.ts'
import { type Refusal, refuse } from '../refusal.ts'
import { change, type Handler, noteAction } from './context.ts'
import { maybeText, maybeWords, read, readIds, readLimit, readServices } from './input.ts'
import { listed } from './order-changes.ts'
import { readOrders, showOrder } from './shown-order.ts'
import { publishedWord, refillStatusOf } from './statuses.ts'

interface Pulled {
  id: bigint
  orderId: bigint
}

const PULL = sqlFunction('pull_manual_refills', ['suppliers', 'services', 'most'], { columns: 'refill_id as id, order_id as "orderId"' })

/**
 * `POST /refill/pull`: refills that customers asked for, now in progress, each handed out once. Published: `service_ids`, `limit`; `list`, each with
 * its `id`, `order_id`, and the known fields of the order.
 */
export const pullRefills: Handler = async (context, { staff, input }) => {
  const services = readServices(input)
  const limit = readLimit(input)
  return change(context.db, async (tx) => {
    const now = context.now()
    const { rows } = await tx.query<Pulled>(PULL.call({ suppliers: staff.handingOut, services, most: limit }))
    const news = rows.map(({ id }) => ({ refillId: id, status: 'In progress' as const, words: 'refill handed out' }))
    await settleRefills(tx, news, staff.by, now)
    const orderIds = [...new Set(rows.map((row) => row.orderId))]
    const orders = new Map((await readOrders(tx, orderIds, staff.suppliers)).map((row) => [row.id, showOrder(row)]))
    const touched = rows.map(({ id, orderId }) => ({ orderId, refillId: id, asked: { status: 'In progress' } }))
    await noteAction(tx, staff, { action: 'refill/pull', touched }, now)
    const list = rows.map(({ id, orderId }) => {
      const order = orders.get(orderId)
      return { ...order, id, order_id: orderId, order_status: order?.status, status: publishedWord('In progress') }
    })
    return { count: list.length, list }
  })
}

interface LockedRefill {
  id: bigint
  orderId: bigint
  status: RefillStatus
  handed: boolean
}

// The hand-off shows which supplier has the refill: the order may have another supplier by now.
const LOCK = `
  select r.id, r.order_id as "orderId", r.status, exists (select from refill_hand_offs f where f.refill_id = r.id) as handed
  from refills r join hand_offs h on h.order_id = r.order_id and h.supplier_id = any($2::int[])
  where r.id = any($1::bigint[]) order by r.id for no key update of r`
const TAKE = `
  insert into refill_hand_offs (refill_id, supplier_id, reference, state, due_at)
  select r.id, h.supplier_id, 'manual', 'sent', 'infinity' from refills r join hand_offs h on h.order_id = r.order_id
  where r.id = any($1::bigint[]) on conflict (refill_id) do nothing`

const changed = z.object({ status: maybeText, reason: maybeWords })

/**
 * `POST /refill/change-status`. Published: `ids`, `status` (`in_progress`, `completed`, `rejected`, `error`). Also accepted, because clients send it:
 * `refill_id`. Answers `ids`, `status`, `skipped_ids`, and why each was skipped.
 */
export const changeRefillStatus: Handler = async (context, { staff, input }) => {
  const { status: word, reason } = read(changed, input)
  const status = refillStatusOf(word ?? '')
  if (!status || status === 'Pending') throw refuse('incorrect_field', 'status')
  const asked = readIds(input, 'ids', 'refill_ids', 'refill_id', 'refill', 'id')
  const faults = await change(context.db, async (tx) => {
    const now = context.now()
    const refills = await lockRefills(tx, asked.ids, staff.suppliers)
    const faults = new Map<bigint, Refusal>()
    const moving: LockedRefill[] = []
    for (const id of asked.ids) {
      const refill = refills.get(id)
      const open = refill?.status === 'Pending' || refill?.status === 'In progress'
      if (!refill) faults.set(id, refuse('unknown_refill'))
      else if (open) moving.push(refill)
      else if (refill.status !== status) faults.set(id, refuse('refill_ended', refill.status))
    }
    const ids = moving.filter((refill) => refill.status !== status).map((refill) => refill.id)
    await tx.query(TAKE, [ids])
    const words = reason ? `refill ${publishedWord(status)}: ${reason}` : `refill ${publishedWord(status)}`
    await settleRefills(
      tx,
      ids.map((refillId) => ({ refillId, status, words })),
      staff.by,
      now,
    )
    const moved = moving.filter((refill) => ids.includes(refill.id))
    const touched = moved.map(({ id, orderId, status: was }) => ({
      orderId,
      refillId: id,
      asked: { status, reason },
      before: { status: was },
    }))
    await noteAction(tx, staff, { action: 'refill/change-status', touched, details: { status, reason } }, now)
    return faults
  })
  return { ...listed(asked, faults), status: publishedWord(status) }
}

async function lockRefills(
  tx: Queryable,
  ids: readonly bigint[],
  suppliers: readonly number[],
): Promise<ReadonlyMap<bigint, LockedRefill>> {
  const { rows } = await tx.query<LockedRefill>(LOCK, [ids, suppliers])
  return new Map(rows.map((row) => [row.id, row]))
}
