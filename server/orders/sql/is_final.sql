-- A final status is never left again.
create or replace function is_final(p_status order_status) returns boolean language sql immutable parallel safe
  return p_status in ('Completed', 'Partial', 'Canceled', 'Expired');
