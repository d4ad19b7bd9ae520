-- The log of what staff did is never changed.
create or replace trigger staff_actions_are_append_only before update or delete or truncate on staff_actions
  for each statement execute function refuse_change();
