-- The outcome of each row. A row is placed when its retry key has an order: both are written in the commit that charges, so if a node dies between
-- that commit and any note of it, nothing has to be repaired. The lateral look-ups are one index step each.
create or replace view mass_order_outcomes as
  select l.mass_order_id, l.number, l.source, l.parameters, k.order_id, coalesce(o.charge, l.charge) as charge,
    case when k.order_id is null then l.refusal_code end as refusal_code, case when k.order_id is null then l.refusal end as refusal
  from mass_order_lines l join mass_orders m on m.id = l.mass_order_id
  left join lateral (
    select r.order_id from retry_keys r where r.book_id = m.book_id and r.key = mass_order_key(l.mass_order_id, l.number) offset 0
  ) k on true
  left join lateral (select o.charge from orders o where o.id = k.order_id offset 0) o on true;
