-- Writes changes of a group's rates into the trail, for each account of the group without a rate of its own for that service.
create or replace function note_group_rates() returns trigger language plpgsql as $$
declare v_changes jsonb;
begin
  if tg_op = 'UPDATE' then
    select jsonb_agg(jsonb_build_object('g', n.group_id, 's', n.service_id, 'old', o.rate, 'new', n.rate)) into v_changes
    from new_rows n join old_rows o using (group_id, service_id) where n.rate <> o.rate;
  elsif tg_op = 'INSERT' then
    select jsonb_agg(jsonb_build_object('g', n.group_id, 's', n.service_id, 'new', n.rate)) into v_changes from new_rows n;
  else
    select jsonb_agg(jsonb_build_object('g', o.group_id, 's', o.service_id, 'old', o.rate)) into v_changes from old_rows o;
  end if;
  perform write_service_changes(array_agg(c.s), array_agg(a.id), array_agg(null::int), array_agg('custom rate'::text),
    array_agg(c.old), array_agg(c.new))
  from jsonb_to_recordset(v_changes) as c(g int, s int, old text, new text)
  join accounts a on a.group_id = c.g
  where not exists (select from custom_rates r where r.account_id = a.id and r.service_id = c.s);
  return null;
end $$;
