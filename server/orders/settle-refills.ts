import type { RefillStatus } from '../../contract/statuses.ts'
import type { Queryable } from '../db/pool.ts'
import { ADD_EVENT } from './events.ts'

/** A new status of a refill. */
export interface RefillProgress {
  readonly refillId: bigint
  readonly status: RefillStatus
  readonly words: string
}

const EVENT = ADD_EVENT.within({
  book: 'm.book_id',
  order: 'm.order_id',
  refill: 'm.id',
  at: '$4',
  by: '$5',
  status: 'm.status',
  start_count: 'null',
  remains: 'null',
  words: 'm.words',
})
// Forward only: an ended refill stays ended, and a repeated report changes nothing.
const SETTLE_REFILLS = `
  with news as (select * from unnest($1::bigint[], $2::text[], $3::text[]) as t(id, status, words)),
  moved as (
    update refills r set status = n.status, ended_at = case when n.status in ('Completed', 'Rejected', 'Error') then $4::timestamptz end
    from news n
    where r.id = n.id and r.status in ('Pending', 'In progress') and r.status <> n.status and n.status <> 'Pending'
    returning r.id, r.order_id, r.book_id, n.status, n.words
  )
  select ${EVENT} from moved m order by m.book_id, m.id`

/** Records new statuses of refills, each with its event. */
export async function settleRefills(db: Queryable, news: readonly RefillProgress[], by: string, now: Date): Promise<void> {
  if (news.length === 0) return
  const values = [news.map((item) => item.refillId), news.map((item) => item.status), news.map((item) => item.words), now, by]
  await db.query({ name: 'settle refills', text: SETTLE_REFILLS, values })
}
