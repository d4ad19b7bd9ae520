import { BEGIN_BY_INDEX, type Database, type Queryable, transaction } from '../db/pool.ts'
import { forgetOldHours } from '../suppliers/calls.ts'

/** The figures of a service at a supplier come from so many of its newest orders, and its times from at least so many. */
const NEWEST_KEPT = 100
const FEWEST_TIMES = 10
const MOST_CHANGES = 2000
/** The number of books added up in one commit. */
const MOST_BOOKS = 50
/** The number of commits in one round of the loop. */
const MOST_TURNS = 20

// Two nodes would wait for each other's rows of the same supplier.
const HOLD = 'select pg_try_advisory_xact_lock(7306) as held'

// The feed of a book is numbered in the order of its commits, so it is complete up to the last change that is visible. A book of test keys is worked by
// the simulated supplier, whoever fulfils the service.
const BOOKS_BEHIND = `
  select f.book_id as book, coalesce(c.change, 0) as change
  from feeds f join books b on b.id = f.book_id and not b.play left join supplier_cursors c on c.book_id = f.book_id
  where f.changes > coalesce(c.change, 0) order by f.book_id limit $1`

// The first event with a final status is the end of its order: later ones are notes about it. A cancelled order that was never handed over says nothing of
// a supplier.
const ADD_UP = `
  with events as (
    select c.book, e.* from unnest($1::int[], $2::bigint[]) as c(book, change)
    cross join lateral (
      select v.change, v.order_id, v.refill_id, v.status from order_events v where v.book_id = c.book and v.change > c.change
      order by v.change limit ${MOST_CHANGES}
    ) e
  ),
  seen as (
    insert into supplier_cursors as u (book_id, change) select book, max(change) from events group by book
    on conflict (book_id) do update set change = excluded.change returning 1
  ),
  ended as (
    select o.* from events e
    cross join lateral (
      select supplier_id as supplier, service_id as service, outcome::text as outcome, ended_at,
        least(extract(epoch from started_at - placed_at), 2000000000)::int as start,
        least(extract(epoch from ended_at - placed_at), 2000000000)::int as finish
      from orders where id = e.order_id and kind = 'single' and sent and ended and supplier_id is not null offset 0
    ) o
    where e.refill_id is null and e.status in ('Completed', 'Partial', 'Canceled') and not exists (
      select from order_events b where b.order_id = e.order_id and b.change < e.change and b.refill_id is null and b.status in ('Completed', 'Partial', 'Canceled')
    )
  ),
  days as (
    insert into supplier_days as d (supplier_id, day, orders, completed, partial, canceled)
    select supplier, (ended_at at time zone 'utc')::date, count(*), count(*) filter (where outcome = 'Completed'),
      count(*) filter (where outcome = 'Partial'), count(*) filter (where outcome = 'Canceled')
    from ended group by 1, 2 order by 1, 2
    on conflict (supplier_id, day) do update set orders = d.orders + excluded.orders, completed = d.completed + excluded.completed,
      partial = d.partial + excluded.partial, canceled = d.canceled + excluded.canceled
  ),
  timed as (
    select date_trunc('hour', e.ended_at, 'UTC') as hour, s.category, t.measure, ceil(2 * ln(greatest(t.seconds, 1)::float8) / ln(2::float8))::smallint as bucket,
      count(*)::int as orders
    from ended e join services s on s.id = e.service cross join lateral (values ('start', e.start), ('finish', e.finish)) t(measure, seconds)
    where e.outcome = 'Completed' and e.start is not null group by 1, 2, 3, 4
  ),
  time_hours as (
    insert into order_time_hours as h (hour, category, measure, bucket, orders) select * from timed order by 1, 2, 3, 4
    on conflict (hour, category, measure, bucket) do update set orders = h.orders + excluded.orders
  ),
  time_days as (
    insert into order_time_days as d (day, category, measure, bucket, orders)
    select (hour at time zone 'utc')::date, category, measure, bucket, sum(orders) from timed group by 1, 2, 3, 4 order by 1, 2, 3, 4
    on conflict (day, category, measure, bucket) do update set orders = d.orders + excluded.orders
  ),
  fresh as (
    select supplier, service, count(*) as orders, count(*) filter (where outcome = 'Completed') as completed,
      count(*) filter (where outcome = 'Partial') as partial, count(*) filter (where outcome = 'Canceled') as canceled, max(ended_at) as newest_at,
      string_agg(case outcome when 'Completed' then 'C' when 'Partial' then 'P' else 'X' end, '' order by ended_at desc) as outcomes,
      coalesce(array_agg(start order by ended_at desc) filter (where outcome = 'Completed' and start is not null), '{}') as starts,
      coalesce(array_agg(finish order by ended_at desc) filter (where outcome = 'Completed' and start is not null), '{}') as finishes
    from ended group by supplier, service
  ),
  sampled as (
    insert into supplier_samples as s (supplier_id, service_id, outcomes, starts, finishes)
    select supplier, service, left(outcomes, ${NEWEST_KEPT}), starts[1:${NEWEST_KEPT}], finishes[1:${NEWEST_KEPT}] from fresh order by supplier, service
    on conflict (supplier_id, service_id) do update set outcomes = left(excluded.outcomes || s.outcomes, ${NEWEST_KEPT}),
      starts = (excluded.starts || s.starts)[1:${NEWEST_KEPT}], finishes = (excluded.finishes || s.finishes)[1:${NEWEST_KEPT}]
    returning supplier_id, service_id, outcomes, starts, finishes
  ),
  measured as (
    insert into supplier_services as m (supplier_id, service_id, orders, completed, partial, canceled, recent, recent_partial, recent_canceled,
      start_median, start_p95, finish_median, finish_p95, newest_at)
    select f.supplier, f.service, f.orders, f.completed, f.partial, f.canceled, length(s.outcomes),
      length(s.outcomes) - length(replace(s.outcomes, 'P', '')), length(s.outcomes) - length(replace(s.outcomes, 'X', '')),
      t.start[1], t.start[2], t.finish[1], t.finish[2], f.newest_at
    from fresh f join sampled s on s.supplier_id = f.supplier and s.service_id = f.service
    left join lateral (
      select percentile_disc(array[0.5, 0.95]) within group (order by v.start) as start,
        percentile_disc(array[0.5, 0.95]) within group (order by v.finish) as finish
      from unnest(s.starts, s.finishes) as v(start, finish) having count(*) >= ${FEWEST_TIMES}
    ) t on true
    order by f.supplier, f.service
    on conflict (supplier_id, service_id) do update set orders = m.orders + excluded.orders, completed = m.completed + excluded.completed,
      partial = m.partial + excluded.partial, canceled = m.canceled + excluded.canceled, recent = excluded.recent,
      recent_partial = excluded.recent_partial, recent_canceled = excluded.recent_canceled, start_median = excluded.start_median,
      start_p95 = excluded.start_p95, finish_median = excluded.finish_median, finish_p95 = excluded.finish_p95,
      newest_at = greatest(m.newest_at, excluded.newest_at)
  )
  select count(*)::int as events from events`

