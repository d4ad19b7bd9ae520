-- The trail of prices is read by customers from where they left off: no line of it changes.
create or replace trigger service_changes_are_append_only before update or delete or truncate on service_changes
  for each statement execute function refuse_change();
