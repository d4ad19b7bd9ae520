-- Passes a cancel of a drip-feed on to its open runs, and has the drip-feed summed up again.
create or replace function tell_of_cancel() returns trigger language plpgsql as $$
begin
  update drip_feeds d set stale = true where d.order_id = new.id;
  update orders o set cancel_asked_at = new.cancel_asked_at
  from child_orders c where c.parent_id = new.id and o.id = c.order_id and not o.ended and o.cancel_asked_at is null;
  return null;
end $$;
