import type { MeasuredTime } from '../catalog/terms.ts'
import type { ServiceTimes } from '../catalog/times.ts'
import type { Queryable } from '../db/pool.ts'

const MOST_ORDERS = 100
const FEWEST_ORDERS = 10
const DAYS = 30

// The first two conditions are those of the index completed_orders_of_a_service, so that each service costs one index step. The third leaves out
// orders completed before start times were recorded; no index may contain it (docs/decisions/0014).
const COMPLETED = `o.outcome = 'Completed' and o.kind = 'single' and o.started_at is not null`
// A service that was never measured may have had a hundred thousand orders at another panel, of which nobody knows when they began: only those of the
// last days are looked through.
const TO_MEASURE = `
  select s.id as "serviceId", n.ended_at::text as "newestAt"
  from services s left join service_times t on t.service_id = s.id
  cross join lateral (
    select o.ended_at from orders o where o.service_id = s.id and ${COMPLETED}
      and o.ended_at > case when t.service_id is null then $1::timestamptz - interval '${DAYS + 1} days' else '-infinity' end
    order by o.ended_at desc limit 1
  ) n
  where t.service_id is null or n.ended_at > t.newest_at or t.measured_at <= $1::timestamptz - interval '1 day'
  order by s.id limit $2`

type ToMeasure = Pick<ServiceTimes, 'serviceId' | 'newestAt'>

/** Services with orders completed since the last measurement, and those measured a day ago, because old orders leave the period. */
export async function readServicesToMeasure(tx: Queryable, now: Date, most: number): Promise<ToMeasure[]> {
  return (await tx.query<ToMeasure>({ name: 'services to measure', text: TO_MEASURE, values: [now, most] })).rows
}

// Orders with test money are worked by the simulated supplier, whoever fulfils the service, so they are left out.
const MEASURE = `
  select s.id as "serviceId", count(*)::int as orders,
    percentile_disc(array[0.5, 0.95]) within group (order by extract(epoch from m.started_at - m.placed_at)::bigint) as start,
    percentile_disc(array[0.5, 0.95]) within group (order by extract(epoch from m.ended_at - m.placed_at)::bigint) as finish
  from unnest($1::int[]) as s(id)
  cross join lateral (
    select o.placed_at, o.started_at, o.ended_at from orders o join books b on b.id = o.book_id and not b.play
    where o.service_id = s.id and ${COMPLETED} and o.ended_at > $2::timestamptz - interval '${DAYS} days'
    order by o.ended_at desc limit ${MOST_ORDERS}
  ) m
  group by s.id`

interface Measured {
  serviceId: number
  orders: number
  start: bigint[]
  finish: bigint[]
}

/** Median and 95th percentile of their newest completed orders, of the last thirty days. */
export async function measureServices(tx: Queryable, services: readonly ToMeasure[], now: Date): Promise<ServiceTimes[]> {
  if (services.length === 0) return []
  const ids = services.map((service) => service.serviceId)
  const { rows } = await tx.query<Measured>({ name: 'measure services', text: MEASURE, values: [ids, now] })
  const measured = new Map(rows.map((row) => [row.serviceId, row]))
  return services.map(({ serviceId, newestAt }) => {
    const row = measured.get(serviceId)
    const enough = row !== undefined && row.orders >= FEWEST_ORDERS
    return { serviceId, newestAt, start: enough ? timeOf(row.start) : null, finish: enough ? timeOf(row.finish) : null }
  })
}

function timeOf([median, p95]: readonly bigint[]): MeasuredTime {
  return { median: Number(median), p95: Number(p95) }
}
