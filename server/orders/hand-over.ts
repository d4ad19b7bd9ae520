import type { Queryable } from '../db/pool.ts'

/** An order that is due at its supplier. */
export interface DueOrder {
  readonly orderId: bigint
  readonly supplierId: number
  readonly link: string
  readonly quantity: bigint
}

// Row locks decide between a cancel and a hand-off; another dispatcher skips what this one has locked.
const CLAIM_DUE = `
  with due as (
    select id from orders
    where supplier_id = $1 and not sent and not ended and kind = 'single'
    order by id limit $2 for no key update skip locked
  )
  update orders o set sent = true from due where o.id = due.id
  returning o.id as "orderId", o.supplier_id as "supplierId", o.link, o.quantity`

/** Marks orders as sent, inside the caller's transaction, which stores what it takes to carry on after a crash. */
export async function claimDueOrders(tx: Queryable, supplierId: number, most: number): Promise<DueOrder[]> {
  const { rows } = await tx.query<DueOrder>({ name: 'claim due orders', text: CLAIM_DUE, values: [supplierId, most] })
  return rows
}

const BIND_WAITING = 'update orders set supplier_id = $2 where supplier_id is null and not sent and not ended and service_id = $1'

/** Gives the waiting orders of a service that had no supplier to the one it has now. */
export async function bindWaitingOrders(tx: Queryable, serviceId: number, supplierId: number): Promise<void> {
  await tx.query(BIND_WAITING, [serviceId, supplierId])
}
