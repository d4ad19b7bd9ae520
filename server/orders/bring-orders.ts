import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'
import type { Units } from '../ledger/money.ts'
import { exactJson } from '../text.ts'

/** An order of another panel, under its own number there. */
export interface BroughtOrder {
  readonly id: bigint
  readonly account: number
  readonly service: number
  readonly supplierId: number | null
  readonly link: string
  readonly quantity: bigint
  readonly charge: Units
  /** The rate by which its charge comes out again. */
  readonly rate: string
  readonly startCount: bigint
  readonly remains: bigint
  readonly status: 'Pending' | 'Processing' | 'In progress' | 'Completed' | 'Partial' | 'Canceled'
  readonly parameters: object | null
  readonly placedAt: Date
  readonly endedAt: Date | null
}

const TAKEN = 'select id, moved_in_from as "from" from orders where id = any($1::bigint[])'

/** Which of these numbers have an order here; null: one that was placed here. */
export async function ordersHere(db: Queryable, ids: readonly bigint[]): Promise<ReadonlyMap<bigint, string | null>> {
  const { rows } = await db.query<{ id: bigint; from: string | null }>({ name: 'orders here', text: TAKEN, values: [ids] })
  return new Map(rows.map(({ id, from }) => [id, from]))
}

// An order that was cancelled there has kept nothing; what else was given back is not in its charge any more.
const ADD_ENDED = `
  insert into orders (id, book_id, line, key_id, service_id, supplier_id, status, quantity, charge, refunded, rate, rate_source, start_count, remains, link, parameters,
    sent, ended, placed_at, ended_at, moved_in_from)
  select t.id, b.id, null, k.id, t.service, t."supplierId", t.status::order_status, t.quantity, t.charge, case t.status when 'Canceled' then t.charge else 0 end,
    t.rate, 'moved in', t."startCount", t.remains, t.link, t.parameters, true, true, t."placedAt", t."endedAt", $2
  from json_to_recordset($1::json) as t(id bigint, account int, service int, "supplierId" int, link text, quantity bigint, charge bigint, rate text,
    "startCount" bigint, remains bigint, status text, parameters jsonb, "placedAt" timestamptz, "endedAt" timestamptz)
  join books b on b.account_id = t.account and not b.play join api_keys k on k.account_id = t.account and k.of_pages
  order by t.id`

/**
 * Adds orders that had ended at the other panel: rows without a line in any book, which are never refunded (docs/decisions/0072). None of the numbers may
 * be taken.
 */
export async function bringEndedOrders(tx: Queryable, panel: string, orders: readonly BroughtOrder[]): Promise<void> {
  await tx.query({ name: 'bring ended orders', text: ADD_ENDED, values: [exactJson(orders), panel] })
}

const BRING_OPEN = sqlFunction('bring_open_orders', ['account', 'panel', 'now', 'orders'])

/** Adds open orders of one account and charges them to its book, which has been given enough. None of the numbers may be taken. */
export async function bringOpenOrders(
  tx: Queryable,
  account: number,
  panel: string,
  orders: readonly (BroughtOrder & { readonly sent: boolean })[],
  now: Date,
): Promise<void> {
  await tx.query(BRING_OPEN.call({ account, panel, now, orders: exactJson(orders) }))
}

const KEEP_AHEAD = 'update order_ids set next = greatest(next, (select coalesce(max(id), 0) + 1 from orders))'

/** Orders that are placed here get numbers above all that were brought. */
export async function keepOrderIdsAhead(tx: Queryable): Promise<void> {
  await tx.query(KEEP_AHEAD)
}
