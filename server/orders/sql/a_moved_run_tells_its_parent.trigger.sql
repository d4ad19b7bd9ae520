-- Only the runs of drip-feeds, not all orders, pay for this.
create or replace trigger a_moved_run_tells_its_parent after update of status, remains on orders
  for each row when (new.rate_source like 'run of order %') execute function tell_parent_of_move();
