-- Wakes whoever streams changes. PostgreSQL sends the same notification once per transaction, so a settled batch is one.
-- place_orders() writes no event for what it charges, and so never pays for this.
create or replace function tell_of_change() returns trigger language plpgsql as $$
begin
  perform pg_notify('docket_changes', '');
  return null;
end $$;
