import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { claimDueOrders } from '../orders/hand-over.ts'
import { settle } from '../orders/settle.ts'
import type { Supplier, WorkOrder } from '../suppliers/supplier.ts'

const MOST_AT_ONCE = 200
const LEASE_SECONDS = 60
const FIRST_LOOK_SECONDS = 1

const KEEP = `
  insert into hand_offs (order_id, supplier_id, due_at)
  select t.id, $2, $3 from unnest($1::bigint[]) as t(id)`
// A lease that ran out: the node died between claim and record. The same order handed over twice is one piece of work.
const TAKE_UP = `
  update hand_offs h set due_at = $3, attempts = attempts + 1
  from (
    select order_id from hand_offs where supplier_id = $1 and reference is null and due_at <= $2
    order by due_at limit $4 for update skip locked
  ) lost
  join orders o on o.id = lost.order_id
  where h.order_id = lost.order_id
  returning h.order_id as "orderId", o.link, o.quantity`
const RECORD = 'update hand_offs set reference = $2, due_at = $3 where order_id = $1'
const FORGET = 'delete from hand_offs where order_id = $1'

/** Claim → call → record: hands the orders that are due to their supplier. Answers how many it took. */
export async function handOff(db: Database, supplierId: number, supplier: Supplier, now: () => Date): Promise<number> {
  const orders = await claim(db, supplierId, now())
  for (const order of orders) {
    const answer = await supplier.add(order)
    await ('refused' in answer ? recordRefusal(db, order, answer.refused, now()) : recordReference(db, order, answer.reference, now()))
  }
  return orders.length
}

function claim(db: Database, supplierId: number, now: Date): Promise<WorkOrder[]> {
  const leaseEnd = after(now, LEASE_SECONDS)
  return transaction(db, async (tx) => {
    const lost = await tx.query<WorkOrder>(TAKE_UP, [supplierId, now, leaseEnd, MOST_AT_ONCE])
    const due = await claimDueOrders(tx, supplierId, MOST_AT_ONCE)
    await tx.query(KEEP, [due.map((order) => order.orderId), supplierId, leaseEnd])
    return [...lost.rows, ...due]
  })
}

async function recordReference(db: Queryable, order: WorkOrder, reference: string, now: Date) {
  await db.query({ name: 'record hand-off', text: RECORD, values: [order.orderId, reference, after(now, FIRST_LOOK_SECONDS)] })
}

function recordRefusal(db: Database, order: WorkOrder, words: string, now: Date) {
  return transaction(db, async (tx) => {
    await settle(tx, [{ orderId: order.orderId, status: 'Canceled', startCount: null, remains: null, words }], 'supplier', now)
    await tx.query(FORGET, [order.orderId])
  })
}

export function after(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000)
}