/** Adds up what came of the orders that suppliers were handed, behind the commits. Answers 1 when there is more to add up. */
export async function addUpMeasures(db: Database): Promise<number> {
  for (let turn = 0; turn < MOST_TURNS; turn += 1) if (!(await addUpBooks(db))) return 0
  return 1
}

/** True when there may be more. */
function addUpBooks(db: Database): Promise<boolean> {
  const addUp = async (tx: Queryable) => {
    if (!(await tx.query<{ held: boolean }>(HOLD)).rows[0]!.held) return false
    const { rows } = await tx.query<{ book: number; change: bigint }>({
      name: 'books to measure',
      text: BOOKS_BEHIND,
      values: [MOST_BOOKS],
    })
    if (rows.length === 0) return false
    const values = [rows.map((row) => row.book), rows.map((row) => row.change)]
    const added = await tx.query<{ events: number }>({ name: 'add up measures', text: ADD_UP, values })
    return added.rows[0]!.events > 0
  }
  return transaction(db, addUp, BEGIN_BY_INDEX)
}

// Claims of orders that ended in another way: nothing asks for them, and their number would only grow.
const FORGET_CLAIMS = `
  delete from work_claims c where c.until < $1::timestamptz - interval '1 hour'
    and not exists (select from hand_offs h where h.order_id = c.order_id and h.state = 'sent' and h.reference = 'manual')`

// The status page compares a day with thirty.
const FORGET_TIMES = [
  `delete from order_time_hours where hour < $1::timestamptz - interval '2 days'`,
  `delete from order_time_days where day < ($1::timestamptz at time zone 'utc')::date - 31`,
]

export async function forgetOldMeasures(db: Database, now: Date): Promise<void> {
  await forgetOldHours(db, now)
  for (const forget of FORGET_TIMES) await db.query(forget, [now])
  await db.query(FORGET_CLAIMS, [now])
}
