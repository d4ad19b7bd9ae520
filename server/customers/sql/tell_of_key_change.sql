-- Every node keeps the keys it has seen; it drops them when it hears of a change.
create or replace function tell_of_key_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('docket_keys', '');
  return null;
end $$;
