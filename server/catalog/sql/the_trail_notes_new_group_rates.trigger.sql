-- PostgreSQL hands old and new rows only to a trigger of one event, so each kind of change has a trigger of its own.
create or replace trigger the_trail_notes_new_group_rates after insert on group_rates
  referencing new table as new_rows for each statement execute function note_group_rates();
