-- Writes changes of services into the trail: each column that differs; for a new or deleted service its state and its rate.
create or replace function note_services() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform write_service_changes(array_agg(c.id order by c.position, c.id, c.what), array_agg(null::int), array_agg(null::int),
      array_agg(c.what order by c.position, c.id, c.what), array_agg(c.old order by c.position, c.id, c.what),
      array_agg(c.new order by c.position, c.id, c.what))
    from (
      select r.id, r.position, replace(f.key, '_', ' ') as what, r.was ->> f.key as old, f.value as new
      from (
        select n.id, n.position, to_jsonb(o) as was, to_jsonb(n) as now from new_rows n join old_rows o on o.id = n.id
        where n is distinct from o offset 0
      ) r cross join lateral jsonb_each_text(r.now) f
      where f.key not in ('id', 'position') and f.value is distinct from r.was ->> f.key
    ) c;
  elsif tg_op = 'INSERT' then
    perform write_service_changes(array_agg(s.id order by s.position, s.id, c.what desc), array_agg(null::int), array_agg(null::int),
      array_agg(c.what order by s.position, s.id, c.what desc), array_agg(null::text), array_agg(c.new order by s.position, s.id, c.what desc))
    from new_rows s cross join lateral (values ('state', s.state), ('rate', s.rate)) c(what, new);
  else
    perform write_service_changes(array_agg(s.id), array_agg(null::int), array_agg(null::int), array_agg(c.what), array_agg(c.old),
      array_agg(null::text))
    from old_rows s cross join lateral (values ('state', s.state), ('rate', s.rate)) c(what, old);
  end if;
  return null;
end $$;
