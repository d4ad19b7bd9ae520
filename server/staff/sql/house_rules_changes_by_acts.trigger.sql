-- No change without a line in the log of staff.
drop trigger if exists house_rules_changes_by_acts on house_rules;
create constraint trigger house_rules_changes_by_acts after insert or update or delete on house_rules
  deferrable initially deferred for each row execute function refuse_what_is_not_logged();
