-- Writes changes of what accounts have off into the trail: of their own discount, or because they are in another group.
create or replace function note_discounts() returns trigger language plpgsql as $$
begin
  perform write_service_changes(array_agg(null::int), array_agg(c.id), array_agg(null::int), array_agg('discount'::text),
    array_agg(c.old::text), array_agg(c.new::text))
  from (
    select n.id, greatest(o.discount_basis_points, og.discount_basis_points) as old, greatest(n.discount_basis_points, ng.discount_basis_points) as new
    from new_rows n join old_rows o using (id)
    left join account_groups og on og.id = o.group_id
    left join account_groups ng on ng.id = n.group_id
    where n.discount_basis_points <> o.discount_basis_points or n.group_id is distinct from o.group_id
  ) c where c.old <> c.new;
  -- The rates of the groups that an account left and came into, but for services with a rate of its own.
  perform write_service_changes(array_agg(c.service_id), array_agg(c.id), array_agg(null::int), array_agg('custom rate'::text),
    array_agg(c.old), array_agg(c.new))
  from (
    select n.id, r.service_id, r.old, r.new
    from new_rows n join old_rows o using (id)
    cross join lateral (
      select service_id, og.rate as old, ng.rate as new
      from (select g.service_id, g.rate from group_rates g where g.group_id = o.group_id) og
      full join (select g.service_id, g.rate from group_rates g where g.group_id = n.group_id) ng using (service_id)
    ) r
    where n.group_id is distinct from o.group_id
  ) c
  where c.old is distinct from c.new
    and not exists (select from custom_rates r where r.account_id = c.id and r.service_id = c.service_id);
  return null;
end $$;
