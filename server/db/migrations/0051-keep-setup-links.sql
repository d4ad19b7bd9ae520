-- Links that make the first owner, each used once. Owner: server/staff.
create table setup_links (
  -- SHA-256 of what stands in the link.
  hash bytea primary key,
  made_at timestamptz not null,
  expires_at timestamptz not null
);
