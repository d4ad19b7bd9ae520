-- No change without a line in the log of staff.
drop trigger if exists approvals_changes_by_acts on approvals;
create constraint trigger approvals_changes_by_acts after insert or update or delete on approvals
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
