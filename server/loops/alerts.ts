import type { Queryable } from '../db/pool.ts'

/** A problem that staff should look at, with the supplier and the order it concerns. */
export interface Alert {
  readonly kind:
    | 'unconfirmed hand-off'
    | 'order needs attention'
    | 'cancel requested'
    | 'promise missed'
    | 'supplier balance too low'
    | 'supplier balance below limit'
    | 'supplier refuses our key'
    | 'supplier away'
    | 'unknown status word'
    | 'answer unclear'
    | 'refill unclear'
    | 'order not known there'
    | 'remains above quantity'
    | 'partial not believed'
    | 'numbers unreadable'
    | 'another currency'
    | 'settled order changed'
    | 'cost above charge'
    | 'child order unclear'
    | 'supplier delivers unpaid'
    | 'subscription paused there'
    | 'price list refused'
    | 'cost above price'
    | 'services gone'
    | 'prices unreadable'
    | 'webhooks failing'
    | 'mails given up'
    | 'payment reported again'
    | 'exchange rates old'
    | 'payment reports differ'
  readonly supplierId: number | null
  readonly orderId: bigint | null
  readonly words: string
}

const RAISE = `
  insert into alerts as a (kind, supplier_id, order_id, words, first_at, last_at) values ($1, $2, $3, $4, $5, $5)
  on conflict (kind, coalesce(supplier_id, 0), coalesce(order_id, 0)) where closed_at is null
  do update set last_at = excluded.last_at, words = excluded.words, times = a.times + 1`

/** Raises an alert. An alert that is open already is counted, not repeated. */
export async function raiseAlert(db: Queryable, alert: Alert, now: Date): Promise<void> {
  await db.query(RAISE, [alert.kind, alert.supplierId, alert.orderId, alert.words.slice(0, 2000), now])
}

const CLOSE = `
  update alerts set closed_at = $4
  where closed_at is null and ($1::text is null or kind = $1) and ($2::int is null or supplier_id = $2) and ($3::bigint is null or order_id = $3)`

/** Closes alerts whose problem is over, by itself or by a person. Null matches any. */
export async function closeAlerts(
  db: Queryable,
  which: { kind: Alert['kind'] | null; supplierId: number | null; orderId: bigint | null },
  now: Date,
): Promise<void> {
  await db.query(CLOSE, [which.kind, which.supplierId, which.orderId, now])
}

const ACKNOWLEDGE = 'update alerts set closed_at = $2, acknowledged_by = $3 where id = $1 and closed_at is null'

/** Closes an alert that a person has seen. The same problem opens a new alert when it comes up again. False when the alert was not open. */
export async function acknowledgeAlert(db: Queryable, id: bigint, who: string, now: Date): Promise<boolean> {
  return (await db.query(ACKNOWLEDGE, [id, now, who])).rowCount === 1
}
