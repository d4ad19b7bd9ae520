-- Writes changes between a service and its suppliers into the trail: cost, multiplier, the supplier's service, and whether the
-- supplier's list still has it.
create or replace function note_bindings() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    perform write_service_changes(array_agg(n.service_id), array_agg(null::int), array_agg(n.supplier_id), array_agg(c.what),
      array_agg(c.old), array_agg(c.new))
    from new_rows n join old_rows o using (service_id, supplier_id) cross join lateral (values
      ('cost', o.cost_rate, n.cost_rate), ('multiplier', o.multiplier::text, n.multiplier::text),
      ('their service', o.their_service, n.their_service),
      ('listed', case when o.gone_at is null then 'yes' else 'no' end, case when n.gone_at is null then 'yes' else 'no' end)
    ) c(what, old, new) where c.old is distinct from c.new;
  elsif tg_op = 'INSERT' then
    perform write_service_changes(array_agg(n.service_id), array_agg(null::int), array_agg(n.supplier_id), array_agg('cost'::text),
      array_agg(null::text), array_agg(n.cost_rate))
    from new_rows n where n.cost_rate is not null;
  else
    perform write_service_changes(array_agg(o.service_id), array_agg(null::int), array_agg(o.supplier_id), array_agg('cost'::text),
      array_agg(o.cost_rate), array_agg(null::text))
    from old_rows o where o.cost_rate is not null;
  end if;
  return null;
end $$;
