-- The first sign of work: In progress, a start count, a delivery, or the completion.
create or replace function has_started(p_status order_status, p_start_count bigint, p_remains bigint, p_quantity bigint) returns boolean
language sql immutable parallel safe return p_status in ('In progress', 'Completed') or p_start_count > 0 or p_remains < p_quantity;
