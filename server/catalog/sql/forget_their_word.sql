-- A new binding names the supplier's service, so the values noted for the previous one are removed.
create or replace function forget_their_word() returns trigger language plpgsql as $$
begin
  new.their_type := null; new.their_min := null; new.their_max := null;
  new.their_dripfeed := null; new.their_refill := null; new.their_cancel := null; new.gone_at := null;
  return new;
end $$;
