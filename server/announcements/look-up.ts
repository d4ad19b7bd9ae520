import { BEGIN_BY_INDEX, type Database, transaction } from '../db/pool.ts'

const BOOKS_AT_ONCE = 500
/** Whoever orders the service while it is told belongs to it within the hour. */
const AGAIN_MS = 3_600_000

// The next books of one announcement: for each, whether an ended or an open order of the service is young enough, both by an index.
const LOOK_UP = `
  with turn as (
    select id, service_id, looked_after, coalesce(from_at, $1) - interval '30 days' as since from announcements
    where published_at is not null and ended_at is null and audience = 'ordered' and (until_at is null or until_at > $1)
      and (looked_at is null or looked_at < $2) order by looked_at nulls first, id limit 1 for update skip locked
  ),
  next as (
    select b.id, b.account_id from turn cross join lateral (
      select id, account_id from books where id > turn.looked_after and not play order by id limit $3
    ) b
  ),
  found as (
    insert into announcement_audience (account_id, announcement_id)
    select n.account_id, t.id from turn t cross join next n
    where exists (select from orders o where o.service_id = t.service_id and o.book_id = n.id and o.ended and o.outcome is not null and o.placed_at >= t.since)
      or exists (select from orders o where o.book_id = n.id and not o.ended and o.placed_at >= t.since and o.service_id = t.service_id)
    on conflict do nothing
  )
  update announcements a set
    looked_after = case when (select count(*) from next) < $3 then 0 else (select max(id) from next) end,
    looked_at = case when (select count(*) from next) < $3 then $1::timestamptz else a.looked_at end
  from turn where a.id = turn.id
  returning (select count(*)::int from next) as count`

/** Notes who ordered the services that live announcements are about, for the next accounts of one of them. Answers how many it looked at. */
export async function lookUpAudience(db: Database, now: Date): Promise<number> {
  const values = [now, new Date(now.getTime() - AGAIN_MS), BOOKS_AT_ONCE]
  const { rows } = await transaction(db, (tx) => tx.query<{ count: number }>(LOOK_UP, values), BEGIN_BY_INDEX)
  return rows[0]?.count ?? 0
}
