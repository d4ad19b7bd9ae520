-- Raises the version of the catalogue. A node prices by the version that it holds, and place_orders() refuses an older one, so that no
-- node sells an order at an old price. Triggers on everything that a price depends on call this.
create or replace function turn_catalogue_version() returns trigger language plpgsql as $$
begin
  update catalogue set version = version + 1;
  perform pg_notify('docket_catalogue', '');
  return null;
end $$;
