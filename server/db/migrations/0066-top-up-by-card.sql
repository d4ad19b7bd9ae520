-- Automatic top-up: a card that the customer let the gateway keep, charged when the balance falls below a limit, never above a sum per day. Owner: server/payments.

create table saved_cards (
  account_id int primary key references accounts,
  method_id int not null references payment_methods,
  -- The gateway's name for the card, which is of use with our key only.
  card_id text not null,
  -- For people, like `visa 4242`.
  label text not null,
  kept_at timestamptz not null
);

create table top_ups (
  account_id int primary key references accounts,
  book_id int not null references books,
  below bigint not null,
  amount bigint not null,
  most_per_day bigint not null,
  is_on boolean not null default false,
  -- Numbers the charges, so that two nodes never make one twice.
  count int not null default 0,
  -- Refused charges in a row, and the last reason.
  failures int not null default 0,
  words text,
  changed_at timestamptz not null,
  constraint top_up_is_of_something check (below > 0 and amount > 0 and most_per_day >= amount)
);
create index top_ups_on on top_ups (book_id) where is_on;

-- The customer agreed that the gateway keeps the card of this payment.
alter table payments add column keeps_card boolean not null default false;
