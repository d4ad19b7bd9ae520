-- No change without a line in the log of staff.
drop trigger if exists staff_changes_by_acts on staff;
create constraint trigger staff_changes_by_acts after insert or update or delete on staff
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
