-- No change without a line in the log of staff.
drop trigger if exists account_notes_changes_by_acts on account_notes;
create constraint trigger account_notes_changes_by_acts after insert on account_notes
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
