import type { Queryable } from '../db/pool.ts'

/** How a supplier does, from what was counted and added up: nothing here reads orders. */
export interface SupplierSeen {
  readonly id: number
  readonly name: string
  readonly protocol: 'simulated' | 'api-v2' | 'manual'
  readonly url: string | null
  readonly paused: boolean
  /** Whether it answers; null: it was not called yet. */
  readonly answers: boolean | null
  /** Since when it answers, or is away. */
  readonly since: Date | null
  readonly asked_at: Date | null
  /** Its last failure in words, also when it has answered since. */
  readonly failure: string | null
  /** Of the last 24 hours; mean and slowest in milliseconds, null without a call. */
  readonly calls: bigint
  readonly failures: bigint
  readonly mean: number | null
  readonly slowest: number | null
  /** Exact decimal text in its currency; null: not known. */
  readonly balance: string | null
  readonly currency: string | null
  readonly balance_at: Date | null
  readonly balance_low: string | null
  /** What was spent a day in the last week, and how many days the balance lasts at that; null: not known, or nothing was spent. */
  readonly spent_a_day: string | null
  readonly lasts_days: number | null
  /** Orders that ended in the last 30 days, and those that ended in part or cancelled. */
  readonly orders: bigint
  readonly partial: bigint
  readonly canceled: bigint
  /** Services bound to it that it lists, and those for which it is asked first, also off sale. */
  readonly services: number
  readonly first: number
}

const SIDE_BY_SIDE = `
  select s.id, s.name, s.protocol, s.url, s.paused,
    case when a.first_at is not null then false else t.answers end as answers, coalesce(a.first_at, t.since) as since, t.asked_at,
    coalesce(a.words, t.failure) as failure,
    c.calls, c.failures, c.mean, c.slowest, trim_scale(t.balance)::text as balance, coalesce(t.currency, s.currency) as currency, t.balance_at,
    trim_scale(s.balance_low)::text as balance_low, trim_scale(round(b.spent_a_day, 2))::text as spent_a_day,
    case when b.spent_a_day > 0 then greatest(floor(t.balance / b.spent_a_day), 0)::int end as lasts_days,
    d.orders, d.partial, d.canceled, coalesce(n.services, 0) as services, coalesce(v.first, 0) as first
  from suppliers s
  left join supplier_standings t on t.supplier_id = s.id
  left join lateral (
    select l.first_at, l.words from alerts l
    where l.supplier_id = s.id and l.order_id is null and l.closed_at is null and l.kind in ('supplier away', 'supplier refuses our key')
    order by l.first_at limit 1
  ) a on true
  cross join lateral (
    select coalesce(sum(h.calls), 0)::bigint as calls, coalesce(sum(h.failures), 0)::bigint as failures,
      round(sum(h.ms)::numeric / nullif(sum(h.calls), 0))::int as mean, max(h.slowest) as slowest
    from supplier_hours h where h.supplier_id = s.id and h.hour > $1::timestamptz - interval '24 hours'
  ) c
  cross join lateral (
    select sum(v.spent) * 86400 / greatest(extract(epoch from $1::timestamptz - min(v.hour)), 3600) as spent_a_day
    from supplier_balances v where v.supplier_id = s.id and v.hour > $1::timestamptz - interval '7 days'
  ) b
  cross join lateral (
    select coalesce(sum(v.orders), 0)::bigint as orders, coalesce(sum(v.partial), 0)::bigint as partial, coalesce(sum(v.canceled), 0)::bigint as canceled
    from supplier_days v where v.supplier_id = s.id and v.day > ($1::timestamptz at time zone 'utc')::date - 30
  ) d
  left join (select supplier_id, count(*)::int as services from service_suppliers where gone_at is null group by 1) n on n.supplier_id = s.id
  left join (select supplier_id, count(*)::int as first from services group by 1) v on v.supplier_id = s.id
  where $2::int is null or s.id = $2
  order by s.id`

/** Suppliers side by side; with an id, that one alone. */
export async function readSideBySide(db: Queryable, now: Date, supplierId: number | null = null): Promise<SupplierSeen[]> {
  return (await db.query<SupplierSeen>({ name: 'suppliers side by side', text: SIDE_BY_SIDE, values: [now, supplierId] })).rows
}

/** A service bound to a supplier, with what it costs and what came of its orders there. Times in seconds from the placing of an order. */
export interface ServiceThere {
  readonly service: number
  readonly name: string
  readonly state: string
  readonly type: string
  /** Our price. */
  readonly rate: string
  readonly position: number
  readonly their_service: string
  /** For one of ours, in our currency; null: not known. */
  readonly cost: string | null
  readonly gone_at: Date | null
  readonly orders: bigint
  readonly recent: number
  readonly recent_partial: number
  readonly recent_canceled: number
  readonly start_median: number | null
  readonly start_p95: number | null
  readonly finish_median: number | null
  readonly finish_p95: number | null
}

const MEASURES = `coalesce(m.orders, 0)::bigint as orders, coalesce(m.recent, 0) as recent, coalesce(m.recent_partial, 0) as recent_partial,
  coalesce(m.recent_canceled, 0) as recent_canceled, m.start_median, m.start_p95, m.finish_median, m.finish_p95`
const SERVICES_THERE = `
  select v.id as service, v.name, v.state, v.type, v.rate, b.position, b.their_service, trim_scale(b.cost_rate::numeric * b.multiplier)::text as cost, b.gone_at,
    ${MEASURES}
  from (
    select * from service_suppliers where supplier_id = $1 and service_id > $2 order by service_id limit $3
  ) b
  join services v on v.id = b.service_id
  left join supplier_services m on m.supplier_id = b.supplier_id and m.service_id = b.service_id
  order by v.id`

