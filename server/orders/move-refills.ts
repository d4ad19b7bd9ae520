import type { RefillStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'

const MOVE = `
  with due as (
    select r.id from refills r join orders o on o.id = r.order_id
    where r.status = $1 and r.asked_at <= $2 and o.supplier_id = $5
    order by r.id limit 200 for update of r skip locked
  ),
  moved as (
    update refills r set status = $3, ended_at = case when $3 in ('Completed', 'Rejected', 'Error') then $4::timestamptz end
    from due where r.id = due.id returning r.id, r.order_id, r.book_id
  )
  select add_order_event(m.book_id, m.order_id, m.id, $4, 'supplier', $3, null, null, 'refill ' || lower($3))
  from moved m order by m.book_id, m.id`

/** Moves a supplier's refills that were asked for before a moment from one status to the next, each with its event. */
export async function moveRefills(
  db: Queryable,
  supplierId: number,
  move: { from: RefillStatus; askedBefore: Date; to: RefillStatus; now: Date },
): Promise<number> {
  const { rowCount } = await db.query(MOVE, [move.from, move.askedBefore, move.to, move.now, supplierId])
  return rowCount ?? 0
}
