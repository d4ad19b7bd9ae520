-- The rate of a group is a price too.
create or replace trigger group_rates_turn_the_version after insert or update or delete on group_rates
  for each statement execute function turn_catalogue_version();
