-- No change without a line in the log of staff.
drop trigger if exists roles_with_code_changes_by_acts on roles_with_code;
create constraint trigger roles_with_code_changes_by_acts after insert or update or delete on roles_with_code
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
