-- The sums up to a line are a pure function of lines that never change.
create or replace trigger line_sums_are_append_only before update or delete or truncate on line_sums
  for each statement execute function refuse_change();
