-- Requests counted across processes: each node takes a share of a subject's window at a time (server/api/rate-limit.ts).
-- Unlogged: a crash forgets the counts of one minute, and an order never waits for them.
create unlogged table rate_windows (
  subject text not null,
  starts_at timestamptz not null,
  used bigint not null,
  primary key (subject, starts_at)
) with (fillfactor = 50);
