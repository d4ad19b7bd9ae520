import type { Queryable } from '../db/pool.ts'
import { HAD_ENDED_ELSEWHERE } from './origins.ts'
import { ask, type Check, type Question } from '../ledger/audit.ts'

const questions: readonly Question[] = [
  {
    name: 'orders_equal_their_transfers',
    proves:
      "every order's charge is what was taken for it, and what was kept is that minus what was refunded and compensated; nothing moved for one that had ended at another panel",
    checked: 'select count(*) from orders',
    offending: `
      with moved as (
        select order_id, sum(amount) filter (where cause = 'charge') as charged, sum(amount) filter (where cause in ('refund', 'compensation')) as refunded,
          count(*) filter (where cause = 'charge') as charges, min(book_id) as book_id, max(book_id) as other_book_id,
          max(line) filter (where cause = 'charge') as line
        from transfers where order_id is not null group by order_id
      )
      select coalesce(o.id, m.order_id) as order, o.charge, coalesce(m.charged, 0) as charged, o.refunded,
        coalesce(m.refunded, 0) as refunded_by_transfers, coalesce(m.charges, 0) as charges
      from orders o full join moved m on m.order_id = o.id
      where case when ${HAD_ENDED_ELSEWHERE} then m.order_id is not null else o.id is null
        or o.charge <> coalesce(m.charged, 0) or o.refunded <> coalesce(m.refunded, 0)
        or coalesce(m.charges, 0) <> (o.charge > 0)::int
        or (m.order_id is not null and (m.book_id <> o.book_id or m.other_book_id <> o.book_id or m.line is distinct from o.line)) end`,
  },
  {
    name: 'refunds_within_charges',
    proves: 'nobody got back more than was paid, and nothing was given back twice for one cause',
    checked: "select count(*) from transfers where cause in ('refund', 'compensation')",
    offending: `
      select order_id as order, reference, count(*) as times from transfers where cause in ('refund', 'compensation')
      group by order_id, reference having count(*) > 1
      union all
      select id, 'refunded above charge', refunded from orders where refunded > charge or refunded < 0`,
  },
  {
    name: 'ended_orders_settled',
    proves: 'a cancelled order kept nothing, a partial one gave back its remains, half up',
    checked: "select count(*) from orders where status in ('Canceled', 'Partial')",
    offending: `
      select id as order, status, charge, refunded, remains, quantity from orders o
      where (status = 'Canceled' and refunded <> charge)
        or (status = 'Partial' and not (${HAD_ENDED_ELSEWHERE}) and refunded < least(charge,
          div(charge::numeric * least(greatest(remains, 0), quantity) * 2 + quantity, greatest(quantity, 1) * 2::numeric)))`,
  },
  {
    name: 'compensations_follow_their_promises',
    proves: 'every compensation is that of a promise that was missed: its share of the charge, half up, or what was left of it',
    checked: "select count(*) from promises where state = 'missed'",
    offending: `
      with paid as (select order_id, reference, amount from transfers where cause = 'compensation')
      select coalesce(p.order_id, t.order_id) as order, coalesce(p.promise, t.reference) as promise, p.state, p.compensation, t.amount as paid, o.charge
      from (select * from promises where state = 'missed') p
      full join paid t on t.order_id = p.order_id and t.reference = p.promise || ' promise missed'
      left join orders o on o.id = p.order_id
      where p.order_id is null or o.id is null or p.compensation <> coalesce(t.amount, 0)
        or p.compensation > div(o.charge::numeric * coalesce(p.compensation_basis_points, 0) * 2 + 10000, 20000)
        or (p.compensation < div(o.charge::numeric * coalesce(p.compensation_basis_points, 0) * 2 + 10000, 20000) and o.refunded <> o.charge)`,
  },
  {
    name: 'children_are_with_their_supplier',
    proves: 'every child order that a supplier made was placed once, and is followed under the id that the supplier gave it',
    checked: 'select count(*) from subscription_posts where reference is not null and order_id is not null',
    offending: `
      select p.subscription_id as subscription, p.reference, p.order_id as order, h.reference as followed_under
      from subscription_posts p
      left join orders o on o.id = p.order_id left join hand_offs h on h.order_id = p.order_id left join child_orders c on c.order_id = p.order_id
      where p.reference is not null and p.order_id is not null
        and (o.id is null or not o.sent or h.reference is distinct from p.reference or h.supplier_id is distinct from p.supplier_id
          or c.parent_id is distinct from p.subscription_id)
      union all
      select min(subscription_id), 'one order for several children', order_id, count(*)::text from subscription_posts
      where order_id is not null group by order_id having count(*) > 1`,
  },
  {
    name: 'charges_follow_their_rates',
    proves: "every charge is its order's rate × quantity ÷ 1000 (a package: the rate), rounded half up once, never to zero",
    checked: 'select count(*) from orders',
    offending: `
      select o.id as order, o.rate, o.quantity, o.charge from orders o join services s on s.id = o.service_id
      where o.kind <> 'subscription' and o.charge not in (
        greatest(div(o.rate::numeric * o.quantity * 200000 + 1000, 2000), (o.rate::numeric > 0)::int),
        greatest(div(o.rate::numeric * o.quantity * 200000 + 1, 2), (o.rate::numeric > 0)::int))`,
  },
  {
    name: 'order_ids_are_unused',
    proves: 'the next order id is above every order, so no order is given an id that another has',
    checked: 'select count(*) from order_ids',
    offending: `
      select i.next as next_order_id, newest.id as newest_order from order_ids i, (select max(id) as id from orders) newest
      where i.next <= newest.id`,
  },
  {
    name: 'retry_keys_name_orders',
    proves: 'every retry key stands for an order of its own book',
    checked: 'select count(*) from retry_keys',
    offending: `
      select k.book_id as book, k.key, k.order_id as order from retry_keys k left join orders o on o.id = k.order_id
      where o.id is null or o.book_id <> k.book_id`,
  },
]

export async function auditOrders(tx: Queryable): Promise<Check[]> {
  const checks: Check[] = []
  for (const question of questions) checks.push(await ask(tx, question))
  return checks
}
