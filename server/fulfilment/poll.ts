import type { Database } from '../db/pool.ts'
import { type Progress, settle } from '../orders/settle.ts'
import type { Supplier } from '../suppliers/supplier.ts'
import { after } from './hand-off.ts'

const MOST_AT_ONCE = 100
const LEASE_SECONDS = 30
const LOOK_AGAIN_SECONDS = 2

interface Watched {
  orderId: bigint
  reference: string
  cancelAsked: boolean
}

// The claim moves due_at on, so a node that dies leaves the order to the next look.
const CLAIM_WATCHED = `
  update hand_offs h set due_at = $3
  from (
    select order_id from hand_offs where supplier_id = $1 and reference is not null and due_at <= $2
    order by due_at limit ${MOST_AT_ONCE} for update skip locked
  ) due
  join orders o on o.id = due.order_id
  where h.order_id = due.order_id
  returning h.order_id as "orderId", h.reference, o.cancel_asked_at is not null and not h.cancel_sent as "cancelAsked"`
const CANCEL_SENT = 'update hand_offs set cancel_sent = true where order_id = any($1::bigint[])'
const LOOK_AGAIN = 'update hand_offs set due_at = $2 where order_id = any($1::bigint[])'
const DONE = 'delete from hand_offs where order_id = any($1::bigint[]) and exists (select from orders o where o.id = order_id and o.ended)'

/** Asks a supplier how the orders that are due stand, forwards cancels, and settles what it says. Answers how many it asked. */
export async function poll(db: Database, supplierId: number, supplier: Supplier, now: () => Date): Promise<number> {
  const asked = now()
  const claimed = { name: 'claim watched', text: CLAIM_WATCHED, values: [supplierId, asked, after(asked, LEASE_SECONDS)] }
  const { rows: watched } = await db.query<Watched>(claimed)
  if (watched.length === 0) return 0
  await forwardCancels(
    db,
    supplier,
    watched.filter((order) => order.cancelAsked),
  )

  const told = await supplier.status(watched.map((order) => order.reference))
  const news = watched.flatMap((order): Progress[] => {
    const standing = told.get(order.reference)
    return standing ? [{ orderId: order.orderId, ...standing }] : []
  })
  await settle(db, news, 'supplier', now())
  const ids = watched.map((order) => order.orderId)
  await db.query(DONE, [ids])
  await db.query(LOOK_AGAIN, [ids, after(now(), LOOK_AGAIN_SECONDS)])
  return watched.length
}

async function forwardCancels(db: Database, supplier: Supplier, orders: readonly Watched[]) {
  if (orders.length === 0) return
  await supplier.cancel(orders.map((order) => order.reference))
  await db.query(CANCEL_SENT, [orders.map((order) => order.orderId)])
}
