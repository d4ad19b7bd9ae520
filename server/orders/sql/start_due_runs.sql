-- Starts the runs that are due: a child order per run, paid by its parent. After a late run the next one follows in half the interval, so that
-- missed runs are made up without starting many at once. Returns the children.
-- The rate source is written for nodes of the previous version, which recognise a run by it.
create or replace function start_due_runs(p_now timestamptz, p_most int) returns table (parent_id bigint, order_id bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  r record;
  v_id bigint;
begin
  for r in
    select d.order_id as parent, d.run_quantity, d.runs_started, d.next_run_at, make_interval(mins => d.interval_minutes) as pause,
      o.book_id, o.key_id, o.service_id, o.supplier_id, o.link, o.parameters - 'runs' - 'interval' as parameters
    from drip_feeds d join orders o on o.id = d.order_id
    where d.runs_started < d.runs and not d.done and (d.next_run_at is null or d.next_run_at <= p_now)
      and not o.ended and o.cancel_asked_at is null and o.supplier_id is not null
    order by d.next_run_at nulls first limit p_most
    for update of o, d skip locked
  loop
    v_id := reserve_order_ids(1, 0);
    insert into orders (id, book_id, key_id, service_id, supplier_id, quantity, charge, rate, rate_source, remains, link, parameters, placed_at,
      parent_id, origin)
    values (v_id, r.book_id, r.key_id, r.service_id, r.supplier_id, r.run_quantity, 0, '0', 'run of order ' || r.parent, r.run_quantity,
      r.link, nullif(r.parameters, '{}'), p_now, r.parent, 'run');
    insert into child_orders (order_id, parent_id, number) values (v_id, r.parent, r.runs_started + 1);
    update drip_feeds d set runs_started = d.runs_started + 1, stale = true,
      next_run_at = greatest(coalesce(r.next_run_at, p_now) + r.pause, p_now + r.pause / 2)
    where d.order_id = r.parent;
    parent_id := r.parent; order_id := v_id;
    return next;
  end loop;
end $$;
