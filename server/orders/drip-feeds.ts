import { sqlFunction } from '../db/call.ts'
import type { Queryable } from '../db/pool.ts'

const MOST_RUNS_AT_ONCE = 200
const START_DUE_RUNS = `
  select count(*)::int as started, exists (select from drip_feeds d where d.stale and not d.done) as "anyStale"
  from ${sqlFunction('start_due_runs', ['now', 'most']).within({ now: '$1', most: '$2' })}`

/** Starts the runs that are due, each as an order that its parent has paid. Returns their number, and whether a drip-feed was stale before; if
 * none was, a round without runs need not read the stale drip-feeds. */
export async function startDueRuns(db: Queryable, now: Date): Promise<{ started: number; anyStale: boolean }> {
  const values = [now, MOST_RUNS_AT_ONCE]
  const { rows } = await db.query<{ started: number; anyStale: boolean }>({ name: 'start due runs', text: START_DUE_RUNS, values })
  return rows[0]!
}

/** A drip-feed whose runs moved since their sum was last stored. */
export interface StaleDripFeed {
  readonly orderId: bigint
  readonly quantity: bigint
  readonly runs: number
  readonly runsStarted: number
  readonly openRuns: number
  /** The sum over all runs, at most the ordered quantity of each. */
  readonly delivered: bigint
  /** The start count of the first run. */
  readonly startCount: bigint | null
  readonly cancelAsked: boolean
}

const STALE_DRIP_FEEDS = `
  with stale as (
    select d.order_id from drip_feeds d where d.stale and not d.done order by d.order_id limit 100 for update skip locked
  ),
  seen as (update drip_feeds d set stale = false from stale where d.order_id = stale.order_id returning d.order_id, d.runs, d.runs_started)
  select o.id as "orderId", o.quantity, seen.runs, seen.runs_started as "runsStarted", o.cancel_asked_at is not null as "cancelAsked",
    count(c.id) filter (where not c.ended)::int as "openRuns",
    coalesce(sum(c.quantity - greatest(c.remains, 0)), 0)::bigint as delivered,
    (array_agg(c.start_count order by k.number) filter (where c.start_count > 0))[1] as "startCount"
  from seen
  join orders o on o.id = seen.order_id
  left join child_orders k on k.parent_id = o.id
  left join orders c on c.id = k.order_id
  where not o.ended
  group by o.id, o.quantity, seen.runs, seen.runs_started, o.cancel_asked_at`

/** Locks and reads the stale drip-feeds, inside the caller's transaction, which settles them. */
export async function readStaleDripFeeds(tx: Queryable): Promise<StaleDripFeed[]> {
  return (await tx.query<StaleDripFeed>({ name: 'stale drip-feeds', text: STALE_DRIP_FEEDS })).rows
}
