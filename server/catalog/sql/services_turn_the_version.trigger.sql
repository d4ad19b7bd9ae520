-- Orders are priced by services and their rates.
create or replace trigger services_turn_the_version after insert or update or delete on services
  for each statement execute function turn_catalogue_version();
