-- The log of an account is evidence, so nobody may change it.
create or replace function refuse_change_of_log() returns trigger language plpgsql as $$
begin
  raise exception 'what was logged never changes' using errcode = 'restrict_violation';
end $$;
