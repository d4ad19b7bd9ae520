-- Once per statement: a change of many accounts is one call.
create or replace trigger the_trail_notes_discounts after update on accounts
  referencing old table as old_rows new table as new_rows for each statement execute function note_discounts();
