-- Writes changes of an account's discount into the trail.
create or replace function note_discounts() returns trigger language plpgsql as $$
begin
  perform write_service_changes(array_agg(null::int), array_agg(n.id), array_agg(null::int), array_agg('discount'::text),
    array_agg(o.discount_basis_points::text), array_agg(n.discount_basis_points::text))
  from new_rows n join old_rows o using (id) where n.discount_basis_points <> o.discount_basis_points;
  return null;
end $$;
