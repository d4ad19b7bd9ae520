-- The discount of a group changes what its accounts pay.
create or replace trigger group_discounts_turn_the_version after update of discount_basis_points on account_groups
  for each statement execute function turn_catalogue_version();
