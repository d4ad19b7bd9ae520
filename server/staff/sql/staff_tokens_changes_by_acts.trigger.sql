-- No change without a line in the log of staff.
drop trigger if exists staff_tokens_changes_by_acts on staff_tokens;
create constraint trigger staff_tokens_changes_by_acts after insert or update or delete on staff_tokens
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
