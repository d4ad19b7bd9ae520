-- One change of many orders, asked for by staff and worked off order by order. Owner: server/jobs.
create table jobs (
  id bigint generated always as identity primary key,
  -- The act that is done to each order, and its fields but for the order.
  act text not null,
  input json not null,
  -- As in staff_log: whoever asked for it.
  staff_id integer references staff (id),
  who text not null,
  via text not null,
  made_at timestamptz not null,
  -- When a node last worked on it: another one takes over when that is long ago.
  worked_at timestamptz,
  -- Somebody wants it to end early.
  stop_asked_by text,
  ended_at timestamptz,
  -- Why it ended before its last order; null: it did not.
  why_ended text
);
create index jobs_under_way on jobs (id) where ended_at is null;

-- The orders of a job as they were chosen when it was made, and what came of each.
create table job_orders (
  job_id bigint not null references jobs (id),
  order_id bigint not null,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'refused')),
  -- What the act said, or why it was refused.
  words text,
  -- Its line in the log of staff.
  line bigint,
  given_back bigint,
  currency text,
  at timestamptz,
  primary key (job_id, order_id)
);
create index job_orders_waiting on job_orders (job_id, order_id) where state = 'waiting';
