-- What staff write down about an account. Customers never see it. Owner: server/customers.
create table account_notes (
  id bigint generated always as identity primary key,
  account_id integer not null references accounts (id),
  at timestamptz not null,
  -- The e-mail address of the member of staff, or the user of the machine.
  who text not null,
  note text not null constraint a_note_says_something check (note <> '')
);
create index notes_of_an_account on account_notes (account_id, id);

-- Members of staff who look at the pages of a customer, and can do nothing there. Owner: server/staff.
create table account_views (
  id bigint generated always as identity primary key,
  account_id integer not null references accounts (id),
  -- Null: somebody with a shell on the machine.
  staff_id integer references staff (id),
  who text not null,
  reason text not null,
  -- SHA-256: of the link until it is opened, of the cookie from then on.
  token_hash bytea not null unique,
  started_at timestamptz not null,
  opened_at timestamptz,
  ends_at timestamptz not null
);

-- The words of an address, each found by its beginning: "anna@shop.example" by "ann", by "shop" and by "example". Stored, because reading the words
-- anew for each row costs more than the rest of a search.
alter table accounts add column words tsvector
  generated always as (to_tsvector('simple'::regconfig, translate(lower(email), '@._+-', '     '))) stored;
alter table users add column words tsvector
  generated always as (to_tsvector('simple'::regconfig, translate(lower(email), '@._+-', '     '))) stored;
create index accounts_by_words on accounts using gin (words);
create index people_by_words on users using gin (words);
create index suspended_accounts on accounts (id) where suspended_at is not null;
-- What staff moved by hand, by day.
create index staff_log_of_money on staff_log (at, line) where act in ('fund', 'account add', 'approval accept');
