-- Wakes the streams of changes. PostgreSQL sends the same notification once per transaction, so a settled batch sends one. place_orders() writes no
-- event for its charges, and so never has this cost.
create or replace function tell_of_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('docket_changes', '');
  return null;
end $$;
