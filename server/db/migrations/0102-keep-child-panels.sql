-- Panels that this one has sold: each is a Docket of its own with a database of its own on the same server (docs/decisions/0094). Owner: server/children.
create table child_panels (
  id integer generated always as identity primary key,
  -- The customer who owns it: it orders from this account's balance, and its rent is taken from there.
  account_id integer not null references accounts,
  -- The name in the Host header by which its requests are known: small letters, without a port.
  host text not null,
  -- The address of its pages: https://shop.example.
  url text not null,
  name text not null,
  -- Its database and the role that owns it.
  database text not null unique,
  -- The key by which it orders here, sealed until it is in the child's own database.
  key_id integer not null references api_keys,
  sealed_key bytea,
  -- SHA-256 of the last part of a set-up link that is still to be brought into its database.
  setup_hash bytea,
  setup_expires_at timestamptz,
  state text not null,
  -- Why it is suspended.
  why text,
  since timestamptz not null,
  -- Of a closed one: from then on an act may drop its data.
  kept_until timestamptz,
  made_at timestamptz not null,
  -- What a month costs; 0: nothing. Month number n begins n months after rent_from.
  rent bigint not null,
  rent_from timestamptz not null,
  rent_months integer not null default 0,
  rent_due_at timestamptz not null,
  -- The balance did not suffice: until then it is served anyway.
  grace_until timestamptz,
  constraint child_state_is_known check (state in ('making', 'open', 'suspended', 'closed', 'dropping', 'dropped')),
  constraint a_reason_is_of_a_suspension check ((why is not null) = (state = 'suspended')),
  constraint the_reason_is_known check (why in ('rent', 'staff')),
  constraint closed_panels_are_kept check ((kept_until is not null) = (state in ('closed', 'dropping', 'dropped'))),
  constraint rent_is_never_negative check (rent >= 0)
);
create unique index one_panel_per_host on child_panels (host) where state <> 'dropped';
create index child_panels_of_an_account on child_panels (account_id, id);

-- A month of rent that was paid: the primary key is what keeps it from being paid twice. Owner: server/children.
create table child_rents (
  child_id integer not null references child_panels,
  due_at timestamptz not null,
  amount bigint not null,
  book_id integer not null,
  line bigint not null,
  paid_at timestamptz not null,
  primary key (child_id, due_at),
  foreign key (book_id, line) references transfers (book_id, line)
);

-- How a child does, as the node that hosts it saw it last. Owner: server/children.
create table child_health (
  child_id integer primary key references child_panels,
  looked_at timestamptz not null,
  -- Null: it answers.
  fault text,
  version text not null,
  last_order_at timestamptz,
  -- Orders that have not ended; at most 10001 are counted.
  orders_open integer
);

-- The supplier of a child panel is the panel that made it: nobody who works in the child changes where it is reached, or its key.
alter table suppliers add column locked boolean not null default false;

-- Rent is sold, as orders are; the check compares texts, because a value of an enumeration cannot be used in the transaction that adds it.
alter type transfer_cause add value 'rent';
alter table transfers
  drop constraint movement_fits_its_cause,
  add constraint movement_fits_its_cause check (
    case cause
      when 'charge' then taken_from = 'wallet' and given_to = 'sales'
      when 'deposit' then taken_from = 'paid_in' and given_to = 'wallet'
      when 'refund' then taken_from = 'sales' and given_to = 'wallet'
      when 'correction' then taken_from::text || ' ' || given_to::text in ('paid_in wallet', 'wallet paid_in', 'given sales')
      else case cause::text
        when 'compensation' then taken_from::text in ('given', 'sales') and given_to = 'wallet'
        when 'bonus' then taken_from::text || ' ' || given_to::text in ('given wallet', 'wallet given', 'owed given')
        when 'commission' then taken_from::text || ' ' || given_to::text in ('given wallet', 'wallet given', 'owed given')
        when 'reversal' then taken_from::text || ' ' || given_to::text in ('wallet paid_in', 'owed paid_in', 'paid_in wallet')
        when 'payout' then taken_from = 'wallet' and given_to = 'paid_in'
        when 'settlement' then taken_from::text in ('wallet', 'given') and given_to::text = 'owed'
        when 'rent' then taken_from = 'wallet' and given_to = 'sales'
        else false
      end
    end) not valid;
-- An older node, which does not know the cause, can no longer note sums and reports: it says so in its log, and a newer one notes them.
alter table line_sums add column rent bigint not null default 0;
alter table line_sums alter column rent drop default;
alter table money_days add column rent bigint not null default 0;
alter table money_days alter column rent drop default;
