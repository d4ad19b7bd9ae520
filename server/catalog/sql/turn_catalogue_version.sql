-- A node prices by the version of the catalogue that it holds; place_orders() refuses an older one, so that no order is ever sold at a price
-- that is no longer asked, on any node. Triggers on everything that a price depends on call this.
create or replace function turn_catalogue_version() returns trigger language plpgsql as $$
begin
  update catalogue set version = version + 1;
  perform pg_notify('docket_catalogue', '');
  return null;
end $$;
