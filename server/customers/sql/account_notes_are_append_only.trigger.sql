-- A note that was wrong is answered by another one.
create or replace trigger account_notes_are_append_only before update or delete or truncate on account_notes
  for each statement execute function refuse_change();
