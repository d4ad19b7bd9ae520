import { finalStatuses } from '../../contract/statuses.ts'
import { causes, CHANGE } from '../ledger/sums.ts'
import { IS_RUN } from '../orders/origins.ts'
import { SUMS } from './sums.ts'

/**
 * The two statements that add up: what lines of the books bring, and what ended orders cost. $1 books, $2 up to which line, $3 up to which change of
 * its feed each is added up, $4 how many more of each at most, $5 the types of packages.
 */

const DAY = "(hour at time zone 'utc')::date"
const MONTH = "date_trunc('month', hour at time zone 'utc')::date"

function added(insertInto: string, by: Readonly<Record<string, string>>): string {
  const names = Object.keys(by)
  const sums = SUMS.map((sum) => `sum(${sum})`)
  const groups = names.map((_, index) => index + 1).join(', ')
  return `${insertInto} as r (${names.join(', ')}, ${SUMS.join(', ')})
    select ${Object.values(by).join(', ')}, ${sums.join(', ')} from movements
    group by ${groups} having (${sums.join(', ')}) <> (${SUMS.map(() => '0').join(', ')}) order by ${groups}
    on conflict (${names.join(', ')}) do update set ${SUMS.map((sum) => `${sum} = r.${sum} + excluded.${sum}`).join(', ')}`
}

const AT = `at as materialized (select * from unnest($1::int[], $2::bigint[], $3::bigint[]) as c(book, line, change))`
const ADD = `
  of_hours as (${added('insert into sold_hours', { hour: 'hour', currency: 'currency', supplier_id: 'supplier_id' })}),
  of_days as (${added('insert into sold_days', { day: DAY, currency: 'currency', supplier_id: 'supplier_id' })}),
  of_services as (${added('insert into service_days', { day: DAY, currency: 'currency', service_id: 'service_id', supplier_id: 'supplier_id' })}),
  of_service_months as (${added('insert into service_months', { month: MONTH, currency: 'currency', service_id: 'service_id', supplier_id: 'supplier_id' })}),
  of_accounts as (${added('insert into account_days', { day: DAY, currency: 'currency', account_id: 'account_id' })}),
  of_account_months as (${added('insert into account_months', { month: MONTH, currency: 'currency', account_id: 'account_id' })})`

const MONEY = `
  of_money as (
    insert into money_days as r (day, currency, ${causes.join(', ')})
    select ${DAY}, currency, ${causes.map((cause) => `coalesce(sum(moved) filter (where cause = '${cause}'), 0)`).join(', ')}
    from known group by 1, 2 order by 1, 2
    on conflict (day, currency) do update set ${causes.map((cause) => `${cause} = r.${cause} + excluded.${cause}`).join(', ')}
  )`

// The laterals limit every plan to the new lines and their orders.
export const LINES = `
  with ${AT},
  lines as materialized (
    select at.book, l.* from at cross join lateral (
      select t.line, t.cause, ${CHANGE} as moved, t.order_id, date_trunc('hour', t.at, 'utc') as hour
      from transfers t where t.book_id = at.book and t.line > at.line order by t.line limit $4
    ) l
  ),
  known as materialized (
    select l.*, b.currency, b.account_id, o.service_id, coalesce(o.supplier_id, 0) as supplier_id,
      case when l.cause = 'charge' then expected_cost(p_rate => m.cost_rate, p_quantity => o.quantity, p_multiplier => m.multiplier, p_package => s.type = any($5::text[])) end as cost
    from lines l join books b on b.id = l.book
    left join lateral (select service_id, supplier_id, quantity from orders where id = l.order_id offset 0) o on true
    left join services s on s.id = o.service_id
    left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = o.supplier_id
  ),
  expected as (
    insert into costs_under_way (order_id, hour, supplier_id, cost) select order_id, hour, supplier_id, cost from known where cause = 'charge'
  ),
  movements as materialized (
    select hour, currency, account_id, service_id, supplier_id, 1 as orders, -moved as sold, 0 as refunds, 0::bigint as given_back,
      coalesce(cost, 0) as cost, 0::bigint as cost_said, (cost is null)::int as unpriced
    from known where cause = 'charge'
    union all
    select hour, currency, account_id, service_id, supplier_id, 0, 0, 1, moved, 0, 0, 0 from known where order_id is not null and cause <> 'charge'
  ),
  ${ADD},
  ${MONEY},
  seen as (select book, max(line) as line, count(*) as count from lines group by book),
  moved as (update report_cursors c set line = s.line from seen s where c.book_id = s.book)
  select coalesce(sum(count), 0)::int as count, coalesce(bool_or(count = $4), false) as "isBehind" from seen`

