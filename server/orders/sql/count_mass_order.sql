-- Counts the outcomes of a mass order's rows. It locks the row of the mass order, so that an older count cannot overwrite a newer one, and a mass
-- order whose rows are retried meanwhile does not become done.
create or replace function count_mass_order(p_id bigint, p_now timestamptz) returns setof mass_orders language plpgsql as $$
begin
  perform from mass_orders where id = p_id for update;
  return query
    update mass_orders m set placed = now.placed, refused = now.refused, charged = now.charged, worked_at = p_now,
      done_at = case when now.lines = now.placed + now.refused then coalesce(m.done_at, p_now) end
    from (
      select count(*) as lines, count(o.order_id)::int as placed, count(o.refusal_code)::int as refused,
        coalesce(sum(o.charge) filter (where o.order_id is not null), 0)::bigint as charged
      from mass_order_outcomes o where o.mass_order_id = p_id
    ) now
    where m.id = p_id
    returning m.*;
end $$;
