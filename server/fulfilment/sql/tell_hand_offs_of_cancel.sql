-- Acts on a cancel request. An order that certainly no supplier has is settled and answered. For an order that a supplier may have,
-- staff get an alert; a supplier that has the order is asked soon. The caller holds the orders' row locks.
create or replace function tell_hand_offs_of_cancel(p_now timestamptz, p_ids bigint[]) returns setof bigint language sql as $$
  insert into alerts (kind, supplier_id, order_id, words, first_at, last_at)
  select 'cancel requested', h.supplier_id, h.order_id, 'Nobody knows whether the supplier has it, and a cancel was asked for', p_now, p_now
  from hand_offs h where h.order_id = any(p_ids) and h.state = 'unconfirmed'
  on conflict (kind, coalesce(supplier_id, 0), coalesce(order_id, 0)) where closed_at is null do nothing;

  update hand_offs set cancel_sent = false, due_at = case when due_at = 'infinity' then due_at else least(due_at, p_now) end
  where order_id = any(p_ids) and state = 'sent';

  with let_go as (
    update hand_offs set state = 'settled', due_at = 'infinity', words = 'cancelled before it was sent'
    where order_id = any(p_ids) and state in ('waiting', 'attention') and not maybe_there returning order_id
  ),
  told as (update alerts a set closed_at = p_now from let_go l where a.order_id = l.order_id and a.closed_at is null)
  select order_id from let_go;
$$;
