-- PostgreSQL hands old and new rows only to a trigger of one event, so each kind of change has a trigger of its own.
create or replace trigger the_trail_notes_new_services after insert on services
  referencing new table as new_rows for each statement execute function note_services();
