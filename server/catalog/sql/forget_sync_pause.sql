-- A state that an operator sets removes the reason for which a sync had disabled the service.
create or replace function forget_sync_pause() returns trigger language plpgsql as $$
begin
  new.sync_pause := null;
  return new;
end $$;
