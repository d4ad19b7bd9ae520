-- Runs in the same commit, whatever ends the drip-feed.
create or replace trigger an_ended_drip_feed_starts_no_run after update of ended on orders
  for each row when (new.kind = 'drip-feed' and new.ended) execute function close_drip_feed();
