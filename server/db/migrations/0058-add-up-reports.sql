-- What was sold, what it cost and what was given back, added up from the lines of the books behind the commits: placing an order pays nothing for it.
-- Play money is left out. Hours and days are UTC. Owner: server/reports.

-- Up to where each book is added up: its lines, and the changes of its feed.
create table report_cursors (
  book_id int primary key references books,
  line bigint not null default 0,
  change bigint not null default 0
) with (fillfactor = 50);

-- One row: everything that was committed before `counted_at` is in the sums.
create table report_state (
  only_one boolean primary key default true constraint there_is_one_state check (only_one),
  counted_at timestamptz
);
insert into report_state default values;

-- What is expected of each charged order until it ends, so that what it did cost can take its place.
create table costs_under_way (
  order_id bigint primary key,
  hour timestamptz not null,
  supplier_id int not null,
  -- Null: nobody knows what its supplier takes.
  cost bigint
);

-- The columns of the three tables below: `sold` and `orders` fall on the hour of the charge, `given_back` and `refunds` on the hour in which they were
-- booked. `cost` falls on the hour of the charge: what the supplier's listed rate comes to, until the order ends; then what the supplier said that it
-- took (`cost_said`), or the listed rate for what was delivered. `unpriced` counts the orders for which neither is known. Supplier 0 is none.
create table sold_hours (
  hour timestamptz not null,
  currency text not null,
  supplier_id int not null,
  orders bigint not null,
  sold bigint not null,
  refunds bigint not null,
  given_back bigint not null,
  cost bigint not null,
  cost_said bigint not null,
  unpriced bigint not null,
  primary key (hour, currency, supplier_id)
) with (fillfactor = 70);

create table service_days (
  day date not null,
  currency text not null,
  service_id int not null,
  supplier_id int not null,
  orders bigint not null,
  sold bigint not null,
  refunds bigint not null,
  given_back bigint not null,
  cost bigint not null,
  cost_said bigint not null,
  unpriced bigint not null,
  primary key (day, currency, service_id, supplier_id)
) with (fillfactor = 70);
create index days_of_a_service on service_days (service_id, day);

create table account_days (
  day date not null,
  currency text not null,
  account_id int not null,
  orders bigint not null,
  sold bigint not null,
  refunds bigint not null,
  given_back bigint not null,
  cost bigint not null,
  cost_said bigint not null,
  unpriced bigint not null,
  primary key (day, currency, account_id)
) with (fillfactor = 70);
create index days_of_an_account on account_days (account_id, day);

-- How each day changed what is owed to all customers, by cause: the sum of all days up to one is what was owed at its end.
create table money_days (
  day date not null,
  currency text not null,
  deposit bigint not null,
  charge bigint not null,
  refund bigint not null,
  compensation bigint not null,
  correction bigint not null,
  primary key (day, currency)
) with (fillfactor = 70);
