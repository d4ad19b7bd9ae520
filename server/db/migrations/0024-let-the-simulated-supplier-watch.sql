-- The simulated supplier offers subscriptions: it finds a post every so often on its clock. Owner: server/suppliers.
create table simulated_subscriptions (
  reference text primary key,
  min bigint not null,
  max bigint not null,
  -- Null: until cancelled or expired.
  posts int,
  delay_minutes int not null,
  expiry date,
  started_at timestamptz not null,
  canceled_at timestamptz
);
