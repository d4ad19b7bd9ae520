-- Once per statement: a change of many groups is one call.
create or replace trigger the_trail_notes_group_discounts after update on account_groups
  referencing old table as old_rows new table as new_rows for each statement execute function note_group_discounts();
