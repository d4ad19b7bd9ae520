-- Where the API of a panel is that was moved in without the keys of its resellers. A reseller who gives the old key is asked for there, about an order that
-- is theirs, before its hash is kept (docs/decisions/0072).
create table old_panels (
  name text not null,
  url text not null,
  private_network boolean not null default false,
  added_at timestamptz not null,
  constraint old_panels_pkey primary key (name)
);
