import type { Queryable } from '../../server/db/pool.ts'
import { type Cause, causes } from '../../server/ledger/sums.ts'
import { tickets } from './grown-tickets.ts'
import { RATE, SERVICES } from './seed.ts'

/** What a house has beside its orders after a year. */
interface Size {
  readonly orders: number
  readonly accounts: number
  readonly suppliers: number
}

/** Writes what the desk shows beside the orders: books with their lines, sums of a year in which each service and each customer was sold on each day
 * (no house has more of them), measures of suppliers, refills, cancels, alerts and a log. Triggers are off. */
export async function furnish(tx: Queryable, size: Size): Promise<void> {
  for (const text of [
    ...people(size),
    ...books(size),
    ...catalogue(size),
    ...measures(size),
    ...asks(size),
    ...tickets(size),
    ...sums(size),
  ])
    await tx.query(text)
}

const DAYS = 365
const CHARGE = 9000
const day = (n: string) => `(now() at time zone 'utc')::date - ${n}`

const people = ({ accounts }: Size) => [
  `insert into account_groups (id, name) select n, 'group ' || n from generate_series(1, 20) n`,
  `update accounts set group_id = case when id % 3 = 0 then 1 + id % 20 end, suspended_at = case when id % 100 = 0 then now() end`,
  `insert into users (account_id, email, created_at) select n, 'person' || n || '@shop' || n % 500 || '.example', now() from generate_series(1, ${accounts}) n`,
  `insert into staff (email, name, role, created_at) select 'staff' || n || '@example.com', 'Staff ' || n, 'manager', now() from generate_series(1, 20) n`,
  `insert into staff_log (line, at, staff_id, who, via, act, account_id, order_id, service_id, input, result, hash)
    select n, now() - (200000 - n) * interval '2 minutes', 1 + n % 20, 'staff' || 1 + n % 20 || '@example.com', 'page', act,
      case when act = 'fund' then 1 + n % ${accounts} end, case when act like 'order%' then n end, case when act like 'service%' then 1 + n % ${SERVICES} end,
      case when act = 'fund' then '{"amount": "5", "note": "by hand"}' else '{}' end::json, '{}', sha256(n::text::bytea)
    from generate_series(1, 200000) n
    cross join lateral (select (array['order cancel', 'order partial', 'service set', 'fund', 'alert close'])[1 + n % 5] as act) a`,
]

/** A deposit and the charges of its orders in each book, without a gap. */
const books = ({ orders, accounts }: Size) => [
  `update books set paid_in = 0, wallet = 0, sales = 0, lines = 0 where id <= ${accounts}`,
  `delete from transfers`,
  `create temporary table deposits on commit drop as select n as book, 1000000000::bigint + n % 997 * 1000000 as amount from generate_series(1, ${accounts}) n`,
  `insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, at)
    select book, 1, 'deposit', 'paid_in', 'wallet', amount, amount, now() - interval '400 days' from deposits`,
  `insert into transfers (book_id, line, cause, taken_from, given_to, amount, wallet_after, order_id, at)
    select o.book_id, o.line, 'charge', 'wallet', 'sales', ${CHARGE}, d.amount - (o.line - 1) * ${CHARGE}, o.id, o.placed_at
    from orders o join deposits d on d.book = o.book_id where o.id <= ${orders} order by o.id`,
  `update books b set paid_in = -d.amount, wallet = d.amount - t.charges * ${CHARGE}, sales = t.charges * ${CHARGE}, lines = t.charges + 1
    from deposits d, (select book_id, count(*) - 1 as charges from transfers group by 1) t where d.book = b.id and t.book_id = b.id`,
  `insert into order_events (book_id, change, order_id, at, by, status)
    select book_id, row_number() over (partition by book_id order by id), id, ended_at, 'supplier', status::text from orders where id % 10 < 2 and id <= ${orders} and ended`,
  `insert into feeds (book_id, changes) select book_id, max(change) from order_events group by 1 on conflict (book_id) do update set changes = excluded.changes`,
  `update books set paid_in = paid_in + wallet, wallet = 0 where id % 20 = 0`,
  `insert into balance_alarms (book_id, below) select id, 1100000000 from books where id % 10 = 0 on conflict do nothing`,
  `insert into report_cursors (book_id, line, change) select b.id, b.lines, coalesce(f.changes, 0) from books b left join feeds f on f.book_id = b.id where not b.play
    on conflict (book_id) do update set line = excluded.line, change = excluded.change`,
  `update report_state set counted_at = now()`,
]

