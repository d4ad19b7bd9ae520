-- Marks orders as taken when staff work on them without a pull (see pull_manual_orders). The caller holds their row locks.
create or replace function take_manual_orders(p_now timestamptz, p_ids bigint[]) returns void language sql as $$
  with taken as (update orders o set sent = true where o.id = any(p_ids) and not o.sent returning o.id, o.supplier_id)
  insert into hand_offs (order_id, supplier_id, reference, state, due_at, claimed_at)
  select t.id, t.supplier_id, 'manual', 'sent', 'infinity', p_now from taken t
  on conflict (order_id) do update set supplier_id = excluded.supplier_id, reference = excluded.reference, state = excluded.state,
    due_at = excluded.due_at, claimed_at = excluded.claimed_at, cancel_sent = false
$$;
