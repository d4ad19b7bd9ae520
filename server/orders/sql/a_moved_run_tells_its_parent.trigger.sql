-- Only the runs of drip-feeds, not all orders, pay for this.
create or replace trigger a_moved_run_tells_its_parent after update of status, remains on orders
  for each row when (is_run(new.origin, new.rate_source)) execute function tell_parent_of_move();