const FINAL = `(${finalStatuses.map((status) => `'${status}'`).join(', ')})`

// An order ends once, so its first event with a final status is counted. Events are read up to the first one whose order has a charge that is not added
// up yet. A drip-feed costs what its runs cost. What a supplier says is believed in its own currency, or in one with an exchange rate.
export const ENDED = `
  with ${AT},
  changes as materialized (
    select at.book, at.line as added, e.* from at cross join lateral (
      select e.change, e.order_id, case when e.refill_id is null then e.status end as status
      from order_events e where e.book_id = at.book and e.change > at.change order by e.change limit $4
    ) e
  ),
  early as (
    select c.book, min(c.change) as change from changes c cross join lateral (select line from orders where id = c.order_id offset 0) o
    where o.line > c.added group by c.book
  ),
  taken as materialized (
    select c.* from changes c left join early e on e.book = c.book where e.change is null or c.change < e.change
  ),
  ended as materialized (
    select distinct on (o.id) o.id, o.kind, o.charge, coalesce(o.supplier_id, 0) as supplier_id, o.service_id, o.placed_at, b.currency, b.account_id
    from taken t cross join lateral (select * from orders where id = t.order_id offset 0) o join books b on b.id = t.book
    where t.status in ${FINAL} and o.ended and o.kind <> 'subscription' and not (${IS_RUN})
      and not exists (
        select from order_events f where f.order_id = t.order_id and f.change < t.change and f.refill_id is null and f.status in ${FINAL})
    order by o.id
  ),
  parts as (
    select id, id as part from ended where kind <> 'drip-feed'
    union all select e.id, k.order_id from ended e join child_orders k on k.parent_id = e.id where e.kind = 'drip-feed'
  ),
  costs as materialized (
    select p.id, sum(coalesce(x.said, x.listed)) as cost, sum(x.said) as said, bool_or(x.said is null and x.listed is null) as unknown
    from parts p
    cross join lateral (select service_id, supplier_id, quantity, remains, status from orders where id = p.part offset 0) o
    left join hand_offs h on h.order_id = p.part
    left join services s on s.id = o.service_id
    left join suppliers u on u.id = coalesce(h.supplier_id, o.supplier_id)
    left join service_suppliers m on m.service_id = o.service_id and m.supplier_id = u.id
    left join price_lists l on l.supplier_id = u.id
    cross join (select currency from catalogue limit 1) c
    cross join lateral (select
      case o.status when 'Completed' then o.quantity when 'Partial' then greatest(o.quantity - greatest(o.remains, 0), 0) else 0 end as delivered,
      coalesce(u.currency, l.exchange_currency, c.currency) as theirs
    ) w
    cross join lateral (select
      case when h.cost ~ '^\\d{1,9}(\\.\\d{1,12})?$' then
        round(h.cost::numeric * 100000 * case w.theirs when c.currency then 1 when l.exchange_currency then l.exchange_rate::numeric end)
      end as said,
      case when w.delivered = 0 then 0 else expected_cost(p_rate => m.cost_rate, p_quantity => w.delivered, p_multiplier => m.multiplier, p_package => s.type = any($5::text[])) end as listed
    ) x
    group by p.id
  ),
  was as (delete from costs_under_way u using ended e where u.order_id = e.id returning u.*),
  movements as materialized (
    select w.hour, e.currency, e.account_id, e.service_id, w.supplier_id, -1 as orders, -e.charge as sold, 0 as refunds, 0::bigint as given_back,
      -coalesce(w.cost, 0) as cost, 0::numeric as cost_said, -(w.cost is null)::int as unpriced
    from was w join ended e on e.id = w.order_id
    union all
    select coalesce(w.hour, date_trunc('hour', e.placed_at, 'utc')), e.currency, e.account_id, e.service_id, e.supplier_id,
      (w.order_id is not null)::int, case when w.order_id is null then 0 else e.charge end, 0, 0,
      coalesce(c.cost, 0), coalesce(c.said, 0), coalesce(c.unknown, false)::int
    from ended e left join costs c on c.id = e.id left join was w on w.order_id = e.id
  ),
  ${ADD},
  seen as (select book, max(change) as change, count(*) as count from taken group by book),
  moved as (update report_cursors c set change = s.change from seen s where c.book_id = s.book)
  select (select count(*) from taken)::int as count,
    coalesce((select bool_or(count = $4) from seen), false) or exists (select from early) as "isBehind"`
