-- Writes a changed discount of a group into the trail, for each account that has another discount now.
create or replace function note_group_discounts() returns trigger language plpgsql as $$
begin
  perform write_service_changes(array_agg(null::int), array_agg(c.id), array_agg(null::int), array_agg('discount'::text),
    array_agg(c.old::text), array_agg(c.new::text))
  from (
    select a.id, greatest(a.discount_basis_points, o.discount_basis_points) as old, greatest(a.discount_basis_points, n.discount_basis_points) as new
    from new_rows n join old_rows o using (id) join accounts a on a.group_id = n.id
    where n.discount_basis_points <> o.discount_basis_points
  ) c where c.old <> c.new;
  return null;
end $$;
