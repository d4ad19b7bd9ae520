-- Has the suppliers of these orders asked for their status at once, where a program can be asked.
create or replace function look_at_orders_soon(p_now timestamptz, p_ids bigint[]) returns void language sql as $$
  update hand_offs h set due_at = least(h.due_at, p_now)
  from suppliers s
  where h.order_id = any(p_ids) and h.state = 'sent' and h.due_at < 'infinity' and s.id = h.supplier_id and not s.paused and s.protocol <> 'manual';
$$;
