-- Whether an order is a run of a drip-feed, which has paid for it. An order from before there was an origin, to which the nodes have not come yet
-- (server/orders/origins.ts), says it by the text of where its rate came from.
create or replace function is_run(p_origin text, p_rate_source text) returns boolean language sql immutable parallel safe
  return coalesce(p_origin = 'run', p_rate_source like 'run of order %', false);
