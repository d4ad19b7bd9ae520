-- Whether an order is a run of a drip-feed, which has paid for it. For an old order without an origin, which the nodes have not converted yet
-- (server/orders/origins.ts), the text of its rate source decides.
create or replace function is_run(p_origin text, p_rate_source text) returns boolean language sql immutable parallel safe
  return coalesce(p_origin = 'run', p_rate_source like 'run of order %', false);
