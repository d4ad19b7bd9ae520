import type { Queryable } from '../db/pool.ts'
import type { MeasuredTime } from './terms.ts'

/** How long a service takes, by its newest orders; null when they are too few to say. */
export interface ServiceTimes {
  readonly serviceId: number
  readonly start: MeasuredTime | null
  readonly finish: MeasuredTime | null
  /** When the newest of them was completed, as the database wrote it: its clock may be finer than ours. */
  readonly newestAt: string
}

// The number of this function's own lock: two nodes that measure at once would do the same work twice.
const HOLD = 'select pg_try_advisory_xact_lock(7305) as held'

/** True when the caller's transaction is the only one that measures. */
export async function holdMeasuring(tx: Queryable): Promise<boolean> {
  return (await tx.query<{ held: boolean }>(HOLD)).rows[0]!.held
}

const KEEP = `
  with measured as (
    select * from jsonb_to_recordset($1::jsonb) as t("serviceId" int, start jsonb, finish jsonb, "newestAt" timestamptz)
  ),
  before as (select t.* from service_times t join measured m on m."serviceId" = t.service_id),
  kept as (
    insert into service_times as t (service_id, start_median, start_p95, finish_median, finish_p95, newest_at, measured_at)
    select m."serviceId", (m.start ->> 'median')::bigint, (m.start ->> 'p95')::bigint, (m.finish ->> 'median')::bigint,
      (m.finish ->> 'p95')::bigint, m."newestAt", $2 from measured m
    on conflict (service_id) do update set start_median = excluded.start_median, start_p95 = excluded.start_p95,
      finish_median = excluded.finish_median, finish_p95 = excluded.finish_p95, newest_at = excluded.newest_at, measured_at = excluded.measured_at
    returning t.*
  )
  select pg_notify('docket_times', '')
  where exists (
    select from kept k left join before b on b.service_id = k.service_id
    where (k.start_median, k.start_p95, k.finish_median, k.finish_p95) is distinct from (b.start_median, b.start_p95, b.finish_median, b.finish_p95))`

/** Stores the measured times, and notifies the nodes when they have changed. */
export async function keepTimes(tx: Queryable, times: readonly ServiceTimes[], now: Date): Promise<void> {
  if (times.length > 0) await tx.query(KEEP, [JSON.stringify(times), now])
}
