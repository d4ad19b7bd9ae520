-- Notes what orders have come to, and moves the money that follows (called by settle.ts).
--
-- Moves each order forward, never back, never out of a final state; repeats change nothing. Partial refunds charge × remains ÷ quantity (half up,
-- once), Canceled the rest of the charge. Null start counts and remains keep the known values. Notes when an order began. Returns the orders that
-- moved: id, status, refund.
create or replace function settle_orders(
  p_now timestamptz, p_ids bigint[], p_statuses order_status[], p_start_counts bigint[], p_remains bigint[], p_by text,
  p_words text[]
) returns table (order_id bigint, status order_status, given_back bigint)
language plpgsql as $$
#variable_conflict use_column
declare
  r record;
  v_remains bigint;
  v_refund bigint;
  v_started_at timestamptz;
begin
  perform lock_orders(p_ids);

  for r in
    select distinct on (o.id) o.*, t.status as next_status, coalesce(t.start_count, o.start_count) as next_start_count,
      t.remains as told_remains, t.words
    from unnest(p_ids, p_statuses, p_start_counts, p_remains, p_words) with ordinality as t(id, status, start_count, remains, words, n)
    join orders o on o.id = t.id
    where not o.ended
    order by o.id, t.n
  loop
    -- An open state never goes back: a supplier that says Pending after In progress changes only the counts.
    if not is_final(r.next_status) and r.next_status < r.status and r.next_status < 'Active' then
      r.next_status := r.status;
    end if;
    v_remains := coalesce(r.told_remains, case r.next_status when 'Completed' then 0 else r.remains end);
    v_refund := case r.next_status
      when 'Canceled' then r.charge - r.refunded
      when 'Partial' then least(r.charge - r.refunded,
        div(r.charge::numeric * least(greatest(v_remains, 0), r.quantity) * 2 + r.quantity, greatest(r.quantity, 1) * 2::numeric)::bigint)
      else 0
    end;
    v_started_at := r.started_at;
    if v_started_at is null and r.kind = 'drip-feed' then
      -- It is in progress from the moment its first run waits for its turn: what counts is the first run that began.
      select min(c.started_at) into v_started_at from child_orders k join orders c on c.id = k.order_id where k.parent_id = r.id;
    elsif v_started_at is null and has_started(r.next_status, r.next_start_count, v_remains, r.quantity)
      and not has_started(r.status, r.start_count, r.remains, r.quantity) then
      v_started_at := p_now;
    end if;
    continue when r.next_status = r.status and v_remains = r.remains and r.next_start_count = r.start_count
      and v_started_at is not distinct from r.started_at;

    update orders o set
      status = r.next_status, start_count = r.next_start_count, remains = v_remains, refunded = o.refunded + v_refund,
      started_at = v_started_at, ended = is_final(r.next_status), ended_at = case when is_final(r.next_status) then p_now end
    where o.id = r.id;
    if v_refund > 0 then
      perform post_transfer(r.book_id, 'refund', v_refund, r.id, 'order ended', r.next_status::text, p_now);
    end if;
    perform add_order_event(r.book_id, r.id, null, p_now, p_by, r.next_status::text, r.next_start_count, v_remains, r.words);
    order_id := r.id; status := r.next_status; given_back := v_refund;
    return next;
  end loop;
end $$;
