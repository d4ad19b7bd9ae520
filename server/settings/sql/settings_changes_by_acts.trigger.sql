-- No change without a line in the log of staff.
drop trigger if exists settings_changes_by_acts on settings;
create constraint trigger settings_changes_by_acts after insert or update or delete on settings
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
