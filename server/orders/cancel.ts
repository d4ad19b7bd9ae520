import { refusals } from '../../contract/refusals.ts'
import { type Database, transaction } from '../db/pool.ts'
import { settle } from './settle.ts'

/** Per order id: taken, or the text of the refusal. */
export type CancelAnswers = ReadonlyMap<string, true | string>

interface Candidate {
  id: bigint
  ended: boolean
  unsent: boolean
  cancellable: boolean
  asked: boolean
}

const CANDIDATES = `
  select o.id, o.ended, s.cancel as cancellable, o.cancel_asked_at is not null as asked,
    not o.sent and o.status in ('Pending', 'Active', 'Paused') and coalesce(d.runs_started, 0) = 0 as unsent
  from orders o join services s on s.id = o.service_id left join drip_feeds d on d.order_id = o.id
  where o.id = any($1::bigint[]) and o.book_id = $2
  order by o.id`
const LOCK = 'select from orders where id = any($1::bigint[]) and book_id = $2 order by id for no key update'
const ASK = 'update orders set cancel_asked_at = $2 where id = any($1::bigint[])'
const TELL = `select add_order_event($1, t.id, null, $2, 'customer', o.status::text, o.start_count, o.remains, 'cancel requested')
  from unnest($3::bigint[]) as t(id) join orders o on o.id = t.id order by t.id`

/** Takes cancel requests. An order of which nothing was handed to anybody is cancelled and refunded here and now, under its
 * row lock, which the hand-off takes too; for the others money moves when the fulfiller answers. Asking twice is taken twice
 * and acts once. */
export function requestCancels(db: Database, bookId: number, ids: readonly string[], now: Date): Promise<CancelAnswers> {
  return transaction(db, async (tx) => {
    // Two statements: the second sees what whoever held the locks has committed, also the first run of a drip-feed.
    await tx.query(LOCK, [ids, bookId])
    const { rows } = await tx.query<Candidate>({ name: 'cancel candidates', text: CANDIDATES, values: [ids, bookId] })
    const taken = rows.filter((order) => order.cancellable && !order.ended)
    const unsent = taken.filter((order) => order.unsent)
    const asking = taken.filter((order) => !order.unsent && !order.asked).map((order) => order.id)
    const cancelled = unsent.map((order) => ({
      orderId: order.id,
      status: 'Canceled' as const,
      startCount: null,
      remains: null,
      words: null,
    }))
    await settle(tx, cancelled, 'customer', now)
    if (asking.length > 0) {
      await tx.query(ASK, [asking, now])
      await tx.query(TELL, [bookId, now, asking])
    }
    return new Map(rows.map((order) => [order.id.toString(), order.cancellable && !order.ended ? true : refusals.cannotCancel]))
  })
}
