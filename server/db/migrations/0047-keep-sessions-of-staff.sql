-- Browsers in which staff are signed in to the desk. Owner: server/staff.
create table staff_sessions (
  id bigint generated always as identity primary key,
  -- SHA-256 of the token in the cookie.
  token_hash bytea not null unique,
  staff_id integer not null references staff (id),
  address text not null,
  agent text not null,
  started_at timestamptz not null,
  seen_at timestamptz not null,
  -- When the person last gave password and code.
  proved_at timestamptz not null,
  ends_at timestamptz not null
);
create index staff_sessions_by_person on staff_sessions (staff_id, id);
