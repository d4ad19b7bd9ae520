-- Every node remembers the settings, and reads them again when it hears of a change.
create or replace function tell_of_setting_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('docket_settings', '');
  return null;
end $$;
