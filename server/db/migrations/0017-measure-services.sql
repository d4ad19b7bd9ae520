-- How often a service refills, and how long it really takes. Owner: server/catalog.

-- Refills that an order of it gets; null: no limit. Those that were rejected do not count.
alter table services
  add column refill_count int,
  add constraint refill_count_is_positive check (refill_count between 1 and 10000);

-- In seconds from placement, of its newest completed orders; null where there were too few. Beside the services, not in them: a time
-- that was measured again is no change of the catalogue, and turns no price.
create table service_times (
  service_id int primary key references services on delete cascade,
  start_median bigint,
  start_p95 bigint,
  finish_median bigint,
  finish_p95 bigint,
  -- The newest completed order when it was measured.
  newest_at timestamptz not null,
  measured_at timestamptz not null,
  constraint measured_together check (
    num_nulls(start_median, start_p95, finish_median, finish_p95) in (0, 4) and start_median <= start_p95 and finish_median <= finish_p95)
);

-- A new order is not in it: placing pays nothing. Runs and posts are orders like any; their parents take as long as was asked for.
create index completed_orders_of_a_service on orders (service_id, ended_at)
  where status = 'Completed' and kind = 'single' and started_at is not null;