/** Three suppliers for each service, some of them dearer than its price, some gone. */
const catalogue = ({ suppliers, accounts }: Size) => [
  `update services set supplier_id = 101 + id % ${suppliers}, state = case id % 100 when 7 then 'disabled' when 8 then 'hidden' else 'on sale' end,
    sync_pause = case when id % 100 = 7 then 'cost' end`,
  `insert into service_suppliers (service_id, supplier_id, position, their_service, cost_rate, gone_at)
    select s.id, 101 + (s.id + n * 7) % ${suppliers}, 1 + n, s.id::text, '0.' || 40 + (s.id * 31 + n * 17) % 55,
      case when (s.id + n) % 200 = 0 then now() end
    from services s, generate_series(0, 2) n`,
  `insert into service_times (service_id, start_median, start_p95, finish_median, finish_p95, newest_at, measured_at)
    select id, 60, 900, 3600, 7200 + id, now(), now() from services on conflict do nothing`,
  `insert into custom_rates (account_id, service_id, rate)
    select 1 + n % ${accounts}, 1 + n * 7 % ${SERVICES}, '${RATE}' from generate_series(1, 20000) n on conflict do nothing`,
  `insert into service_changes (number, service_id, what, old, new, cause, at)
    select n, 1 + n % ${SERVICES}, 'rate', '1', '${RATE}', 'staff', now() - (50000 - n) * interval '5 minutes' from generate_series(1, 50000) n on conflict do nothing`,
  `insert into price_lists (supplier_id, due_at, listed)
    select id, now(), (select array_agg(n::text) from generate_series(1, ${SERVICES + 300}) n) from suppliers where id > 100 on conflict do nothing`,
]

const measures = ({ suppliers }: Size) => [
  `insert into supplier_services (supplier_id, service_id, orders, completed, partial, canceled, recent, recent_partial, recent_canceled,
      start_median, start_p95, finish_median, finish_p95, newest_at)
    select supplier_id, service_id, 1000, 950, 30, 20, 100, (service_id + supplier_id) % 7, (service_id + supplier_id) % 5,
      60, 900, 3600 + (service_id * 13 + supplier_id * 7) % 3000, 9000, now() from service_suppliers`,
  `insert into supplier_hours (supplier_id, hour, calls, failures, ms, slowest)
    select 100 + s, date_trunc('hour', now()) - n * interval '1 hour', 3000, n % 9, 900000, 2500 from generate_series(1, ${suppliers}) s, generate_series(0, 719) n`,
  `insert into supplier_balances (supplier_id, hour, balance, spent)
    select 100 + s, date_trunc('hour', now()) - n * interval '1 hour', 1000 + n, 1.25 from generate_series(1, ${suppliers}) s, generate_series(0, 719) n`,
  `insert into supplier_days (supplier_id, day, orders, completed, partial, canceled)
    select 100 + s, ${day('n')}, 2500, 2375, 50, 75 from generate_series(1, ${suppliers}) s, generate_series(0, ${DAYS - 1}) n`,
  `insert into supplier_standings (supplier_id, answers, since, asked_at, balance, currency, balance_at)
    select 100 + s, true, now() - interval '3 days', now(), 1000, 'USD', now() from generate_series(1, ${suppliers}) s`,
]

