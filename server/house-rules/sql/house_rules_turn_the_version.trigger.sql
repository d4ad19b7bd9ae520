-- Rules are part of what a node sells by: no order commits by rules that are not the newest (see turn_catalogue_version).
create or replace trigger house_rules_turn_the_version after insert or update or delete on house_rules
  for each statement execute function turn_catalogue_version();
