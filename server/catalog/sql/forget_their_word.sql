-- Binding it says which of their services it is: what was noted of the one before is forgotten.
create or replace function forget_their_word() returns trigger language plpgsql as $$
begin
  new.their_type := null; new.their_min := null; new.their_max := null;
  new.their_dripfeed := null; new.their_refill := null; new.their_cancel := null; new.gone_at := null;
  return new;
end $$;