/** A fiftieth of the open orders was asked to be cancelled, an order of a thousand to be refilled; most alerts are closed. */
const asks = ({ orders, suppliers }: Size) => [
  `update orders set cancel_asked_at = placed_at + id % 100 * interval '1 minute' where id > ${orders} * 0.99 and id % 49 = 0`,
  `update orders set sent = false where id > ${orders} * 0.99 and id % 40 = 1`,
  `delete from hand_offs where order_id > ${orders} * 0.99 and order_id % 40 = 1`,
  `update hand_offs set reference = 'manual' where order_id > ${orders} * 0.99 and order_id % 40 = 2`,
  `update hand_offs set due_at = now() + order_id % 1000 * interval '1 minute' where order_id > ${orders} * 0.99 and state = 'sent'`,
  `insert into work_claims (order_id, staff_id, who, claimed_at, until)
    select order_id, 1 + order_id % 20, 'staff' || 1 + order_id % 20 || '@example.com', now(), now() + interval '1 hour'
    from hand_offs where order_id > ${orders} * 0.99 and order_id % 80 = 2`,
  `insert into refills (order_id, book_id, status, asked_at, ended_at)
    select o.id, o.book_id, s.status, o.ended_at + interval '1 day', case when s.status in ('Completed', 'Rejected') then o.ended_at + interval '2 days' end
    from orders o cross join lateral (
      select case when o.id <= ${orders} * 0.98 then case when o.id % 7 = 0 then 'Rejected' else 'Completed' end when o.id % 3 = 0 then 'Pending' else 'In progress' end as status
    ) s where o.ended and o.id % 1000 < 20 and o.id <= ${orders} * 0.985 order by o.id`,
  `insert into refill_hand_offs (refill_id, supplier_id, reference, state, due_at)
    select r.id, 101 + r.id % ${suppliers}, 'f' || r.id, 'sent', now() from refills r where r.status = 'In progress'`,
  `insert into alerts (kind, supplier_id, order_id, words, first_at, last_at, closed_at)
    select (array['order needs attention', 'answer unclear', 'partial not believed', 'unknown status word'])[1 + n % 4], 101 + n % ${suppliers}, o.id, 'what was said',
      now() - (200000 - n) * interval '1 minute', now() - (200000 - n) * interval '1 minute', case when n <= 199000 then now() - (200000 - n) * interval '1 minute' end
    from generate_series(1, 200000) n cross join lateral (select case when n <= 199000 then n * greatest(${orders} / 200000, 1) else ${orders} - n % 1000 end as id) o`,
]

const SUMS = 'orders, sold, refunds, given_back, cost, cost_said, unpriced'
const MOVED_A_DAY: Readonly<Partial<Record<Cause, number>>> = { deposit: 900_000_000, charge: -450_000_000, refund: 9_000_000 }
const longer = (table: string, ids: string, from: string, time: string) => [
  `insert into ${table} select ${time}, currency, ${ids}, ${SUMS.replaceAll(/\w+/g, 'sum($&)')} from ${from} group by 1, currency, ${ids}`,
]
const sums = ({ accounts, suppliers }: Size) => [
  `insert into sold_hours (hour, currency, supplier_id, ${SUMS})
    select date_trunc('hour', now()) - n * interval '1 hour', 'USD', 100 + s, 100, 900000, 3, 27000, 500000, 400000, 0
    from generate_series(0, ${DAYS * 24 - 1}) n, generate_series(1, ${suppliers}) s order by 1 desc`,
  `insert into service_days (day, currency, service_id, supplier_id, ${SUMS})
    select ${day('n')}, 'USD', s, 101 + s % ${suppliers}, 10, 90000 + s * 7 % 1000, s % 2, s % 2 * 900, 50000, 40000, 0
    from generate_series(0, ${DAYS - 1}) n, generate_series(1, ${SERVICES}) s order by 1, 3`,
  `insert into account_days (day, currency, account_id, ${SUMS})
    select ${day('n')}, 'USD', a, 5, 45000 + a * 7 % 1000, a % 2, a % 2 * 900, 25000, 20000, 0
    from generate_series(0, ${DAYS - 1}) n, generate_series(1, ${accounts}) a order by 1, 3`,
  ...longer('sold_days', 'supplier_id', 'sold_hours', `(hour at time zone 'utc')::date`),
  ...longer('service_months', 'service_id, supplier_id', 'service_days', `date_trunc('month', day)::date`),
  ...longer('account_months', 'account_id', 'account_days', `date_trunc('month', day)::date`),
  `insert into money_days (day, currency, ${causes.join(', ')})
    select ${day('n')}, 'USD', ${causes.map((cause) => MOVED_A_DAY[cause] ?? 0).join(', ')} from generate_series(0, ${DAYS - 1}) n`,
]
