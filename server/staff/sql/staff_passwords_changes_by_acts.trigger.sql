-- No change without a line in the log of staff.
drop trigger if exists staff_passwords_changes_by_acts on staff_passwords;
create constraint trigger staff_passwords_changes_by_acts after insert or update or delete on staff_passwords
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
