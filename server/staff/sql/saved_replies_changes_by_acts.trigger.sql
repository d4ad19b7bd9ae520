-- No change without a line in the log of staff.
drop trigger if exists saved_replies_changes_by_acts on saved_replies;
create constraint trigger saved_replies_changes_by_acts after insert or update or delete on saved_replies
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
