-- No change without a line in the log of staff.
drop trigger if exists staff_keys_changes_by_acts on staff_keys;
create constraint trigger staff_keys_changes_by_acts after insert or update or delete on staff_keys
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
