-- A discount changes what an account pays, and so does another group.
create or replace trigger discounts_turn_the_version after update of discount_basis_points, group_id on accounts
  for each statement execute function turn_catalogue_version();
