-- Staff as people of their own, their tokens, and the log of everything that they do. Owner: server/staff.
create table staff (
  id integer generated always as identity primary key,
  email text not null,
  name text not null,
  -- A role of server/staff/roles.ts.
  role text not null,
  created_at timestamptz not null,
  -- Set: none of their tokens is accepted any more.
  ended_at timestamptz
);
create unique index staff_by_email on staff (lower(email));

-- What programs of staff sign in with. A token may do what its owner may.
create table staff_tokens (
  id integer generated always as identity primary key,
  staff_id integer not null references staff (id),
  -- SHA-256 of the token, which is shown once.
  hash bytea not null unique,
  prefix text not null,
  label text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index staff_tokens_by_owner on staff_tokens (staff_id, id);

-- A line an act, written in the act's own transaction. Each line's hash covers the line before, so no line can be changed, left out or
-- put in unseen. The texts are kept as they were hashed, hence json and not jsonb.
create table staff_log (
  -- Without a gap, from 1.
  line bigint primary key,
  at timestamptz not null,
  -- Null: a command on this machine, which has no member of staff.
  staff_id integer references staff (id),
  -- The e-mail address of the member of staff, or the user of the machine, as it was then.
  who text not null,
  via text not null check (via in ('command', 'api', 'page')),
  -- The name of the act, like "account suspend".
  act text not null,
  account_id integer,
  order_id bigint,
  service_id integer,
  supplier_id integer,
  -- What was asked for, and what it changed; secrets are left out.
  input json not null,
  before json,
  after json,
  -- What the act answered; secrets are left out.
  result json not null,
  -- The caller's own name for the request: the same name does it once.
  request_key text,
  hash bytea not null,
  -- The transaction of the act: what a table that only acts may change is checked against at the commit.
  transaction xid8 not null default pg_current_xact_id()
);
create unique index staff_log_by_request on staff_log (coalesce(staff_id, 0), request_key) where request_key is not null;
create index staff_log_by_account on staff_log (account_id, line) where account_id is not null;
create index staff_log_by_order on staff_log (order_id, line) where order_id is not null;
create index staff_log_by_service on staff_log (service_id, line) where service_id is not null;
create index staff_log_by_supplier on staff_log (supplier_id, line) where supplier_id is not null;
create index staff_log_by_staff on staff_log (staff_id, line) where staff_id is not null;

-- Acts that wait for a second person, because they move more than one person may in a day.
create table approvals (
  id integer generated always as identity primary key,
  act text not null,
  input json not null,
  staff_id integer not null references staff (id),
  why text not null,
  asked_at timestamptz not null,
  decided_at timestamptz,
  -- The e-mail address of the member of staff, or the user of the machine.
  decided_by text,
  accepted boolean
);
create index approvals_waiting on approvals (id) where decided_at is null;
