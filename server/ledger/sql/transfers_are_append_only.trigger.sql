-- No line of a book is ever changed or deleted.
create or replace trigger transfers_are_append_only before update or delete or truncate on transfers
  for each statement execute function refuse_change();
