-- PostgreSQL hands old and new rows only to a trigger of one event, so each kind of change has a trigger of its own.
create or replace trigger the_trail_notes_changed_group_rates after update on group_rates
  referencing old table as old_rows new table as new_rows for each statement execute function note_group_rates();
