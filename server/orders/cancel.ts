import { sqlFunction } from '../db/call.ts'
import { type Database, type Queryable, transaction } from '../db/pool.ts'
import { eventOf } from './events.ts'
import { settle } from './settle.ts'

/** Per order id: true when the request was accepted, or the code of the refusal. */
export type CancelAnswers = ReadonlyMap<string, true | 'cannot_cancel'>

/** An order whose row the caller has locked. */
export interface Stoppable {
  readonly id: bigint
  readonly kind: string
  readonly ended: boolean
  /** No part of it was handed to a supplier. */
  readonly unsent: boolean
  /** Its customer may cancel it, as the service's setting says. */
  readonly cancellable: boolean
  readonly asked: boolean
}

const LOCK = 'select from orders where id = any($1::bigint[]) and book_id = $2 order by id for no key update'

/** Accepts cancel requests. An order that no supplier has is cancelled and refunded at once, under its row lock, which the hand-off takes too;
 * for the others money moves when the supplier answers. A repeated request is accepted but acts only once. */
export function requestCancels(db: Database, bookId: number, ids: readonly string[], now: Date): Promise<CancelAnswers> {
  return transaction(db, async (tx) => {
    // Two statements: the second sees what the previous holder of the locks has committed, also the first run of a drip-feed.
    await tx.query(LOCK, [ids, bookId])
    const orders = await readStoppable(tx, ids, bookId)
    const taken = orders.filter((order) => order.cancellable && !order.ended)
    const fresh = taken.filter((order) => order.unsent || !order.asked)
    await stopOrders(tx, fresh, { by: 'customer', cancelled: null, asked: 'cancel requested' }, now)
    return new Map(orders.map((order) => [order.id.toString(), order.cancellable && !order.ended ? true : 'cannot_cancel']))
  })
}

/** SQL condition on an order `o` with its drip-feed `d`: nothing was handed to a supplier. */
export const UNSENT = `(not o.sent and o.status in ('Pending', 'Active', 'Paused') and coalesce(d.runs_started, 0) = 0)`

const STOPPABLE = `
  select o.id, o.kind, o.ended, s.cancel as cancellable, o.cancel_asked_at is not null as asked,
    ${UNSENT} as unsent
  from orders o join services s on s.id = o.service_id left join drip_feeds d on d.order_id = o.id
  where o.id = any($1::bigint[]) and ($2::int is null or o.book_id = $2)
  order by o.id`

/** With a book, reads only that book's own orders. */
export async function readStoppable(tx: Queryable, ids: readonly (string | bigint)[], bookId: number | null): Promise<Stoppable[]> {
  return (await tx.query<Stoppable>({ name: 'stoppable orders', text: STOPPABLE, values: [ids, bookId] })).rows
}

const ASK = 'update orders set cancel_asked_at = coalesce(cancel_asked_at, $2) where id = any($1::bigint[])'
const RUNS_OF = `
  select k.order_id as id from child_orders k join orders o on o.id = k.order_id
  where k.parent_id = any($1::bigint[]) and not o.ended order by k.order_id for no key update of o`
const TELL_HAND_OFFS = sqlFunction('tell_hand_offs_of_cancel', ['now', 'ids'], { as: 'id' })
const TELL = `
  select ${eventOf({ at: '$1', by: '$2', words: '$3' })}
  from (select * from orders where id = any($4::bigint[]) order by book_id, id) o`

/** The person who stops orders, and the words for their timelines. */
export interface Stopping {
  readonly by: string
  readonly cancelled: string | null
  readonly asked: string
}

/** Stops orders that are locked and have not ended: those that no supplier has end here, with their refund; for the others a cancel is requested.
 * Returns those that ended. */
export async function stopOrders(tx: Queryable, orders: readonly Stoppable[], why: Stopping, now: Date): Promise<ReadonlySet<bigint>> {
  const begun = orders.filter((order) => !order.unsent)
  const letGo = begun.length > 0 ? await letGoOf(tx, begun, now) : []
  const ended = [...orders.filter((order) => order.unsent).map((order) => order.id), ...letGo]
  await settle(
    tx,
    ended.map((orderId) => ({ orderId, status: 'Canceled', startCount: null, remains: null, words: why.cancelled })),
    why.by,
    now,
  )
  const asking = begun.map((order) => order.id).filter((id) => !letGo.includes(id))
  if (asking.length > 0) {
    await tx.query(ASK, [asking, now])
    await tx.query(TELL, [now, why.by, why.asked, asking])
  }
  return new Set(ended)
}

/** Returns those of these orders and their runs that wait to be handed over or for staff: certainly no supplier has them. */
async function letGoOf(tx: Queryable, orders: readonly Stoppable[], now: Date): Promise<bigint[]> {
  const parents = orders.filter((order) => order.kind === 'drip-feed').map((order) => order.id)
  const runs = parents.length > 0 ? (await tx.query<{ id: bigint }>(RUNS_OF, [parents])).rows : []
  const ids = [...orders, ...runs].map((order) => order.id)
  const { rows } = await tx.query<{ id: bigint }>(TELL_HAND_OFFS.call({ now, ids }))
  return rows.map((row) => row.id)
}

const TAKE_BACK = 'update orders set cancel_asked_at = null where id = $1'

/** Takes a cancel request back: the order goes on, and its customer may ask again. The caller has locked it. */
export async function takeBackCancel(tx: Queryable, orderId: bigint, said: { by: string; words: string }, now: Date): Promise<void> {
  await tx.query(TAKE_BACK, [orderId])
  await tx.query(TELL, [now, said.by, said.words, [orderId]])
}
