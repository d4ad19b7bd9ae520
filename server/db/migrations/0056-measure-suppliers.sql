-- How suppliers do: whether they answer, our balance there, and what came of the orders that they were handed.
-- Owners: supplier_hours, supplier_standings and supplier_balances are server/suppliers', the others server/fulfilment's.

-- Calls to a supplier: counted in a node's memory and written once a minute, so that no call waits for a statement.
create table supplier_hours (
  supplier_id int not null references suppliers on delete cascade,
  hour timestamptz not null,
  calls bigint not null,
  -- Calls without an answer that could be read.
  failures bigint not null,
  -- All calls together, and the slowest one.
  ms bigint not null,
  slowest int not null,
  primary key (supplier_id, hour)
) with (fillfactor = 70);

-- How a supplier stands now. A row exists from its first call on.
create table supplier_standings (
  supplier_id int primary key references suppliers on delete cascade,
  -- Whether the last call was answered, since when that is so, and the words of the last failure; null: not called yet.
  answers boolean,
  since timestamptz,
  asked_at timestamptz,
  failure text,
  -- Our balance there, in its currency. The row with the earliest due_at is asked for next.
  balance numeric,
  currency text,
  balance_at timestamptz,
  due_at timestamptz
) with (fillfactor = 70);

-- The last balance of each hour, and how far it fell within the hour: what it rose by was paid in, and is no spending.
create table supplier_balances (
  supplier_id int not null references suppliers on delete cascade,
  hour timestamptz not null,
  balance numeric not null,
  spent numeric not null,
  primary key (supplier_id, hour)
) with (fillfactor = 70);

-- Below this balance staff get an alert; null: they do not.
alter table suppliers add column balance_low numeric constraint balance_low_is_an_amount check (balance_low >= 0 and balance_low < 1e12);

-- Up to which change the feed of a book is added up for suppliers.
create table supplier_cursors (
  book_id int primary key references books,
  change bigint not null
) with (fillfactor = 50);
-- Orders that ended before there were measures are not added up: a panel may have millions of them.
insert into supplier_cursors select book_id, changes from feeds;

-- Orders by the day (UTC) on which they ended. Orders of test keys are left out.
create table supplier_days (
  supplier_id int not null,
  day date not null,
  orders int not null,
  completed int not null,
  partial int not null,
  canceled int not null,
  primary key (supplier_id, day)
) with (fillfactor = 70);

-- What a supplier makes of a service: all orders that ended, and the figures of the newest hundred. Seconds from the placing of an order.
create table supplier_services (
  supplier_id int not null,
  service_id int not null,
  orders bigint not null,
  completed bigint not null,
  partial bigint not null,
  canceled bigint not null,
  recent int not null,
  recent_partial int not null,
  recent_canceled int not null,
  -- Null: too few completed orders to say.
  start_median int,
  start_p95 int,
  finish_median int,
  finish_p95 int,
  newest_at timestamptz not null,
  primary key (supplier_id, service_id)
) with (fillfactor = 70);
create index measures_of_a_service on supplier_services (service_id, supplier_id);

-- The newest hundred orders behind those figures, newest first. A table of its own, so that pages read narrow rows.
create table supplier_samples (
  supplier_id int not null,
  service_id int not null,
  -- One letter per order: C completed, P partial, X cancelled.
  outcomes text not null,
  -- Seconds, of completed orders only.
  starts int[] not null,
  finishes int[] not null,
  primary key (supplier_id, service_id)
) with (fillfactor = 50);
