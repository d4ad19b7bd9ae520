-- How staff sign in to the desk: their passwords, codes, links and browsers. Owner: server/staff.
alter table staff add column locale text;

-- Changed only by acts, and by people for themselves, with a line in the log. Argon2id.
create table staff_passwords (
  staff_id integer primary key references staff (id),
  hash text not null,
  changed_at timestamptz not null
);

create table staff_second_factors (
  staff_id integer primary key references staff (id),
  -- The secret of the authenticator app, sealed.
  sealed_secret bytea not null,
  -- Null: no code has shown yet that the app works, so sign-in asks for none.
  confirmed_at timestamptz,
  -- The time step of the newest code that was used: each works once.
  last_step bigint not null default 0
);

create table staff_recovery_codes (
  staff_id integer not null references staff (id),
  hash bytea not null,
  used_at timestamptz,
  primary key (staff_id, hash)
);

-- Links that let their owner choose a password, by the SHA-256 of their token.
create table staff_links (
  token_hash bytea primary key,
  -- Null: asked for with an address that nobody of staff has; it opens nothing.
  staff_id integer references staff (id),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index staff_links_by_owner on staff_links (staff_id);

-- Browsers in which somebody has signed in before, so that a stranger cannot use up their attempts.
create table staff_browsers (
  token_hash bytea primary key,
  staff_id integer not null references staff (id),
  seen_at timestamptz not null
);
create index staff_browsers_by_owner on staff_browsers (staff_id, seen_at);

-- Wrong passwords and codes, kept for a month. An unknown address leaves the same trace as a known one.
create table staff_failures (
  id bigint generated always as identity primary key,
  staff_id integer references staff (id),
  at timestamptz not null,
  what text not null check (what in ('password', 'code')),
  address text not null,
  agent text not null
);
create index staff_failures_by_owner on staff_failures (staff_id, id) where staff_id is not null;

-- Roles whose people must have an authenticator app.
create table roles_with_code (
  -- A role of server/staff/roles.ts.
  role text primary key,
  since timestamptz not null
);
