-- Takes the oldest orders that wait for a manual supplier; another pull skips the rows that this one has locked. Also shows a cancel
-- request that came before.
create or replace function pull_manual_orders(p_now timestamptz, p_supplier int, p_services int[], p_most int)
returns table (order_id bigint, cancel_asked boolean) language sql as $$
  with due as (
    select id from orders
    where supplier_id = p_supplier and not sent and not ended and kind = 'single' and (p_services is null or service_id = any(p_services))
    order by id limit p_most for no key update skip locked
  ),
  taken as (
    update orders o set sent = true from due where o.id = due.id
    returning o.id, o.cancel_asked_at is not null as cancel_asked
  ),
  noted as (
    insert into hand_offs (order_id, supplier_id, reference, state, due_at, claimed_at)
    select t.id, p_supplier, 'manual', 'sent', 'infinity', p_now from taken t
    on conflict (order_id) do update set supplier_id = excluded.supplier_id, reference = excluded.reference, state = excluded.state,
      due_at = excluded.due_at, claimed_at = excluded.claimed_at, cancel_sent = false
  )
  select t.id, t.cancel_asked from taken t order by t.id
$$;
