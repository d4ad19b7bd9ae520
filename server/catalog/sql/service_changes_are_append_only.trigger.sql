-- Customers read the trail of prices from where they stopped, so none of its rows may change.
create or replace trigger service_changes_are_append_only before update or delete or truncate on service_changes
  for each statement execute function refuse_change();
