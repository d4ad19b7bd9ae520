-- A custom rate is a price too.
create or replace trigger custom_rates_turn_the_version after insert or update or delete on custom_rates
  for each statement execute function turn_catalogue_version();
