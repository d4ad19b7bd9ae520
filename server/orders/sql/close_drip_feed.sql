-- An ended drip-feed has no more runs to start.
create or replace function close_drip_feed() returns trigger language plpgsql as $$
begin
  update drip_feeds set done = true where order_id = new.id;
  return null;
end $$;
