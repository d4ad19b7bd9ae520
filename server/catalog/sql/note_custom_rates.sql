-- Writes changes of custom rates into the trail.
create or replace function note_custom_rates() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform write_service_changes(array_agg(n.service_id), array_agg(n.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(o.rate), array_agg(n.rate))
    from new_rows n join old_rows o using (account_id, service_id) where n.rate <> o.rate;
  elsif tg_op = 'INSERT' then
    perform write_service_changes(array_agg(n.service_id), array_agg(n.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(null::text), array_agg(n.rate))
    from new_rows n;
  else
    perform write_service_changes(array_agg(o.service_id), array_agg(o.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(o.rate), array_agg(null::text))
    from old_rows o;
  end if;
  return null;
end $$;
