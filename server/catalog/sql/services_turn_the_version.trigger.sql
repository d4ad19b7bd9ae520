-- Services and their rates are what orders are priced by.
create or replace trigger services_turn_the_version after insert or update or delete on services
  for each statement execute function turn_catalogue_version();
