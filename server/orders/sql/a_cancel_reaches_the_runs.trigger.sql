-- A customer cancels the drip-feed, not each of its runs.
create or replace trigger a_cancel_reaches_the_runs after update of cancel_asked_at on orders
  for each row when (new.kind = 'drip-feed' and new.cancel_asked_at is not null) execute function tell_of_cancel();
