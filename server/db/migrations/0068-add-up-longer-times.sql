-- Sums of longer times beside those of hours and days, so that a report of a year adds up few rows; and reports that are kept added up while somebody asks
-- for them. Owner: server/reports.

-- What sold_hours has, by day (UTC).
create table sold_days (
  day date not null,
  currency text not null,
  supplier_id int not null,
  orders bigint not null,
  sold bigint not null,
  refunds bigint not null,
  given_back bigint not null,
  cost bigint not null,
  cost_said bigint not null,
  unpriced bigint not null,
  primary key (day, currency, supplier_id)
) with (fillfactor = 70);
insert into sold_days
  select (hour at time zone 'utc')::date, currency, supplier_id, sum(orders), sum(sold), sum(refunds), sum(given_back), sum(cost), sum(cost_said), sum(unpriced)
  from sold_hours group by 1, 2, 3;

-- What service_days and account_days have, by month (UTC), which is told by its first day.
create table service_months (
  month date not null,
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
  primary key (month, currency, service_id, supplier_id)
) with (fillfactor = 70);
create index months_of_a_service on service_months (service_id, month);
insert into service_months
  select date_trunc('month', day)::date, currency, service_id, supplier_id, sum(orders), sum(sold), sum(refunds), sum(given_back), sum(cost), sum(cost_said), sum(unpriced)
  from service_days group by 1, 2, 3, 4;

create table account_months (
  month date not null,
  currency text not null,
  account_id int not null,
  orders bigint not null,
  sold bigint not null,
  refunds bigint not null,
  given_back bigint not null,
  cost bigint not null,
  cost_said bigint not null,
  unpriced bigint not null,
  primary key (month, currency, account_id)
) with (fillfactor = 70);
create index months_of_an_account on account_months (account_id, month);
insert into account_months
  select date_trunc('month', day)::date, currency, account_id, sum(orders), sum(sold), sum(refunds), sum(given_back), sum(cost), sum(cost_said), sum(unpriced)
  from account_days group by 1, 2, 3;

-- Large reports that somebody has asked for lately, as they stood when everything before `counted_at` was in the sums; null: not added up yet.
create table kept_reports (
  id int generated always as identity primary key,
  -- What was asked for, as JSON: with its days, or with the number of days up to today.
  asked text not null unique,
  asked_at timestamptz not null,
  -- The days that were added up.
  from_day date,
  to_day date,
  counted_at timestamptz
);
create table kept_report_rows (
  report_id int not null references kept_reports on delete cascade,
  -- What the row is: the number of a service or an account, or the name of a category.
  key text not null,
  currency text not null,
  orders bigint not null,
  sold bigint not null,
  refunds bigint not null,
  given_back bigint not null,
  cost bigint not null,
  cost_said bigint not null,
  unpriced bigint not null,
  primary key (report_id, currency, key)
);
