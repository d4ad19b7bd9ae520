-- Copies the status of an ended order into the column that the lists are indexed by (docs/decisions/0014).
create or replace function note_outcome() returns trigger language plpgsql as $$
begin
  new.outcome := new.status;
  return new;
end $$;
