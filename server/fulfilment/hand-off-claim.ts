import { type Queryable, transaction } from '../db/pool.ts'
import { claimDueOrders, type DueOrder, readDueOrders } from '../orders/hand-over.ts'
import { claimDueSubscriptions, SUBSCRIPTION_WAITS } from '../orders/their-subscriptions.ts'
import type { SupplierContext } from './context.ts'
import { park } from './hand-off-states.ts'
import { after } from '../loops/time.ts'

/** Longer than a call may take, and longer than an order may wait among the claimed ones. */
const LEASE_SECONDS = 90

const ANYTHING_DUE = `
  select exists (select from hand_offs where supplier_id = $1 and state in ('calling', 'waiting') and due_at <= $2)
    or exists (select from orders where supplier_id = $1 and not sent and not ended and kind = 'single')
    or ${SUBSCRIPTION_WAITS('$1')} as due`

/** The only cost of an idle supplier: one small query per round. */
export async function isAnythingDue(db: Queryable, supplierId: number, now: Date): Promise<boolean> {
  const { rows } = await db.query<{ due: boolean }>({ name: 'anything due', text: ANYTHING_DUE, values: [supplierId, now] })
  return rows[0]!.due
}

const EXPIRED = `
  select order_id as id from hand_offs where supplier_id = $1 and state = 'calling' and due_at <= $2
  order by due_at limit $3`
const WAITED = `
  select order_id as id from hand_offs where supplier_id = $1 and state = 'waiting' and due_at <= $2
  order by due_at limit $3 for update skip locked`
const CLAIM = `
  insert into hand_offs as h (order_id, supplier_id, state, due_at, claimed_at)
  select t.id, $2, 'calling', $3, $4 from unnest($1::bigint[]) as t(id)
  on conflict (order_id) do update set supplier_id = excluded.supplier_id, state = 'calling', due_at = excluded.due_at,
    claimed_at = excluded.claimed_at, attempts = h.attempts + 1, maybe_there = h.maybe_there or h.state = 'calling'
  returning h.order_id as id, h.maybe_there as "maybeThere"`

export interface ClaimedOrder extends DueOrder {
  /** An earlier call for it may have arrived: only the supplier's answer shows. */
  readonly maybeThere: boolean
}

/**
 * A claim that has expired belongs to a node that died between its call and its record. The order is sent again only when that cannot make a second
 * order; otherwise it becomes unconfirmed.
 */
export async function claim({ db, supplierId, supplier }: SupplierContext, most: number, now: Date): Promise<ClaimedOrder[]> {
  const lost = await idsOf(db, EXPIRED, [supplierId, now, most])
  const repeatsSafely = lost.length > 0 && (await supplier.repeatsSafely())
  return transaction(db, async (tx) => {
    const expired = await idsOf(tx, `${EXPIRED} for update skip locked`, [supplierId, now, most])
    if (!repeatsSafely) {
      const words = 'The node that called it stopped before it noted the answer'
      for (const orderId of expired) await park(tx, { orderId, supplierId, words }, now)
    }
    const again = repeatsSafely ? expired : []
    const waited = await idsOf(tx, WAITED, [supplierId, now, most - again.length])
    const fresh = await claimDueOrders(tx, supplierId, most - again.length - waited.length)
    const whole = await claimDueSubscriptions(tx, supplierId, most - again.length - waited.length - fresh.length)
    const ids = [...again, ...waited, ...fresh, ...whole]
    if (ids.length === 0) return []
    const values = [ids, supplierId, after(now, LEASE_SECONDS), now]
    const { rows: claimed } = await tx.query<{ id: bigint; maybeThere: boolean }>(CLAIM, values)
    const maybeThere = new Map(claimed.map((row) => [row.id, row.maybeThere]))
    return (await readDueOrders(tx, ids, supplierId)).map((order) => ({ ...order, maybeThere: maybeThere.get(order.orderId)! }))
  })
}

export async function idsOf(tx: Queryable, text: string, values: unknown[]): Promise<bigint[]> {
  const { rows } = await tx.query<{ id: bigint }>(text, values)
  return rows.map((row) => row.id)
}
