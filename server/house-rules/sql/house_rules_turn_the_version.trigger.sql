-- The rules belong to the version of the catalogue: no order is committed under outdated rules (see turn_catalogue_version).
create or replace trigger house_rules_turn_the_version after insert or update or delete on house_rules
  for each statement execute function turn_catalogue_version();