/** The services of a supplier by their numbers; `after` is the last one of the page before. */
export async function readServicesThere(db: Queryable, supplierId: number, page: { after: number; most: number }): Promise<ServiceThere[]> {
  const values = [supplierId, page.after, page.most]
  return (await db.query<ServiceThere>({ name: 'services of a supplier', text: SERVICES_THERE, values })).rows
}

/** A supplier that does a service cheaper and sooner than the one that is asked first. */
export interface Better {
  readonly service: number
  readonly name: string
  readonly asked_first: string
  readonly asked_first_id: number
  readonly cost: string
  readonly finish_median: number
  readonly better: string
  readonly better_id: number
  readonly better_cost: string
  readonly better_finish_median: number
  /** Of its newest orders, how many ended in part or cancelled, in per cent. */
  readonly better_failed_percent: number
}

/** So many services are looked at in one go: all of five thousand would take a page too long. */
const LOOKED_AT = 500

const TO_LOOK_AT = `
  select v.id from services v
  where v.id > $1 and v.state = 'on sale'
    and ($2::int is null or exists (select from service_suppliers o where o.service_id = v.id and o.supplier_id = $2))
  order by v.id limit ${LOOKED_AT}`
const BETTER = `
  select v.id as service, v.name, f.name as asked_first, f.id as asked_first_id, trim_scale(a.cost_rate::numeric * a.multiplier)::text as cost,
    am.finish_median, s.name as better, s.id as better_id, trim_scale(b.cost_rate::numeric * b.multiplier)::text as better_cost,
    bm.finish_median as better_finish_median, round(100.0 * (bm.recent_partial + bm.recent_canceled) / bm.recent)::int as better_failed_percent
  from unnest($1::int[]) as l(id)
  cross join lateral (select id, name, supplier_id from services where id = l.id offset 0) v
  join service_suppliers a on a.service_id = v.id and a.supplier_id = v.supplier_id
  join supplier_services am on am.service_id = v.id and am.supplier_id = v.supplier_id
  join service_suppliers b on b.service_id = v.id and b.supplier_id <> v.supplier_id and b.gone_at is null
  join supplier_services bm on bm.service_id = v.id and bm.supplier_id = b.supplier_id
  join suppliers f on f.id = v.supplier_id
  join suppliers s on s.id = b.supplier_id and not s.paused
  where bm.finish_median < am.finish_median and b.cost_rate::numeric * b.multiplier < a.cost_rate::numeric * a.multiplier
    and (bm.recent_partial + bm.recent_canceled) * am.recent <= (am.recent_partial + am.recent_canceled) * bm.recent
    and ($2::int is null or $2 in (f.id, s.id))
    and not exists (select from alerts r where r.supplier_id = s.id and r.order_id is null and r.closed_at is null and r.kind = 'supplier away')
  order by v.id, b.cost_rate::numeric * b.multiplier`

/** Services that another supplier does cheaper and sooner, failing no more often, by what was measured there: among the next five hundred services after
 * one. `next` is the last of them when there are more. */
export async function readBetter(
  db: Queryable,
  { after, supplierId }: { readonly after: number; readonly supplierId: number | null },
): Promise<{ readonly rows: Better[]; readonly next: number | null }> {
  const looked = await db.query<{ id: number }>({ name: 'services to look at', text: TO_LOOK_AT, values: [after, supplierId] })
  const ids = looked.rows.map((row) => row.id)
  const { rows } = await db.query<Better>({ name: 'better suppliers', text: BETTER, values: [ids, supplierId] })
  return { rows, next: ids.length < LOOKED_AT ? null : ids.at(-1)! }
}

/** An order that a supplier has not taken yet, or does not answer about. */
export interface WaitingThere {
  readonly order: bigint
  readonly state: string
  readonly words: string | null
  readonly service: number
  readonly placed_at: Date
  /** When it is tried again; null: not by itself. */
  readonly due_at: Date | null
}

const WAITING = `
  select o.id as "order", w.state, w.words, o.service_id as service, o.placed_at, w.due_at
  from (
    select h.* from unnest(array['unconfirmed', 'attention', 'waiting', 'calling']) as k(state)
    cross join lateral (
      select order_id, hand_offs.state, words, case when due_at < 'infinity' then due_at end as due_at from hand_offs
      where supplier_id = $1 and hand_offs.state = k.state order by due_at limit $2
    ) h
    union all
    (select id, 'not handed over', null, null from orders where supplier_id = $1 and not sent and not ended and kind = 'single' order by id limit $2)
  ) w
  join orders o on o.id = w.order_id and not o.ended
  order by o.id limit $2`

/** Orders that wait at a supplier, oldest first. */
export async function readWaitingThere(db: Queryable, supplierId: number, most: number): Promise<WaitingThere[]> {
  return (await db.query<WaitingThere>({ name: 'waiting at a supplier', text: WAITING, values: [supplierId, most] })).rows
}

export interface SaidThere {
  readonly kind: string
  readonly words: string
  readonly order: bigint | null
  readonly first_at: Date
  readonly last_at: Date
  readonly times: number
}

const SAID = `
  select kind, words, order_id as "order", first_at, last_at, times from alerts
  where supplier_id = $1 and closed_at is null order by last_at desc, id desc limit $2`

/** The open alerts about a supplier, newest first. */
export async function readSaidThere(db: Queryable, supplierId: number, most: number): Promise<SaidThere[]> {
  return (await db.query<SaidThere>({ name: 'alerts of a supplier', text: SAID, values: [supplierId, most] })).rows
}
