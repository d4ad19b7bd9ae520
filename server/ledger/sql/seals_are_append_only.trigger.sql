-- A seal pins what a book said: it is never written anew.
create or replace trigger seals_are_append_only before update or delete or truncate on seals
  for each statement execute function refuse_change();
