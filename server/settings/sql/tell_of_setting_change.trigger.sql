-- A change takes effect on every node without a restart.
create or replace trigger tell_of_setting_change after insert or update or delete on settings
  for each statement execute function tell_of_setting_change();
