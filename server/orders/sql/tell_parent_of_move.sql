-- A child that moved makes its drip-feed stale.
create or replace function tell_parent_of_move() returns trigger language plpgsql as $$
begin
  update drip_feeds d set stale = true from child_orders c where c.order_id = new.id and d.order_id = c.parent_id and not d.stale;
  return null;
end $$;
