-- Writes changes of custom rates into the trail. Before it has a rate of its own, and afterwards, an account pays that of its group.
create or replace function note_custom_rates() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform write_service_changes(array_agg(n.service_id), array_agg(n.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(o.rate), array_agg(n.rate))
    from new_rows n join old_rows o using (account_id, service_id) where n.rate <> o.rate;
  elsif tg_op = 'INSERT' then
    perform write_service_changes(array_agg(n.service_id), array_agg(n.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(g.rate), array_agg(n.rate))
    from new_rows n join accounts a on a.id = n.account_id
    left join group_rates g on g.group_id = a.group_id and g.service_id = n.service_id
    where g.rate is distinct from n.rate;
  else
    perform write_service_changes(array_agg(o.service_id), array_agg(o.account_id), array_agg(null::int), array_agg('custom rate'::text),
      array_agg(o.rate), array_agg(g.rate))
    from old_rows o join accounts a on a.id = o.account_id
    left join group_rates g on g.group_id = a.group_id and g.service_id = o.service_id
    where g.rate is distinct from o.rate;
  end if;
  return null;
end $$;
