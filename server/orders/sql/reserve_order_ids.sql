-- Reserves order ids that are never given twice (docs/decisions/0029).
-- Returns the first of p_count ids. p_seen: one above the highest id that the caller ever got, 0 when it got none.
--
-- A counter that is at or below a known id, or belongs to another history, was set back. The number of ids given out since is unknown, so a million
-- are skipped: more than a standby ever lags behind.
create or replace function reserve_order_ids(p_count bigint, p_seen bigint) returns bigint language plpgsql as $$
declare
  v_next bigint;
  v_counted_in text;
  v_timeline text;
  v_used bigint;
begin
  select o.next, o.timeline into v_next, v_counted_in from order_ids o for update;
  begin
    v_timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  exception when others then
    -- Some hosted servers do not tell.
    v_timeline := v_counted_in;
  end;
  v_used := greatest(p_seen - 1, (select max(o.id) from orders o), 0);
  if v_next <= v_used or v_timeline <> v_counted_in then
    v_next := greatest(v_next, v_used + 1) + 1000000;
  end if;
  update order_ids set next = v_next + p_count, timeline = v_timeline;
  return v_next;
end $$;
