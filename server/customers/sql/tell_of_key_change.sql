-- Every node remembers the keys it has seen, and forgets them when it hears of a change.
create or replace function tell_of_key_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('docket_keys', '');
  return null;
end $$;
