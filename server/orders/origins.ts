import { sqlFunction } from '../db/call.ts'
import { BEGIN_BY_INDEX, type Database, transaction } from '../db/pool.ts'

/** SQL condition on an order `o`: it is a run of a drip-feed. */
export const IS_RUN = sqlFunction('is_run', ['origin', 'rate_source']).within({ origin: 'o.origin', rate_source: 'o.rate_source' })

/** SQL condition on an order `o`: it came from another panel, where it had ended. Nothing of it was paid here, so no line of a book is about it. */
export const HAD_ENDED_ELSEWHERE = 'o.moved_in_from is not null and o.line is null and o.charge > 0'

const MOST_AT_ONCE = 500

// In the order of their ids, like every lock on orders. Nothing visible changes, so there is no event.
const CONVERT = `
  with turn as (
    select after from conversions where name = 'origins of orders' and done_at is null for update skip locked
  ),
  next as (
    select c.order_id, c.parent_id from turn cross join lateral (
      select order_id, parent_id from child_orders where order_id > turn.after order by order_id limit $2
    ) c
  ),
  locked as (
    select o.id, n.parent_id from next n join orders o on o.id = n.order_id where o.origin is null order by o.id for no key update of o
  ),
  converted as (
    update orders o set parent_id = l.parent_id, origin = case p.kind when 'drip-feed' then 'run' else 'post' end
    from locked l join orders p on p.id = l.parent_id where o.id = l.id
  )
  update conversions c set after = coalesce((select max(order_id) from next), c.after),
    done_at = case when (select count(*) from next) < $2 then $1::timestamptz end
  from turn where c.name = 'origins of orders'
  returning c.done_at is null as more`

/** Sets origin and parent of the next orders that are older than those columns, in one short transaction; one node at a time. Returns whether
 * there may be more. */
export async function convertOrigins(db: Database, now: Date, most = MOST_AT_ONCE): Promise<boolean> {
  const { rows } = await transaction(db, (tx) => tx.query<{ more: boolean }>(CONVERT, [now, most]), BEGIN_BY_INDEX)
  return rows[0]?.more === true
}
