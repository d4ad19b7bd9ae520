-- What an account's keys order and call, a row a day. Owners: key_days and usage_cursors are server/orders', the others server/customers'.

-- Added up from the lines of the books, behind the commits: placing an order pays nothing for it.
create table key_days (
  key_id int not null,
  -- UTC, like the day of a daily cap.
  day date not null,
  -- Those that were charged; what costs nothing (a run, a subscription itself) leaves no line.
  orders int not null default 0,
  charged bigint not null default 0,
  -- Refunds and compensations that fell on this day, whenever the order was placed.
  refunds int not null default 0,
  refunded bigint not null default 0,
  -- Its newest orders of the day, newest first: as many as a page shows.
  newest bigint[] not null default '{}',
  primary key (key_id, day)
) with (fillfactor = 70);

-- Up to which line a book is added up. Its row lock lets two nodes add up one after the other.
create table usage_cursors (
  book_id int primary key references books,
  line bigint not null
) with (fillfactor = 50);

-- Calls by what came of them: counted in a node's memory and written once a minute, so that no request writes anything.
create table key_calls (
  key_id int not null references api_keys,
  day date not null,
  action text not null,
  -- ok, or the code of the refusal.
  outcome text not null,
  calls bigint not null,
  last_at timestamptz not null,
  primary key (key_id, day, action, outcome)
) with (fillfactor = 70);
create index key_calls_by_day on key_calls (day);

-- The form of the page that asked for a key: sent twice, it is one key.
alter table api_keys add column form text;
create unique index one_key_a_form on api_keys (account_id, form) where form is not null;
