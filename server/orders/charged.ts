import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { refuse } from '../refusal.ts'

/** An order with its money and its supplier, for staff. */
export interface Charged {
  readonly status: string
  readonly account: number
  readonly currency: string
  readonly charge: Units
  readonly refunded: Units
  readonly startCount: bigint
  readonly remains: bigint
  readonly supplier: string | null
  readonly cancelAsked: boolean
}

const CHARGED = `
  select o.status::text as status, b.account_id as account, b.currency, o.charge, o.refunded, o.start_count as "startCount", o.remains,
    s.name as supplier, o.cancel_asked_at is not null as "cancelAsked"
  from orders o join books b on b.id = o.book_id left join suppliers s on s.id = o.supplier_id where o.id = $1`

/** Throws a Refusal when there is no such order. */
export async function chargeOf(db: Queryable, orderId: bigint): Promise<Charged> {
  const { rows } = await db.query<Charged>({ name: 'charge of an order', text: CHARGED, values: [orderId] })
  if (!rows[0]) throw refuse('unknown_order')
  return rows[0]
}
