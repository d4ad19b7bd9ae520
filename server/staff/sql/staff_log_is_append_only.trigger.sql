-- What staff did stays told.
create or replace trigger staff_log_is_append_only before update or delete or truncate on staff_log
  for each statement execute function refuse_change();
