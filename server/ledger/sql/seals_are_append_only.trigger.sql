-- A seal proves the content of a book, so it is never changed.
create or replace trigger seals_are_append_only before update or delete or truncate on seals
  for each statement execute function refuse_change();
